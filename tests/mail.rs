//! The mail room on real bytes: containers, hostile structures, and the public corpus.

#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ninety::mail::{self, Content, Entity, Offer, Raw, source};

fn all_offers(paths: &[PathBuf], stdin: &[u8]) -> Vec<Offer> {
    let mut found = Vec::new();
    source::offers(paths, &mut &*stdin, &mut |offer| {
        found.push(offer);
        ControlFlow::Continue(())
    });
    found
}

fn taken(offers: Vec<Offer>) -> Vec<(String, Raw)> {
    offers.into_iter().filter_map(|offer| Some((offer.source, offer.taken.ok()?))).collect()
}

fn from_stdin(bytes: &[u8]) -> Vec<(String, Raw)> {
    taken(all_offers(&[PathBuf::from("-")], bytes))
}

fn reason(path: &Path) -> String {
    let offers = all_offers(&[path.to_owned()], b"");
    assert_eq!(offers.len(), 1, "{offers:?}");
    offers[0].taken.as_ref().unwrap_err().reason.clone()
}

/// A mail whose body has lines that mailboxes quote.
const MAIL: &str = "From: Mara <mara@lindt.example>\nTo: security@example.org\nSubject: Overflow\n\
    Date: Mon, 23 Nov 2026 09:02:00 +0100\nMessage-ID: <1@lindt.example>\n\nHello,\n\nFrom here it goes wrong.\n\
    >From there too.\n\nBye\n";
const ENVELOPE: &str = "From mara@lindt.example Mon Nov 23 08:02:00 2026\n";

fn quoted(mail: &str, again: bool) -> String {
    mail.lines()
        .map(|line| {
            let quotes = line.starts_with("From ") || again && line.starts_with(">From ");
            format!("{}{line}\n", if quotes { ">" } else { "" })
        })
        .collect()
}

fn mboxcl(mail: &str, quotes: bool) -> String {
    let mail = if quotes { quoted(mail, true) } else { mail.to_owned() };
    let (header, body) = mail.split_once("\n\n").unwrap();
    format!("{ENVELOPE}{header}\nContent-Length: {}\nStatus: RO\n\n{body}\n", body.len())
}

#[test]
fn the_same_mail_has_one_digest_in_every_container() {
    let known = mail::digest::digest(MAIL.as_bytes());
    let containers = [
        MAIL.to_owned(),
        MAIL.replace('\n', "\r\n"),
        format!("{ENVELOPE}{}\n", quoted(MAIL, true)),
        format!("{ENVELOPE}{}\n", quoted(MAIL, true)).replace('\n', "\r\n"),
        format!("{ENVELOPE}{}\n", quoted(MAIL, false)),
        mboxcl(MAIL, true),
        mboxcl(MAIL, false),
    ];
    for container in &containers {
        let once = from_stdin(container.as_bytes());
        assert_eq!(once.len(), 1, "{container}");
        assert_eq!(once[0].1.digest, known, "{container}");
        assert_eq!(once[0].1.defects, Vec::<String>::new(), "{container}");
    }
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join("cur")).unwrap();
    fs::write(home.path().join("cur/1:2,S"), MAIL).unwrap();
    assert_eq!(taken(all_offers(&[home.path().to_owned()], b""))[0].1.digest, known);
}

#[test]
fn quoting_is_undone_as_the_container_did_it() {
    let text =
        |container: &str| String::from_utf8(from_stdin(container.as_bytes()).remove(0).1.bytes).unwrap();
    assert_eq!(text(&format!("{ENVELOPE}{}\n", quoted(MAIL, true))), MAIL);
    assert!(text(&mboxcl(MAIL, false)).ends_with("\nFrom here it goes wrong.\n>From there too.\n\nBye\n"));
    assert!(text(&mboxcl(MAIL, true)).ends_with("\nFrom here it goes wrong.\n>From there too.\n\nBye\n"));
}

