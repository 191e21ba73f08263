//! Mail as honest senders, gateways and forgers make it.

mod age;
mod brought;
mod gaps;
mod quote;

use super::*;
use crate::pgp::cert::{self, generate};
use crate::pgp::compose::{SigningKey, encrypt_signed, sign_cleartext, sign_detached};
use crate::pgp::{KnownCerts, Protected};
use crate::triage::message::{Encryption, SignatureStatus, Verdict};

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

const DATE: &str = "Date: Mon, 23 Nov 2026 12:00:10 +0000\n";

struct Case {
    team: Protected,
    mara: Protected,
    eve: Protected,
}

impl KnownCerts for Case {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        let certs = [&self.mara, &self.eve].map(|key| cert::read(key, now()).unwrap().found.remove(0));
        let named = certs.into_iter().filter(|found| found.handles.iter().any(|own| own == handle));
        named.map(|found| found.public).collect()
    }
}

impl Case {
    fn new() -> Self {
        let key = |name: &str, email: &str| generate(name, email, now()).unwrap();
        Self {
            team: key("Team", "security@example.org"),
            mara: key("Mara", "mara@example.net"),
            eve: key("Eve", "eve@example.com"),
        }
    }

    fn read(&self, mail: &str) -> Reading {
        read(mail.as_bytes(), Keys { pgp: &Keyring::new([&*self.team], self), age: &[] }, now())
    }

    fn attachment(&self, mail: &str, number: usize) -> Option<Vec<u8>> {
        let keyring = Keyring::new([&*self.team], self);
        attachment(mail.as_bytes(), Keys { pgp: &keyring, age: &[] }, now(), number)
    }

    fn encrypt(&self, text: &str, signer: Option<&Protected>) -> String {
        let team = cert::read(&self.team, now()).unwrap().found.remove(0).public;
        let armored =
            encrypt_signed(text.as_bytes(), &[&team], signer.map(|key| SigningKey::Here(key)), now())
                .unwrap();
        String::from_utf8(armored).unwrap()
    }

    fn signed_part(&self, part: &str, signer: &Protected) -> String {
        let data = part.replace('\n', "\r\n");
        let signature =
            String::from_utf8(sign_detached(data.as_bytes(), SigningKey::Here(signer), now()).unwrap())
                .unwrap();
        format!(
            "Content-Type: multipart/signed; boundary=sig; protocol=\"application/pgp-signature\"\n\n\
             --sig\n{part}\n--sig\nContent-Type: application/pgp-signature\n\n{signature}\n--sig--\n"
        )
    }
}

fn mail(from: &str, rest: &str) -> String {
    format!(
        "From: {from}\nTo: security@example.org\n{DATE}Subject: ...\nMessage-ID: <1@x>\nMIME-Version: 1.0\n{rest}"
    )
}

fn pgp_mime(kind: &str, before: &str, armored: &str) -> String {
    format!(
        "Content-Type: multipart/{kind}; boundary=enc; protocol=\"application/pgp-encrypted\"\n\n{before}\
         --enc\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n\
         --enc\nContent-Type: application/octet-stream; name=encrypted.asc\n\n{armored}\n--enc--\n"
    )
}

const PROTECTED: &str = "Content-Type: text/plain; hp=\"cipher\"\nFrom: Mara <mara@example.net>\n\
    Subject: Heap overflow\nDate: Mon, 23 Nov 2026 12:00:10 +0000\n\nIt reads past the end.\n";

fn status(reading: &Reading) -> (Encryption, SignatureStatus) {
    let Verdict { encryption, signature, .. } = &reading.content.verdict;
    (*encryption, signature.status)
}

#[test]
fn an_encrypted_signed_report_is_whole_and_verified() {
    let case = Case::new();
    let armored = case.encrypt(PROTECTED, Some(&case.mara));
    let reading = case.read(&mail("Mara <mara@example.net>", &pgp_mime("encrypted", "", &armored)));
    assert_eq!(status(&reading), (Encryption::Whole, SignatureStatus::Verified));
    assert_eq!(reading.content.subject, "Heap overflow");
    assert_eq!(reading.content.text.trim(), "It reads past the end.");
    assert!(reading.content.attachments.is_empty(), "{:?}", reading.content.attachments);
    assert_eq!(reading.content.verdict.coverage.as_deref(), Some("the whole message"));
    assert!(reading.content.defects.is_empty(), "{:?}", reading.content.defects);
    assert_eq!(reading.message_id.as_deref(), Some("1@x"));
}

