//! Messages that are encrypted with age.

use ::age::{encrypt, encrypt_and_armor, x25519};

use super::*;
use crate::age::{Identity, generate as new_identity, read_identities};

fn keys() -> (Vec<Identity>, x25519::Recipient) {
    let (identity, recipient) = new_identity();
    (read_identities(&identity).unwrap(), recipient.parse().unwrap())
}

fn read_with(mail: &str, age: &[Identity]) -> Reading {
    read(mail.as_bytes(), Keys { pgp: &Keyring::new([], &crate::pgp::keyring::Nobody), age }, now())
}

#[test]
fn a_whole_age_message_is_encrypted_and_unsigned() {
    let (ours, recipient) = keys();
    let armored = encrypt_and_armor(&recipient, b"It reads past the end.\n").unwrap();
    let base64 = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(&armored)
    };
    let encoded = format!("Content-Transfer-Encoding: base64\n\n{base64}");
    for body in [format!("\n{armored}"), format!("\n\n{armored}\n\n").replace('\n', "\r\n"), encoded] {
        let reading = read_with(&mail("mara@example.net", &body), &ours);
        assert_eq!(status(&reading), (Encryption::Whole, SignatureStatus::None));
        assert_eq!(reading.content.text.trim(), "It reads past the end.");
        let verdict = &reading.content.verdict;
        assert_eq!(verdict.encryption_detail.as_deref(), Some("age, X25519 and ChaCha20-Poly1305"));
        assert_eq!(verdict.opened_with, Some(recipient.to_string()));
        assert_eq!(verdict.coverage.as_deref(), Some("the whole message"));
    }
}

#[test]
fn without_the_identity_it_says_so() {
    let (_, recipient) = keys();
    let (others, _) = keys();
    let armored = encrypt_and_armor(&recipient, b"secret").unwrap();
    for age in [&others[..], &[]] {
        let reading = read_with(&mail("mara@example.net", &format!("\n{armored}")), age);
        assert_eq!(status(&reading), (Encryption::Failed, SignatureStatus::None));
        let words =
            "encrypted with age to a key that we do not hold; import the identity with `ninety key import`";
        assert_eq!(reading.content.verdict.encryption_detail.as_deref(), Some(words));
        assert!(!reading.content.text.contains("secret"));
    }
    // Altered: no text, and the reason.
    let armored = encrypt_and_armor(&recipient, &[b'x'; 300]).unwrap();
    let cut: String = armored
        .lines()
        .filter(|line| !line.is_empty())
        .enumerate()
        .filter(|(at, _)| *at != 6)
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    let reading = read_with(&mail("mara@example.net", &format!("\n{cut}")), &others);
    assert_eq!(status(&reading).0, Encryption::Failed);
}

#[test]
fn age_amid_text_and_as_a_file_is_framed() {
    let (ours, recipient) = keys();
    let armored = encrypt_and_armor(&recipient, b"inside").unwrap();
    let reading = read_with(&mail("mara@example.net", &format!("\nbefore\n{armored}after\n")), &ours);
    assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::None));
    assert_eq!(reading.content.text, format!("before\n{FRAME_START}\ninside\n{FRAME_END}\nafter\n"));

    let file = |bytes: &[u8]| {
        use base64::Engine as _;
        format!(
            "Content-Type: multipart/mixed; boundary=m\n\n--m\n\nsee the file\n--m\n\
             Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=poc.py.age\n\
             Content-Transfer-Encoding: base64\n\n{}\n--m--\n",
            base64::engine::general_purpose::STANDARD.encode(bytes)
        )
    };
    for bytes in
        [encrypt(&recipient, b"print()").unwrap(), encrypt_and_armor(&recipient, b"print()").unwrap().into()]
    {
        let reading = read_with(&mail("mara@example.net", &file(&bytes)), &ours);
        assert_eq!(status(&reading).0, Encryption::Partial);
        assert!(reading.content.text.contains(&format!("{FRAME_START}\nprint()\n{FRAME_END}")));
        assert_eq!(reading.content.attachments[0].name, "poc.py");
    }
}

#[test]
fn hidden_age_is_not_quoted() {
    let (ours, recipient) = keys();
    let armored = encrypt_and_armor(&recipient, b"the embargo ends on Friday").unwrap();
    let raw = mail("eve@example.com", &format!("\nwhat's up?\n{}{armored}", "\n".repeat(100)));
    assert!(read_with(&raw, &ours).content.text.contains("embargo"));
    let keys = Keys { pgp: &Keyring::new([], &crate::pgp::keyring::Nobody), age: &ours };
    assert_eq!(quotable(raw.as_bytes(), keys, now()).text, None);
    let whole = mail("mara@example.net", &format!("\n{armored}"));
    assert_eq!(quotable(whole.as_bytes(), keys, now()).text.unwrap().trim(), "the embargo ends on Friday");
}