#[test]
fn an_mbox_is_cut_at_its_from_lines_and_nowhere_else() {
    let quoted = quoted(MAIL, true);
    let mut mbox = String::new();
    mbox.push_str(&format!("{ENVELOPE}{quoted}\n"));
    mbox.push_str(&mboxcl(&MAIL.replace("Bye", "\nFrom x@y.example Mon Nov 23 08:02:00 2026\nBye"), false));
    mbox.push_str(&format!(
        "From - Thu, 24 Nov 2022 19:06:16 GMT\n{}",
        quoted.replace("Bye", "From now on, prose.")
    ));
    // A message that lost its end, and so the blank line behind it.
    mbox.push_str(&format!("{ENVELOPE}{}", quoted.replace("Bye\n", "cut he")));
    let found = from_stdin(mbox.replace("cut he", "cut here\n").as_bytes());
    let sources: Vec<&str> = found.iter().map(|(source, _)| source.as_str()).collect();
    assert_eq!(sources, ["-#1", "-#2", "-#3", "-#4"]);
    assert!(memchr::memmem::find(&found[1].1.bytes, b"\nFrom x@y.example Mon").is_some());
    assert_eq!(found[2].1.envelope_date.unwrap().to_rfc3339(), "2022-11-24T19:06:16+00:00");
    assert!(found.iter().all(|(_, raw)| raw.defects.is_empty()));

    let cut = from_stdin(mbox.as_bytes());
    assert_eq!(cut[3].1.defects, ["the mailbox ends in the middle of a line: this message may be cut off"]);
}

#[test]
fn a_content_length_that_is_wrong_is_not_believed() {
    for length in ["3", "40", "100000", "99999999999999999999", "x"] {
        let one = MAIL.replacen("Subject", &format!("Content-Length: {length}\nSubject"), 1);
        let mbox = format!("{ENVELOPE}{}\n{ENVELOPE}{}\n", quoted(&one, true), quoted(MAIL, true));
        let found = from_stdin(mbox.as_bytes());
        assert_eq!(found.len(), 2, "Content-Length {length}");
        assert_eq!(found[0].1.digest, mail::digest::digest(MAIL.as_bytes()));
    }
    let promised = MAIL.replacen("Subject", "Content-Length: 5000\nSubject", 1);
    let found = from_stdin(format!("{ENVELOPE}{promised}").as_bytes());
    assert!(found[0].1.defects[0].contains("promises 5000 bytes"), "{:?}", found[0].1.defects);
}

#[test]
fn a_large_mbox_message_is_whole_and_the_next_one_is_found() {
    let large = format!("{MAIL}\n{}", "0123456789abcdef\n".repeat(300_000));
    let mbox = format!("{ENVELOPE}{}\n{ENVELOPE}{}\n", quoted(&large, true), quoted(MAIL, true));
    let found = from_stdin(mbox.as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].1.bytes, large.as_bytes());
    assert_eq!(found[0].1.digest, mail::digest::digest(large.as_bytes()));
    assert_eq!(found[1].1.bytes, MAIL.as_bytes());
}

#[test]
fn of_a_message_beyond_the_limit_the_start_is_kept_and_the_rest_counted() {
    let head = MAIL.as_bytes();
    let tail = 70_u64 << 20;
    let mut stdin = head.chain(std::io::repeat(b'x').take(tail));
    let mut found = Vec::new();
    source::offers(&[PathBuf::from("-")], &mut stdin, &mut |offer| {
        found.push(offer.taken.unwrap());
        ControlFlow::Continue(())
    });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].full_len, head.len() as u64 + tail);
    assert_eq!(found[0].bytes.len(), mail::MAX_MESSAGE);
    assert_eq!(found[0].defects, ["only the first 56 MiB of 71 MiB were taken; keep the original"]);
    let parsed = mail::parse(&found[0].bytes);
    assert_eq!(parsed.headers.subject.as_deref(), Some("Overflow"));
    let readable = mail::render(&parsed.root);
    assert_eq!(readable.text.len(), mail::MAX_TEXT);
    assert_eq!(readable.notes.len(), 1);
}

#[test]
fn a_directory_is_walked_in_order_and_every_file_answered() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write("b.eml", MAIL.as_bytes());
    write("a.txt", b"Just some words.\n");
    write("box", format!("{ENVELOPE}{MAIL}\n{ENVELOPE}{MAIL}\n").as_bytes());
    write("md/cur/1", b"no headers at all\n");
    write("md/new/2", MAIL.as_bytes());
    write("md/tmp/3", MAIL.as_bytes());
    write("md/dovecot-uidlist", b"3 V1\n");
    write("md/.Reports/cur/4", format!("{ENVELOPE}{MAIL}\n{ENVELOPE}{MAIL}\n").as_bytes());
    std::os::unix::fs::symlink(home.path(), home.path().join("loop")).unwrap();
    let found = all_offers(&[home.path().to_owned()], b"");
    let base = format!("{}/", home.path().display());
    let told: Vec<(String, bool)> =
        found.iter().map(|offer| (offer.source.replacen(&base, "", 1), offer.taken.is_ok())).collect();
    let expected = [
        ("a.txt", false),
        ("b.eml", true),
        ("box#1", true),
        ("box#2", true),
        ("loop", false),
        ("md/.Reports/cur/4", true),
        ("md/cur/1", true),
        ("md/new/2", true),
    ];
    assert_eq!(told, expected.map(|(name, is_taken)| (name.to_owned(), is_taken)));
    let done = found.last().unwrap().bytes_done;
    assert_eq!(done, source::total_bytes(&[home.path().to_owned()]));
}

