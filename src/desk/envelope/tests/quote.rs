//! Mails in the manner of "Re: What's up Johnny?": an encrypted message that
//! was meant for us, hidden in a mail of Eve's in the hope of an answer.

use super::*;

const SECRET: &str = "the embargo ends on Friday";

impl Case {
    fn quote(&self, mail: &str) -> Option<String> {
        quotable(mail.as_bytes(), Keys { pgp: &Keyring::new([&*self.team], self), age: &[] }, now()).text
    }
}

fn from_eve(body: &str) -> String {
    mail("eve@example.com", body)
}

fn mixed(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--m\n{part}\n")).collect();
    format!("Content-Type: multipart/mixed; boundary=m\n\n{parts}--m--\n")
}

/// Bodies with Eve's words and, somewhere, the message that Mara sent to the team.
fn traps(case: &Case) -> Vec<String> {
    let stolen = case.encrypt(SECRET, Some(&case.mara));
    let mime =
        pgp_mime("encrypted", "", &case.encrypt(&format!("Content-Type: text/plain\n\n{SECRET}"), None));
    let quoted: String = stolen.lines().map(|line| format!("> {line}\n")).collect();
    let entities: String = stolen.chars().map(|c| format!("&#{};", u32::from(c))).collect();
    let words = "Content-Type: text/plain\n\nwhat's up?";
    let attached = "Content-Type: application/octet-stream; name=notes.txt.pgp\n\
                    Content-Disposition: attachment\n\n";
    vec![
        mixed(&[words, &mime]),
        mixed(&[words, &format!("Content-Type: message/rfc822\n\nFrom: eve@example.com\n{mime}")]),
        mixed(&[words, &format!("Content-Type: text/plain\n\n{stolen}")]),
        mixed(&[words, &format!("{attached}{stolen}")]),
        format!("Content-Type: text/plain\n\nwhat's up?\n{}\n{stolen}", "\n".repeat(200)),
        format!("Content-Type: text/plain\n\nwhat's up?\n{quoted}"),
        format!("Content-Type: text/html\n\n<p>what's up?</p><pre style='display:none'>{stolen}</pre>"),
        format!("Content-Type: text/html\n\n<p>what's up?</p><pre style='color:#fff'>{entities}</pre>"),
        format!(
            "Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n{stolen}\n\
             --a\nContent-Type: text/html\n\n<p>what's up?</p>\n--a--\n"
        ),
    ]
}

#[test]
fn a_hidden_encrypted_part_never_ends_in_the_quote() {
    let case = Case::new();
    for body in traps(&case) {
        let open = from_eve(&body);
        assert!(case.read(&open).content.verdict.encryption == Encryption::Partial, "{body}");
        assert_eq!(case.quote(&open), None, "{body}");

        // Signed or encrypted by Eve as a whole, her own words may be quoted and nothing else.
        let signed = from_eve(&case.signed_part(body.trim_end(), &case.eve));
        assert_eq!(case.read(&signed).content.verdict.signature.status, SignatureStatus::Verified);
        let wrapped = from_eve(&pgp_mime("encrypted", "", &case.encrypt(&body, Some(&case.eve))));
        for mail in [signed, wrapped] {
            let quote = case.quote(&mail).unwrap_or_default();
            assert!(!quote.contains("embargo"), "{body}\n{quote}");
            assert!(!quote.contains("BEGIN PGP MESSAGE"), "{body}\n{quote}");
        }
    }
}

#[test]
fn the_traps_would_spring_when_read() {
    let case = Case::new();
    let sprung =
        traps(&case).iter().filter(|body| case.read(&from_eve(body)).content.text.contains(SECRET)).count();
    assert_eq!(sprung, 9);
}

#[test]
fn what_was_protected_as_a_whole_is_quoted() {
    let case = Case::new();
    let encrypted = from_eve(&pgp_mime("encrypted", "", &case.encrypt(PROTECTED, None)));
    assert_eq!(case.quote(&encrypted).unwrap().trim(), "It reads past the end.");
    let inline = from_eve(&format!("\n{}", case.encrypt("inline words", None)));
    assert_eq!(case.quote(&inline).unwrap().trim(), "inline words");
    let signed = from_eve(&case.signed_part("Content-Type: text/plain\n\nsigned words", &case.eve));
    assert_eq!(case.quote(&signed).unwrap().trim(), "signed words");
}

#[test]
fn plain_mail_is_quoted_as_it_was_seen() {
    let case = Case::new();
    assert_eq!(case.quote(&from_eve("\nhello\n")).unwrap(), "hello\n");
    let html = "Content-Type: text/html\n\n<p>seen</p><p style='display:none'>unseen</p>";
    assert_eq!(case.quote(&from_eve(html)).unwrap(), "seen");
    assert_eq!(case.quote(&from_eve("\n \n")), None);
}

#[test]
fn what_does_not_open_is_not_quoted() {
    let case = Case::new();
    let armored = case.encrypt(PROTECTED, None);
    let locked = from_eve(&pgp_mime("encrypted", "", &armored));
    let nobody = Keyring::new([], &case);
    assert_eq!(quotable(locked.as_bytes(), Keys { pgp: &nobody, age: &[] }, now()).text, None);
    let smime = "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\nMIIB\n";
    assert_eq!(case.quote(&from_eve(&mixed(&["Content-Type: text/plain\n\nhello", smime]))), None);
}
