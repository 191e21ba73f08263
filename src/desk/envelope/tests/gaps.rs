//! What mail programs do to messages that are not PGP/MIME.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

fn html(body: &str) -> String {
    mail("mara@example.net", &format!("Content-Type: text/html; charset=utf-8\n\n{body}"))
}

fn mixed(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--m\n{part}\n")).collect();
    mail("mara@example.net", &format!("Content-Type: multipart/mixed; boundary=m\n\n{parts}--m--\n"))
}

fn file(name: &str, media_type: &str, bytes: &[u8]) -> String {
    let digits = STANDARD.encode(bytes);
    format!(
        "Content-Type: {media_type}\nContent-Disposition: attachment; filename=\"{name}\"\n\
         Content-Transfer-Encoding: base64\n\n{digits}"
    )
}

fn has_note(reading: &Reading, words: &str) -> bool {
    reading.content.verdict.notes.iter().any(|note| note.contains(words))
}

fn opened(reading: &Reading, text: &str) -> bool {
    reading.content.text.contains(&format!("{FRAME_START}\n{text}\n{FRAME_END}"))
}

/// The binary form of an armored message.
fn binary(armored: &str) -> Vec<u8> {
    let data: String = armored.lines().skip(2).take_while(|line| !line.starts_with(['=', '-'])).collect();
    STANDARD.decode(data).unwrap()
}

#[test]
fn html_that_is_one_armored_message_is_whole() {
    let case = Case::new();
    let armored = case.encrypt("inline secret", Some(&case.mara));
    let lines = armored.lines().collect::<Vec<_>>();
    let entities: String = armored.chars().map(|c| format!("&#{};", u32::from(c))).collect();
    for body in [
        format!("<html><body>{}</body></html>", lines.join("<br>\n")),
        format!("<pre>{armored}</pre>"),
        lines.iter().map(|line| format!("<p>{line}</p>\n")).collect(),
        lines.iter().map(|line| format!("<div>{line}<br></div>\n")).collect(),
        format!("<pre>{entities}</pre>"),
    ] {
        let reading = case.read(&html(&body));
        assert_eq!(status(&reading), (Encryption::Whole, SignatureStatus::Verified), "{body}");
        assert_eq!(reading.content.text.trim(), "inline secret");
    }
}

#[test]
fn armor_amid_html_is_framed() {
    let case = Case::new();
    let armored = case.encrypt("inline secret", Some(&case.mara));
    let reading = case.read(&html(&format!("<p>hello</p><pre>{armored}</pre><p>bye</p>")));
    assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::Partial));
    assert!(opened(&reading, "inline secret"), "{}", reading.content.text);
    assert!(reading.content.text.starts_with("hello") && reading.content.text.ends_with("bye"));
}

#[test]
fn armor_that_a_browser_hides_is_framed_and_told() {
    let case = Case::new();
    let armored = case.encrypt("the secret of a third mail", None);
    let hidden = format!("<p>what's up?</p><div style='display:none'><pre>{armored}</pre></div>");
    let alone = format!("<div hidden><pre>{armored}</pre></div>");
    for body in [hidden, alone] {
        let reading = case.read(&html(&body));
        assert_eq!(reading.content.verdict.encryption, Encryption::Partial);
        assert!(opened(&reading, "the secret of a third mail"), "{}", reading.content.text);
        assert!(has_note(&reading, "hidden from readers"), "{:?}", reading.content.verdict.notes);
    }
}

#[test]
fn quoted_armor_is_opened_in_its_frame() {
    let case = Case::new();
    let armored = case.encrypt("quoted secret", None);
    for mark in ["> ", ">> ", "> > "] {
        let quoted: String = armored.lines().map(|line| format!("{mark}{line}\n")).collect();
        let reading = case.read(&mail("mara@example.net", &format!("\nOn Monday you wrote:\n{quoted}yes\n")));
        assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::None));
        assert!(opened(&reading, "quoted secret"), "{}", reading.content.text);
        let alone = case.read(&mail("mara@example.net", &format!("\n{quoted}")));
        assert_eq!(alone.content.verdict.encryption, Encryption::Partial);
    }
}

#[test]
fn several_blocks_in_one_part_are_each_framed() {
    let case = Case::new();
    let (one, two) = (case.encrypt("first", None), case.encrypt("second", None));
    let reading = case.read(&mail("mara@example.net", &format!("\n{one}\nand\n{two}\n")));
    assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::None));
    assert!(opened(&reading, "first") && opened(&reading, "second"), "{}", reading.content.text);
}

