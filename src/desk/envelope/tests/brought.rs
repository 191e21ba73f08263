//! Certificates in mail: whose they are said to be, and which do not count.

use super::*;
use crate::mail::autocrypt;
use crate::triage::Origin;

fn public(key: &[u8]) -> Vec<u8> {
    cert::public_part(key).unwrap()
}

fn armored(bytes: &[u8], kind: &str) -> String {
    use base64::Engine as _;
    let digits = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines: Vec<&str> =
        digits.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let lines = lines.join("\n");
    format!("-----BEGIN PGP {kind} KEY BLOCK-----\n\n{lines}\n-----END PGP {kind} KEY BLOCK-----\n")
}

fn announced(address: &str, key: &[u8]) -> String {
    autocrypt::write(address, &public(key), true).replace("\r\n", "\n")
}

/// Origin, claimed address and first address of each certificate.
fn brought(reading: &Reading) -> Vec<(Origin, Option<&str>, &str)> {
    reading
        .brought
        .iter()
        .map(|b| (b.origin, b.address.as_deref(), b.certificate.emails[0].as_str()))
        .collect()
}

fn notes(reading: &Reading) -> String {
    reading.content.verdict.notes.join("\n")
}

#[test]
fn attached_and_inline_certificates_are_taken() {
    let case = Case::new();
    let (mara, eve) = (armored(&public(&case.mara), "PUBLIC"), armored(&public(&case.eve), "PUBLIC"));
    let body = format!(
        "Content-Type: multipart/mixed; boundary=m\n\n--m\n\nmy key:\n{mara}\nbye\n\
         --m\nContent-Type: application/pgp-keys; name=0x1.asc\nContent-Disposition: attachment\n\n{eve}\n\
         --m\nContent-Type: application/octet-stream; name=\"Again.ASC\"\n\n{eve}\n--m--\n"
    );
    let reading = case.read(&mail("x@example.net", &body));
    let expected = [(Origin::Inline, None, "mara@example.net"), (Origin::Attached, None, "eve@example.com")];
    assert_eq!(brought(&reading), expected);
    let certificate = &reading.brought[0].certificate;
    assert_eq!(certificate.user_ids, ["Mara <mara@example.net>"]);
    assert_eq!(cert::read(&certificate.public, now()).unwrap().found[0].fingerprint, certificate.fingerprint);
    assert_eq!(notes(&reading), "");
    let json = serde_json::to_string(&reading.brought).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Brought>>(&json).unwrap(), reading.brought);
}

#[test]
fn certificates_inside_the_encryption_are_taken() {
    let case = Case::new();
    let text = format!("Content-Type: text/plain\n\n{}", armored(&public(&case.mara), "PUBLIC"));
    let reading = case.read(&mail("x@y.example", &pgp_mime("encrypted", "", &case.encrypt(&text, None))));
    assert_eq!(brought(&reading), [(Origin::Inline, None, "mara@example.net")]);
}

#[test]
fn the_autocrypt_header_counts_for_the_sender_alone() {
    let case = Case::new();
    let field = announced("Mara@Example.net", &case.mara);
    let read = |from: &str, fields: &str| case.read(&mail(from, &format!("{fields}\n\nhello")));
    let reading = read("Mara <mara@example.net>", &field);
    assert_eq!(brought(&reading), [(Origin::Autocrypt, Some("Mara@Example.net"), "mara@example.net")]);
    assert!(reading.brought[0].prefer_encrypt);
    // Somebody else's field beside it does not count, a second one of her own spoils both.
    assert_eq!(
        brought(&read("mara@example.net", &format!("{field}\n{}", announced("eve@example.com", &case.eve))))
            .len(),
        1
    );
    assert!(brought(&read("mara@example.net", &format!("{field}\n{field}"))).is_empty());
    assert!(brought(&read("eve@example.com", &field)).is_empty());
    assert!(brought(&read("mara@example.net, eve@example.com", &field)).is_empty());
    assert!(brought(&read("mara@example.net", &format!("{field}\nFrom: mara@example.net"))).is_empty());
    assert!(brought(&read("mara@example.net", &field.replace("addr=", "secret=1; addr="))).is_empty());
    // In the body it is text.
    assert!(brought(&read("mara@example.net", &format!("X: y\n\n{field}"))).is_empty());
}

#[test]
fn the_inner_autocrypt_header_wins() {
    let case = Case::new();
    let inner = format!("{}\n{PROTECTED}", announced("mara@example.net", &case.mara));
    let body = pgp_mime("encrypted", "", &case.encrypt(&inner, None));
    let outer = announced("mara@example.net", &case.eve);
    let reading = case.read(&mail("mara@example.net", &format!("{outer}\n{body}")));
    assert_eq!(brought(&reading), [(Origin::Autocrypt, Some("mara@example.net"), "mara@example.net")]);
    // An inner one for somebody else leaves none.
    let inner = format!("{}\n{PROTECTED}", announced("eve@example.com", &case.eve));
    let body = pgp_mime("encrypted", "", &case.encrypt(&inner, None));
    assert!(brought(&case.read(&mail("mara@example.net", &format!("{outer}\n{body}")))).is_empty());
}

#[test]
fn gossip_counts_inside_encryption_and_for_recipients_alone() {
    let case = Case::new();
    let gossip = |address: &str| {
        format!("Autocrypt-Gossip: {}", announced(address, &case.eve).split_once(": ").unwrap().1)
    };
    let inner = format!("{}\n{}\n{PROTECTED}", gossip("security@example.org"), gossip("other@example.org"));
    let body = pgp_mime("encrypted", "", &case.encrypt(&inner, None));
    let reading = case.read(&mail("mara@example.net", &body));
    assert_eq!(brought(&reading), [(Origin::Gossip, Some("security@example.org"), "eve@example.com")]);
    let open = format!("{}\n\nhello", gossip("security@example.org"));
    assert!(brought(&case.read(&mail("mara@example.net", &open))).is_empty());
}

#[test]
fn a_secret_key_is_not_taken_and_told() {
    let case = Case::new();
    let secret = armored(&case.mara, "PRIVATE");
    let disguised = armored(&case.mara, "PUBLIC");
    for block in [&secret, &disguised] {
        let attached = format!("Content-Type: application/pgp-keys\n\n{block}\n");
        for body in [format!("\nmy keys:\n{block}"), attached] {
            let reading = case.read(&mail("mara@example.net", &body));
            assert!(reading.brought.is_empty());
            assert!(notes(&reading).contains("tell the sender to revoke it"), "{}", notes(&reading));
        }
    }
}

#[test]
fn floods_are_cut() {
    let case = Case::new();
    let mut many = String::new();
    for number in 0..20 {
        let key = generate("", &format!("a{number}@example.net"), now()).unwrap();
        many.push_str(&armored(&public(&key), "PUBLIC"));
    }
    let reading = case.read(&mail("mara@example.net", &format!("\n{many}")));
    assert_eq!(reading.brought.len(), 16);
    assert!(notes(&reading).contains("more certificates than are taken"));

    let key = public(&case.mara);
    let long = key.repeat(1 + (10 << 10) / key.len());
    let field = autocrypt::write("mara@example.net", &long, false).replace("\r\n", "\n");
    let reading = case.read(&mail("mara@example.net", &format!("{field}\n\nhello")));
    assert!(reading.brought.is_empty() && notes(&reading).contains("too large"), "{}", notes(&reading));

    let block = armored(&vec![0x99; 1 << 20], "PUBLIC");
    let reading = case.read(&mail("mara@example.net", &format!("\n{block}")));
    assert!(notes(&reading).contains("more key material than is read"));
}