#[test]
fn a_signed_report_is_verified_with_either_line_end() {
    let case = Case::new();
    let signed =
        mail("mara@example.net", &case.signed_part("Content-Type: text/plain\n\nHello \nMara", &case.mara));
    for mail in [signed.clone(), signed.replace('\n', "\r\n")] {
        assert_eq!(status(&case.read(&mail)), (Encryption::None, SignatureStatus::Verified));
    }
    let altered = case.read(&signed.replace("Hello", "Hallo"));
    assert_eq!(status(&altered), (Encryption::None, SignatureStatus::Invalid));
}

#[test]
fn a_signature_inside_multipart_signed_inside_encryption_counts() {
    let case = Case::new();
    let inner = case.signed_part("Content-Type: text/plain\n\nnested", &case.mara);
    let armored = case.encrypt(&inner, None);
    let reading = case.read(&mail("mara@example.net", &pgp_mime("encrypted", "", &armored)));
    assert_eq!(status(&reading), (Encryption::Whole, SignatureStatus::Verified));
    assert_eq!(reading.content.text.trim(), "nested");
}

#[test]
fn the_signature_of_somebody_else_is_told_as_that() {
    let case = Case::new();
    let part = case.signed_part("Content-Type: text/plain\n\nI am Mara", &case.eve);
    for from in
        ["mara@example.net", "\"mara@example.net\" <mara@example.org>", "mara@example.net, eve@example.com"]
    {
        assert_eq!(
            case.read(&mail(from, &part)).content.verdict.signature.status,
            SignatureStatus::OtherSigner,
            "{from}"
        );
    }
    let two = format!("From: mara@example.net\n{}", mail("eve@example.com", &part));
    assert_eq!(case.read(&two).content.verdict.signature.status, SignatureStatus::OtherSigner);
}

#[test]
fn a_signed_part_beside_other_text_is_partial() {
    let case = Case::new();
    let signed = case.signed_part("Content-Type: text/plain\n\nI like cake", &case.mara);
    let mixed = format!(
        "Content-Type: multipart/mixed; boundary=mix\n\n--mix\nContent-Type: text/plain\n\npay Eve\n--mix\n{signed}\n--mix--\n"
    );
    let reading = case.read(&mail("mara@example.net", &mixed));
    assert_eq!(status(&reading), (Encryption::None, SignatureStatus::Partial));
    assert!(reading.content.text.contains("pay Eve") && reading.content.text.contains("cake"));
}

#[test]
fn an_old_signed_text_under_a_new_date_is_not_verified() {
    let case = Case::new();
    let signed = mail("mara@example.net", &case.signed_part("Content-Type: text/plain\n\nyes", &case.mara));
    for date in ["Date: Mon, 14 Dec 2026 12:00:00 +0000\n", "Date: Mon, 23 Nov 2026 10:00:00 +0000\n"] {
        let reading = case.read(&signed.replace(DATE, date));
        assert_eq!(reading.content.verdict.signature.status, SignatureStatus::Invalid, "{date}");
        assert!(reading.content.verdict.signature.reason.is_some());
    }
}

#[test]
fn a_signed_commit_is_no_mail() {
    let case = Case::new();
    let commit = "tree 5e5c\nauthor Mara <mara@example.net> 1795435200 +0000\n\nuse the new server\n";
    let reading = case.read(&mail("mara@example.net", &case.signed_part(commit, &case.mara)));
    assert_eq!(reading.content.verdict.signature.status, SignatureStatus::Invalid);
}

#[test]
fn inline_text_counts_only_when_it_is_everything() {
    let case = Case::new();
    let armored = case.encrypt("inline secret", Some(&case.mara));
    let whole = case.read(&mail("mara@example.net", &format!("\n\n{armored}\n")));
    assert_eq!(status(&whole), (Encryption::Whole, SignatureStatus::Verified));
    assert_eq!(whole.content.text.trim(), "inline secret");

    let part = case.read(&mail("mara@example.net", &format!("\nbefore\n{armored}\nafter\n")));
    assert_eq!(status(&part), (Encryption::Partial, SignatureStatus::Partial));
    let expected = format!("before\n{FRAME_START}\ninline secret\n{FRAME_END}\n\nafter\n");
    assert_eq!(part.content.text, expected);
}