#[test]
fn what_is_not_mail_is_refused_by_name_with_a_mend() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = home.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    assert!(reason(&home.path().join("nowhere")).contains("no such file"));
    assert!(reason(home.path()).contains("no mail in this directory"));
    assert!(reason(&write("empty.eml", b"")).contains("empty"));
    assert!(
        reason(&write("key.asc", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n")).contains("ninety key import")
    );
    assert!(reason(&write("sec.asc", b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n")).contains("secret key"));
    assert!(reason(&write("outlook.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0")).contains(".eml"));
    assert!(reason(&write("words", b"words\n")).contains("without mail headers"));
    let armored = write("report.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n");
    assert_eq!(taken(all_offers(&[armored], b"")).len(), 1);
}

#[test]
fn breaking_off_stops_the_reading() {
    let mbox = format!("{ENVELOPE}{MAIL}\n").repeat(10);
    let mut count = 0;
    source::offers(&[PathBuf::from("-"), PathBuf::from("/nowhere")], &mut mbox.as_bytes(), &mut |_| {
        count += 1;
        if count == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(count, 3);
}

/// Work that grows with the square of these inputs would take hours: that the
/// test ends is what it tests, beside what it asserts.
#[test]
fn hostile_structures_are_bounded() {
    let deep: String = (0..10_000)
        .map(|level| format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"))
        .collect();
    assert!(mail::parse(deep.as_bytes()).defects.iter().any(|defect| defect.contains("deeper than 32")));

    let forwarded = "Content-Type: message/rfc822\n\n".repeat(10_000);
    let nested = mail::parse(forwarded.as_bytes());
    assert!(mail::render(&nested.root).attachments.len() <= 1);

    let long = format!("From: a@b.example\nSubject: {}\n\nbody\n", "x".repeat(50 << 20));
    let parsed = mail::parse(long.as_bytes());
    assert!(parsed.headers.subject.as_ref().unwrap().len() <= 16 << 10);
    assert!(parsed.defects.iter().any(|defect| defect.contains("Subject header is too long")));
    assert_eq!(mail::render(&parsed.root).text, "body\n");

    let folded = format!("From: a@b.example\nX-Junk: a\n{}Subject: x\n\nbody\n", " y\n".repeat(5 << 20));
    assert_eq!(mail::parse(folded.as_bytes()).headers.subject.as_deref(), Some("x"));

    let many =
        format!("Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n", "--b\n\nx\n".repeat(1_000_000));
    let parsed = mail::parse(many.as_bytes());
    assert!(parsed.defects.iter().any(|defect| defect.contains("more than 1000 parts")));
    assert!(mail::render(&parsed.root).attachments.iter().any(|a| a.size > 6_000_000));

    let addresses = format!("To: {}\n\nbody\n", "a,".repeat(5 << 20));
    assert_eq!(mail::parse(addresses.as_bytes()).headers.to.len(), 1000);
    let fields = "From: a@b.example\n".repeat(1 << 20);
    assert_eq!(mail::parse(fields.as_bytes()).headers.from_fields, 1 << 20);
    let junk = format!("{}Subject: x\n\nbody\n", "junk\n".repeat(1 << 20));
    assert_eq!(mail::parse(junk.as_bytes()).headers.subject.as_deref(), Some("x"));
}

#[test]
fn hostile_values_are_bounded() {
    let values = [
        "=?utf-8?q?".repeat(1 << 16),
        "=?".repeat(1 << 18),
        "=?a?b?".repeat(1 << 16),
        "(".repeat(1 << 18),
        "\"".repeat(1 << 18),
        "<".repeat(1 << 18),
        "a:".repeat(1 << 18),
        "multipart/mixed; ".to_owned() + &"a*0*=x;".repeat(1 << 15),
        "text/plain; ".to_owned() + &"name*1=x; ".repeat(1 << 15),
        "text/plain; ".to_owned() + &"name*='''''''''''''''a; ".repeat(1 << 14),
        "99999999999999999999999999 Nov 99999999 99:99:99 +9999".to_owned(),
        "31 Feb 0000 25:61:61 -9999".to_owned(),
        "<".to_owned() + &"x".repeat(5000) + ">",
        "<a\u{7}b>".to_owned(),
        "\u{0}\u{1b}[2J".to_owned(),
    ];
    for value in &values {
        for name in [
            "From",
            "To",
            "Subject",
            "Date",
            "Received",
            "Message-ID",
            "References",
            "Content-Type",
            "Content-Disposition",
        ] {
            let text = format!("{name}: {value}\n\nbody\n").repeat(1);
            let parsed = mail::parse(text.as_bytes());
            assert_ne!(
                parsed.defects,
                ["its structure could not be read; it is shown as it came"],
                "{name}: {value:.60}"
            );
            assert!(parsed.headers.message_id.is_none_or(|id| id.len() <= 998 && !id.contains('\u{7}')));
        }
    }
}

#[test]
fn boundaries_of_dashes_and_blanks_take_linear_time() {
    for (boundary, body) in [
        ("-".repeat(70), "-".repeat(20 << 20)),
        ("b".to_owned(), "--b ".repeat(5 << 20)),
        ("x".repeat(900), "--x".repeat(5 << 20)),
    ] {
        let text = format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n{body}");
        let parsed = mail::parse(text.as_bytes());
        assert!(matches!(parsed.root.content, Content::Text(_)), "nothing is lost where no delimiter stands");
    }
}

fn corpus() -> Option<PathBuf> {
    let place = std::env::var_os("NINETY_CORPUS").map(PathBuf::from);
    let place = place.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let found = place.join("manifest.jsonl").is_file();
    if !found {
        println!("skipped: there is no corpus at {}", place.display());
    }
    found.then_some(place)
}

/// Checks that every entity is a slice of what is around it.
fn check_slices(outer: &[u8], entity: &Entity<'_>) {
    let inside = |inner: &[u8]| {
        inner.is_empty()
            || outer.as_ptr_range().contains(&inner.as_ptr())
                && inner.as_ptr_range().end <= outer.as_ptr_range().end
    };
    assert!(inside(entity.raw));
    assert!(entity.raw.ends_with(entity.encoded));
    match &entity.content {
        Content::Parts(parts) => parts.iter().for_each(|part| check_slices(entity.encoded, part)),
        Content::Message(mail) => check_slices(entity.encoded, &mail.root),
        _ => {}
    }
}

#[test]
fn every_mail_of_the_corpus_is_taken_and_read() {
    let Some(corpus) = corpus() else { return };
    let manifest = fs::read_to_string(corpus.join("manifest.jsonl")).unwrap();
    let mut refused = BTreeSet::new();
    let mut read = 0;
    for line in manifest.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let (file, kind) = (case["file"].as_str().unwrap(), case["kind"].as_str().unwrap());
        let offers = all_offers(&[corpus.join(file)], b"");
        assert!(!offers.is_empty(), "{file} got no answer");
        for offer in offers {
            match offer.taken {
                Ok(raw) => {
                    let parsed = mail::parse(&raw.bytes);
                    check_slices(&raw.bytes, &parsed.root);
                    mail::render(&parsed.root);
                    assert!(
                        !parsed
                            .defects
                            .iter()
                            .any(|defect| defect.contains("could not be read; it is shown")),
                        "{file}"
                    );
                    read += 1;
                }
                Err(why) if kind.ends_with("mail") => {
                    refused.insert(format!("{file}: {why}"));
                }
                Err(_) => {}
            }
        }
    }
    println!("read {read} messages; refused: {refused:#?}");
    // Licences, read-me files and decoded parts of mails, which hold no header at all.
    assert!(
        refused.iter().all(|why| why.contains("without mail headers") || why.contains("blank lines")),
        "{refused:#?}"
    );
    assert!(refused.len() <= 10, "{refused:#?}");
}

#[test]
fn every_file_of_the_corpus_gets_an_answer() {
    let Some(corpus) = corpus() else { return };
    let mut answered = BTreeSet::new();
    source::offers(std::slice::from_ref(&corpus), &mut &b""[..], &mut |offer| {
        answered.insert(offer.source.split('#').next().unwrap_or_default().to_owned());
        ControlFlow::Continue(())
    });
    assert!(answered.len() > 2000, "{} answers", answered.len());
}
