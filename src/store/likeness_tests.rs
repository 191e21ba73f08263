//! Signatures and mentions on a real encrypted file.

use super::super::tests::{plan, store};
use super::*;
use crate::triage::message::{Content, Direction, Encryption, NewMessage, Verdict};
use crate::triage::{Case, Person};

const MASS: &str = "your domain has no DMARC record and anybody can forge mails from it, please fix this \
    and let me know about my bounty for this finding, looking forward to hearing from you soon";

fn keep(writer: &Writer<'_>, number: u8, text: &str) -> Result<CaseKey> {
    let at = "2026-11-23T09:00:00Z".parse().unwrap();
    let from = Person { name: String::new(), email: format!("r{number}@x.example") };
    let id = format!("SEC-2026-{number:04}");
    let case = Case::opened(id, "report", from.clone(), at, Encryption::None);
    let key = writer.insert_case(&case)?;
    let content = Content {
        from,
        to: Vec::new(),
        date: None,
        subject: "report".into(),
        text: text.into(),
        attachments: Vec::new(),
        verdict: Verdict::unprotected(),
        defects: Vec::new(),
    };
    let new = NewMessage {
        direction: Direction::In,
        digest: [number; 32],
        message_id: Some(format!("{number}@x")),
        answers: Vec::new(),
        received_at: at,
        content,
        raw: Vec::new(),
    };
    writer.insert_message(key, &new)?;
    writer.set_signature(key, &Signature::of(&format!("report\n{text}")))?;
    Ok(key)
}

fn signature() -> Signature {
    Signature::of(&format!("report\n{MASS}"))
}

#[test]
fn near_texts_are_found_in_the_same_transaction_and_by_others() {
    let (directory, mut first) = store();
    let mut second =
        Store::open(&directory.path().join("ninety.db"), &zeroize::Zeroizing::new([1; 32])).unwrap();
    assert_eq!(second.near(&signature()).unwrap(), []);
    let keys = first
        .write(|writer| {
            let one = keep(writer, 1, MASS)?;
            assert_eq!(writer.near(&signature())?, [one]);
            keep(writer, 2, "a heap overflow in the decoder of the strip table")?;
            let three = keep(writer, 3, &MASS.replace("soon", "quickly"))?;
            assert_eq!(writer.near(&signature())?, [one, three]);
            Ok::<_, super::super::Error>(vec![one, three])
        })
        .unwrap();
    assert_eq!(first.near(&signature()).unwrap(), keys);
    assert_eq!(second.near(&signature()).unwrap(), keys);
    // What a message says can change when a key opens it: everybody hears of it.
    second.write(|writer| writer.set_signature(keys[0], &Signature::of("another text altogether"))).unwrap();
    assert_eq!(first.near(&signature()).unwrap(), keys[1..]);
    assert_eq!(second.near(&signature()).unwrap(), keys[1..]);
}

#[test]
fn a_failed_transaction_leaves_no_signature_in_memory() {
    let (_directory, mut store) = store();
    let failed: Result<()> = store.write(|writer| {
        keep(writer, 1, MASS)?;
        assert_eq!(writer.near(&signature())?.len(), 1);
        Err(super::super::Error::NoCase("stop".into()))
    });
    assert!(failed.is_err());
    assert_eq!(store.near(&signature()).unwrap(), []);
    let key = store.write(|writer| keep(writer, 2, MASS)).unwrap();
    assert_eq!(store.near(&signature()).unwrap(), [key]);
}

#[test]
fn cases_of_an_older_store_get_their_signatures_when_it_is_opened() {
    let (_directory, mut store) = store();
    let key = store.write(|writer| keep(writer, 1, MASS)).unwrap();
    store.connection.execute("DELETE FROM likeness", []).unwrap();
    assert_eq!(store.near(&signature()).unwrap(), []);
    sign_all(&store.connection).unwrap();
    assert_eq!(store.near(&signature()).unwrap(), [key]);
    sign_all(&store.connection).unwrap();
}

#[test]
fn mentions_are_phrases_and_what_many_mention_is_not_told() {
    let (_directory, mut store) = store();
    let keys: Vec<CaseKey> = (1..=4)
        .map(|number| {
            let text = if number < 4 { "in parse_ifd of the reader" } else { "ifd parse \"quoted\" reader" };
            store.write(|writer| keep(writer, number, text)).unwrap()
        })
        .collect();
    assert_eq!(store.mentioning("parse_ifd", 3).unwrap(), Some(keys[..3].to_vec()));
    assert_eq!(store.mentioning("parse_ifd", 2).unwrap(), None);
    for hostile in ["\"", "\" OR \"reader", "a\0b", "* NEAR(", ""] {
        assert_eq!(store.mentioning(hostile, 9).unwrap(), Some(Vec::new()), "{hostile:?}");
    }
    let walk = plan(&store, super::super::moves::MERGED_INTO);
    assert!(walk.contains("cases_merged"), "{walk}");
}
