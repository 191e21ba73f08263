//! age files: good, foreign, altered, and made to exhaust.

use std::io::Write as _;
use std::time::{Duration, Instant};

use ::age::{Encryptor, encrypt, encrypt_and_armor};

use super::*;

fn key() -> (Vec<Identity>, x25519::Recipient) {
    let (identity, recipient) = generate();
    (read_identities(&identity).unwrap(), recipient.parse().unwrap())
}

#[test]
fn a_new_identity_opens_what_is_encrypted_to_it() {
    let (identity, recipient) = generate();
    assert_eq!(recipient_of(&identity).unwrap(), recipient);
    let identities = read_identities(&identity).unwrap();
    assert!(!format!("{identities:?} {identity:?}").contains("SECRET"));
    let to: x25519::Recipient = recipient.parse().unwrap();
    for length in [0, 1, 65_536, 200_000] {
        let text = vec![b'x'; length];
        let opened = decrypt(&encrypt(&to, &text).unwrap(), &identities).unwrap();
        assert_eq!((opened.plaintext, &opened.recipient), (text.clone(), &recipient));
        let armored = encrypt_and_armor(&to, &text).unwrap();
        for armored in [armored.clone(), armored.replace('\n', "\r\n"), format!("\n{armored}\n\n")] {
            assert!(is_encrypted(armored.as_bytes()));
            assert_eq!(decrypt(armored.as_bytes(), &identities).unwrap().plaintext, text);
        }
    }
}

#[test]
fn identity_files_are_read_as_age_keygen_writes_them() {
    let (one, _) = generate();
    let (two, _) = generate();
    let line = |key: &Protected| String::from_utf8(key.to_vec()).unwrap();
    let file = format!("# created: today\n# public key: age1x\n{}\n\r\n  {}  \n", line(&one), line(&two));
    assert_eq!(read_identities(file.as_bytes()).unwrap().len(), 2);
    for wrong in
        ["", "# nothing\n", "AGE-SECRET-KEY-1QQQ", "hello", "AGE-PLUGIN-YUBIKEY-1Q", &"#\n".repeat(40_000)]
    {
        assert!(read_identities(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert!(read_identities(line(&one).to_lowercase().as_bytes()).is_ok());
    assert!(read_identities(b"\xff").is_err());
}

#[test]
fn what_we_cannot_open_says_why() {
    let (_, recipient) = key();
    let (others, _) = key();
    let file = encrypt(&recipient, b"text").unwrap();
    assert_eq!(decrypt(&file, &others).unwrap_err(), AgeFailure::NoIdentity);
    assert_eq!(decrypt(&file, &[]).unwrap_err(), AgeFailure::NoIdentity);
    let words = AgeFailure::NoIdentity.to_string();
    assert!(words.contains("a key that we do not hold; import the identity with `ninety key import`"));

    let mut by_passphrase = Vec::new();
    let encryptor = Encryptor::with_user_passphrase("swordfish".to_owned().into());
    let mut writer = encryptor.wrap_output(&mut by_passphrase).unwrap();
    writer.write_all(b"text").unwrap();
    writer.finish().unwrap();
    let before = Instant::now();
    assert_eq!(decrypt(&by_passphrase, &others).unwrap_err(), AgeFailure::Passphrase);
    assert!(before.elapsed() < Duration::from_millis(500));

    let header = |kind: &str| [MAGIC, format!("-> {kind} abc\nAAAA\n--- AAAA\n").as_bytes()].concat();
    for kind in ["ssh-ed25519", "piv-p256", "mlkem768x25519"] {
        let failure = decrypt(&header(kind), &others).unwrap_err();
        assert_eq!(failure, AgeFailure::OtherKinds(kind.to_owned()));
    }
}

#[test]
fn an_altered_file_gives_no_text() {
    let (identities, recipient) = key();
    let file = encrypt(&recipient, &vec![b'x'; 70_000]).unwrap();
    for at in (0..file.len()).step_by(331).chain([file.len() - 1]) {
        let mut altered = file.clone();
        altered[at] ^= 1;
        assert!(decrypt(&altered, &identities).is_err(), "byte {at}");
        assert!(decrypt(&file[..at], &identities).is_err(), "cut at {at}");
    }
    assert!(decrypt(&[&file[..], b"x"].concat(), &identities).is_err());
}

#[test]
fn ten_thousand_recipients_are_refused_at_once() {
    let (identities, _) = key();
    let stanza = format!("-> X25519 {}\n{}\n", "A".repeat(43), "A".repeat(43));
    let file = [MAGIC, stanza.repeat(10_000).as_bytes(), b"--- ", "A".repeat(43).as_bytes(), b"\n"].concat();
    let before = Instant::now();
    assert_eq!(decrypt(&file, &identities).unwrap_err(), AgeFailure::TooMuchWork);
    // The most that is let through, with many lines to each recipient.
    let long = format!("-> x y\n{}A\n", format!("{}\n", "A".repeat(64)).repeat(13));
    let (long, mac) = (long.repeat(60), "A".repeat(43));
    let file = [MAGIC, stanza.as_bytes(), long.as_bytes(), b"--- ", mac.as_bytes(), b"\n"];
    assert!(decrypt(&file.concat(), &identities).is_err());
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
}

#[test]
fn armored_files_are_found_in_text() {
    let (_, recipient) = key();
    let armored = encrypt_and_armor(&recipient, b"text").unwrap();
    let text = format!("hello\r\n{armored}bye\n > -----BEGIN AGE ENCRYPTED FILE-----\n");
    let [range] = &super::armored(text.as_bytes())[..] else { panic!("not one") };
    assert_eq!(&text[range.clone()], armored.trim_end());
}