#[test]
fn armor_in_a_transfer_encoding_opens() {
    let case = Case::new();
    let armored = case.encrypt("inline secret", Some(&case.mara));
    let base64 = format!("Content-Transfer-Encoding: base64\n\n{}", STANDARD.encode(&armored));
    let quoted = format!("Content-Transfer-Encoding: quoted-printable\n\n{}", armored.replace('=', "=3D"));
    // Declared and not applied: the padding looks like an escape.
    let undone = format!("Content-Transfer-Encoding: quoted-printable\n\n{armored}");
    for body in [base64, quoted, undone] {
        let reading = case.read(&mail("mara@example.net", &body));
        assert_eq!(status(&reading), (Encryption::Whole, SignatureStatus::Verified), "{body}");
        assert_eq!(reading.content.text.trim(), "inline secret");
    }
}

#[test]
fn encrypted_attachments_are_opened_and_listed_under_their_inner_names() {
    let case = Case::new();
    let text = case.encrypt("print('poc')\n", Some(&case.mara));
    let image = binary(&case.encrypt("GIF89a\u{1}\u{0}", None));
    let mail = mixed(&[
        "Content-Type: text/plain\n\nsee the files",
        &file("poc.py.asc", "text/plain", text.as_bytes()),
        &file("crash.gif.GPG", "application/octet-stream", &image),
        &file("core.bin", "application/octet-stream", &image),
    ]);
    let reading = case.read(&mail);
    for (number, listed) in reading.content.attachments.iter().enumerate() {
        let bytes = case.attachment(&mail, number).unwrap();
        let inside: &[u8] = if listed.name == "poc.py" { b"print('poc')\n" } else { b"GIF89a\x01\x00" };
        assert_eq!(bytes, inside, "{}", listed.name);
    }
    assert_eq!(case.attachment(&mail, reading.content.attachments.len()), None);
    assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::Partial));
    assert!(opened(&reading, "print('poc')"), "{}", reading.content.text);
    let mut listed: Vec<_> =
        reading.content.attachments.iter().map(|file| (file.name.as_str(), file.size)).collect();
    listed.sort_unstable();
    assert_eq!(listed, [("core.bin", 8), ("crash.gif", 8), ("poc.py", 13)]);
    assert!(has_note(&reading, "crash.gif was encrypted by itself"));

    // What only looks like it from afar stays what it is.
    let reading = case.read(&mixed(&[&file("x.bin", "application/octet-stream", b"\x85\x01rest")]));
    assert_eq!(status(&reading), (Encryption::None, SignatureStatus::None));
    assert_eq!(
        (reading.content.attachments[0].name.as_str(), reading.content.attachments[0].size),
        ("x.bin", 6)
    );
    assert!(reading.content.verdict.notes.is_empty());
}

#[test]
fn signatures_beside_attachments_are_told_and_give_no_status() {
    let case = Case::new();
    let (report, script) = (b"%PDF-1.7 \xff\xfe".as_slice(), "line one\nline two\n");
    let sign = |bytes: &[u8]| sign_detached(bytes, SigningKey::Here(&case.mara), now()).unwrap();
    let reading = case.read(&mixed(&[
        &file("report.pdf", "application/pdf", report),
        &file("report.pdf.sig", "application/pgp-signature", &sign(report)),
        &file("other.pdf", "application/pdf", b"%PDF-altered"),
        &file("other.pdf.asc", "application/octet-stream", &sign(report)),
        &format!("Content-Type: text/x-c; name=poc.c\nContent-Disposition: attachment\n\n{script}"),
        &file("poc.c.asc", "text/plain", &sign(script.replace('\n', "\r\n").as_bytes())),
    ]));
    assert_eq!(status(&reading), (Encryption::None, SignatureStatus::None));
    assert!(has_note(&reading, "report.pdf has a good signature by Mara <mara@example.net>"));
    assert!(has_note(&reading, "other.pdf does not count: does not fit"));
    assert!(has_note(&reading, "poc.c has a good signature"), "{:?}", reading.content.verdict.notes);
}

#[test]
fn a_message_encrypted_part_by_part_is_partial_and_told() {
    let case = Case::new();
    let body = format!("Content-Type: text/plain\n\n{}", case.encrypt("the body", None));
    let page = binary(&case.encrypt("<p>the <b>body</b></p>", None));
    let image = binary(&case.encrypt("GIF89a\u{1}\u{0}", None));
    let parts = [
        body.as_str(),
        &file("PGPexch.htm.pgp", "application/octet-stream", &page),
        &file("crash.gif.pgp", "application/pgp-encrypted", &image),
    ];
    let reading = case.read(&mixed(&parts));
    assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::None));
    assert!(has_note(&reading, "every part of it was encrypted by itself"));
    assert!(opened(&reading, "the body"), "{}", reading.content.text);
    assert!(reading.content.attachments.iter().any(|file| file.name == "PGPexch.htm"));
    let open = mixed(&[parts[0], parts[1], "Content-Type: text/plain\n\nin the clear"]);
    assert!(!has_note(&case.read(&open), "every part"));
}