#[test]
fn cleartext_counts_only_when_it_is_everything() {
    let case = Case::new();
    let signed =
        String::from_utf8(sign_cleartext("signed\n", SigningKey::Here(&case.mara), now()).unwrap()).unwrap();
    let whole = case.read(&mail("mara@example.net", &format!("\n{signed}")));
    assert_eq!(status(&whole), (Encryption::None, SignatureStatus::Verified));
    assert_eq!(whole.content.text.trim(), "signed");
    let part = case.read(&mail("mara@example.net", &format!("\n{signed}\nP.S. pay Eve\n")));
    assert_eq!(status(&part), (Encryption::None, SignatureStatus::Partial));
    assert!(part.content.text.contains("P.S. pay Eve"));
}

#[test]
fn without_the_key_it_says_which_one_is_missing_and_nothing_else() {
    let case = Case::new();
    let armored = case.encrypt(PROTECTED, Some(&case.mara));
    let mail = mail("mara@example.net", &pgp_mime("encrypted", "", &armored));
    let reading = read(mail.as_bytes(), Keys { pgp: &Keyring::new([], &case), age: &[] }, now());
    assert_eq!(status(&reading), (Encryption::Failed, SignatureStatus::None));
    let verdict = &reading.content.verdict;
    let detail = verdict.encryption_detail.as_deref().unwrap();
    assert!(detail.contains(&verdict.recipients[0]) && detail.contains("ninety key import"), "{detail}");
    assert!(!reading.content.text.contains("It reads"));
}

#[test]
fn what_a_gateway_broke_is_repaired_and_noted() {
    let case = Case::new();
    let armored = case.encrypt(PROTECTED, Some(&case.mara));
    let blank = "--enc\nContent-Type: text/plain\n\n \n";
    let reading = case.read(&mail("mara@example.net", &pgp_mime("mixed", blank, &armored)));
    assert_eq!(status(&reading), (Encryption::Whole, SignatureStatus::Partial));
    assert_eq!(reading.content.verdict.notes.len(), 1);
    let text = "--enc\nContent-Type: text/plain\n\nclick here\n";
    let reading = case.read(&mail("mara@example.net", &pgp_mime("mixed", text, &armored)));
    assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::Partial));
    assert!(reading.content.text.contains(FRAME_START) && reading.content.text.contains("click here"));
}

#[test]
fn an_unsigned_inner_sender_does_not_replace_the_outer_one() {
    let case = Case::new();
    let armored = case.encrypt(PROTECTED, None);
    let reading = case.read(&mail("Eve <eve@example.com>", &pgp_mime("encrypted", "", &armored)));
    assert_eq!(reading.content.from.email, "eve@example.com");
    assert!(reading.content.verdict.notes[0].contains("mara@example.net"));
    let armored = case.encrypt(PROTECTED, Some(&case.mara));
    let reading = case.read(&mail("list@example.com", &pgp_mime("encrypted", "", &armored)));
    assert_eq!(reading.content.from.email, "mara@example.net");
    assert_eq!(reading.content.verdict.signature.status, SignatureStatus::Verified);
}

#[test]
fn a_signature_around_the_encryption_says_only_who_passed_it_on() {
    let case = Case::new();
    let armored = case.encrypt("Content-Type: text/plain\n\nwritten by Mara\n", None);
    let part = case.signed_part(pgp_mime("encrypted", "", &armored).trim_end(), &case.eve);
    let reading = case.read(&mail("eve@example.com", &part));
    assert_eq!(status(&reading), (Encryption::Whole, SignatureStatus::Partial));
}

#[test]
fn protected_headers_outside_protection_are_ignored() {
    let case = Case::new();
    let reading = case.read(&mail("eve@example.com", "Content-Type: multipart/mixed; boundary=m; hp=\"clear\"\n\n--m\nContent-Type: text/plain; hp=\"clear\"\nSubject: fake\n\nx\n--m--\n"));
    assert_eq!(reading.content.subject, "...");
    assert_eq!(status(&reading), (Encryption::None, SignatureStatus::None));
}

#[test]
fn layers_without_end_are_cut() {
    let case = Case::new();
    let mut part = "Content-Type: text/plain\n\ncore".to_owned();
    for _ in 0..30 {
        part = pgp_mime("encrypted", "", &case.encrypt(&part, None));
    }
    let reading = case.read(&mail("eve@example.com", &part));
    assert!(!reading.content.text.contains("core"));
    assert!(
        reading.content.verdict.notes.iter().any(|note| note.contains("outer 8 layers")),
        "{:?}",
        reading.content.verdict
    );
}