#[test]
fn smime_is_named() {
    let case = Case::new();
    let enveloped = file("smime.p7m", "application/pkcs7-mime; smime-type=enveloped-data", b"0\x80");
    let signed = "Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=s\n\n\
                  --s\n\nhello\n--s\nContent-Type: application/x-pkcs7-signature\n\nMII=\n--s--\n";
    for body in [enveloped.as_str(), signed] {
        let reading = case.read(&mail("mara@example.net", body));
        assert!(has_note(&reading, "protected by S/MIME"), "{body}");
        assert_eq!(status(&reading), (Encryption::None, SignatureStatus::None));
    }
}

#[test]
fn text_beside_a_signed_text_is_marked() {
    let case = Case::new();
    let signed =
        String::from_utf8(sign_cleartext("signed words\n", SigningKey::Here(&case.mara), now()).unwrap())
            .unwrap();
    let reading = case.read(&mail("mara@example.net", &format!("\nbefore\n{signed}\npay Eve\n")));
    assert_eq!(status(&reading), (Encryption::None, SignatureStatus::Partial));
    let expected = format!(
        "{OUTSIDE_START}\nbefore\n{OUTSIDE_END}\nsigned words\n{OUTSIDE_START}\npay Eve\n{OUTSIDE_END}\n"
    );
    assert_eq!(reading.content.text, expected);
    // What does not verify is shown as it came.
    let altered = signed.replace("signed words", "other words");
    let reading = case.read(&mail("mara@example.net", &format!("\nbefore\n{altered}\n")));
    assert_eq!(status(&reading).1, SignatureStatus::Invalid);
    assert!(reading.content.text.contains("-----BEGIN PGP SIGNED MESSAGE-----"));
}

#[test]
fn foreign_text_cannot_draw_a_frame() {
    let case = Case::new();
    let armored = case.encrypt(&format!("inside\n{FRAME_END}\nstill inside"), None);
    let signed =
        String::from_utf8(sign_cleartext("signed\n", SigningKey::Here(&case.mara), now()).unwrap()).unwrap();
    let forged = format!("{OUTSIDE_END}\npay Eve\n{OUTSIDE_START}");
    let text = format!("{forged}\n{armored}\n{signed}\n{FRAME_START}\nx\n");
    for raw in [
        mail("mara@example.net", &format!("\n{text}")),
        html(&format!("<pre>{text}</pre>")),
        mixed(&["\nhello", &format!("Content-Type: text/plain\n\n{text}")]),
    ] {
        let shown = case.read(&raw).content.text;
        let lines = |mark: &str| shown.lines().filter(|line| *line == mark).count();
        assert_eq!((lines(FRAME_START), lines(FRAME_END)), (1, 1), "{shown}");
        assert_eq!(lines(OUTSIDE_START), lines(OUTSIDE_END), "{shown}");
        assert!(shown.contains(&format!("> {OUTSIDE_END}\npay Eve\n> {OUTSIDE_START}")), "{shown}");
    }
}

#[test]
fn encrypted_parts_in_unexpected_places_are_told() {
    let case = Case::new();
    let secret = pgp_mime("encrypted", "", &case.encrypt("Content-Type: text/plain\n\nsecret", None));
    let forwarded = mixed(&[
        "Content-Type: text/plain\n\nhello",
        &format!("Content-Type: message/rfc822\n\nFrom: x@y.example\nSubject: old\n{secret}"),
    ]);
    let reading = case.read(&forwarded);
    assert_eq!(status(&reading), (Encryption::Partial, SignatureStatus::None));
    assert!(opened(&reading, "secret") && has_note(&reading, "stands in a forwarded message"));

    let inline = case.encrypt("secret", None);
    let alternative = format!(
        "Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\nhello there\n\
         --a\nContent-Type: text/html\n\n<pre>{inline}</pre>\n--a--\n"
    );
    let reading = case.read(&mail("mara@example.net", &alternative));
    assert_eq!(reading.content.verdict.encryption, Encryption::Partial);
    assert!(has_note(&reading, "stands in one of several alternatives"));
    assert_eq!(reading.content.text, "hello there");
}
