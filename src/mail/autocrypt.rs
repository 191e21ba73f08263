//! The `Autocrypt` and `Autocrypt-Gossip` header fields (Autocrypt level 1,
//! section 1.1). Knows how a field is written; whether it may be believed is
//! for others to say, and what a key is it does not know.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::entity::Entity;
use super::fields::{fields, split};

/// Bytes of one field that are read. The specification asks for keys of about 10 KiB.
const MAX_FIELD: usize = 64 << 10;
/// Fields of one name that are given back; more is somebody's game.
const MAX_FIELDS: usize = 64;
/// Columns of a folded line (RFC 5322, section 2.1.1).
const COLUMNS: usize = 78;

/// What one field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autocrypt {
    /// The address that the key is claimed for, as it was written. Foreign text.
    pub address: String,
    /// Whether the sender wants encrypted mail (`prefer-encrypt=mutual`).
    pub prefer_encrypt: bool,
    /// The certificate, serialised; not looked at.
    pub keydata: Vec<u8>,
}

/// The values of all fields called `name` in the header block of `entity`.
pub fn values<'a>(entity: &Entity<'a>, name: &str) -> Vec<&'a [u8]> {
    let header = split(entity.raw).header;
    fields(header).filter(|field| field.is(name)).map(|field| field.value).take(MAX_FIELDS).collect()
}

/// Reads the value of one field; `None` where it does not count: an attribute
/// is missing, given twice, damaged, or unknown without being marked as
/// optional by an underscore.
pub fn parse(value: &[u8]) -> Option<Autocrypt> {
    let value = std::str::from_utf8(value).ok().filter(|value| value.len() <= MAX_FIELD)?;
    let (mut address, mut prefer_encrypt, mut keydata) = (None, None, None);
    for attribute in value.split(';').map(str::trim).filter(|attribute| !attribute.is_empty()) {
        let (name, value) = attribute.split_once('=')?;
        let value = value.trim();
        let seen = match name.trim() {
            "addr" => address.replace(value.to_owned()).is_some(),
            "prefer-encrypt" => prefer_encrypt.replace(value == "mutual").is_some(),
            "keydata" => keydata.replace(decoded(value)?).is_some(),
            optional if optional.starts_with('_') => false,
            _ => return None,
        };
        if seen {
            return None;
        }
    }
    Some(Autocrypt {
        address: address.filter(|address| address.contains('@'))?,
        prefer_encrypt: prefer_encrypt.unwrap_or(false),
        keydata: keydata.filter(|keydata| !keydata.is_empty())?,
    })
}

fn decoded(value: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = value.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(digits).ok()
}

/// The whole field `Autocrypt:` for our own mail, folded, without a line break
/// at its end. `keydata` is our serialised certificate.
pub fn write(address: &str, keydata: &[u8], mutual: bool) -> String {
    // What could end the attribute or the line is in no address that can be written to.
    let address: String =
        address.chars().filter(|c| !c.is_control() && !c.is_whitespace() && *c != ';').collect();
    let preference = if mutual { " prefer-encrypt=mutual;" } else { "" };
    let mut field = format!("Autocrypt: addr={address};{preference}\r\n keydata=");
    let mut room = COLUMNS - " keydata=".len();
    for digit in STANDARD.encode(keydata).chars() {
        if room == 0 {
            field.push_str("\r\n ");
            room = COLUMNS - 1;
        }
        field.push(digit);
        room -= 1;
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse as parse_mail;

    #[test]
    fn what_is_written_is_read_back() {
        for (length, mutual) in [(1, true), (51, false), (52, false), (53, true), (3000, true)] {
            let keydata: Vec<u8> = (0..=255).cycle().take(length).collect();
            let field = write("mara@example.net", &keydata, mutual);
            assert!(field.split("\r\n").all(|line| line.len() <= COLUMNS), "{field}");
            let mail = format!("From: x@y\r\n{field}\r\nautocrypt-gossip: no\r\n\r\nbody");
            let mail = parse_mail(mail.as_bytes());
            let [value] = values(&mail.root, "Autocrypt")[..] else { panic!("not one field") };
            let expected = Autocrypt { address: "mara@example.net".into(), prefer_encrypt: mutual, keydata };
            assert_eq!(parse(value), Some(expected));
        }
    }

    #[test]
    fn an_address_cannot_add_a_line_or_an_attribute() {
        let field = write("a@b\r\nBcc: c@d; x=y", b"key", false);
        assert_eq!(field.lines().count(), 2);
        assert_eq!(parse(field.strip_prefix("Autocrypt:").unwrap().as_bytes()).unwrap().keydata, b"key");
    }

    #[test]
    fn only_what_the_specification_allows_counts() {
        let counts = |value: &str| parse(value.as_bytes()).is_some();
        assert!(counts("addr=a@b; keydata=a2V5"));
        assert!(counts(" addr = a@b ; _note=x; prefer-encrypt=nopreference; keydata=a2\n V5 ;"));
        for value in [
            "",
            "addr=a@b",
            "keydata=a2V5",
            "addr=a@b; keydata=",
            "addr=a@b; keydata=a2V5!",
            "addr=ab; keydata=a2V5",
            "addr=a@b; keydata=a2V5; unknown=1",
            "addr=a@b; keydata=a2V5; type=1",
            "addr=a@b; addr=c@d; keydata=a2V5",
            "addr=a@b; keydata=a2V5; keydata=a2V5",
            "addr=a@b; nonsense; keydata=a2V5",
        ] {
            assert!(!counts(value), "{value}");
        }
        assert!(parse(b"addr=a@b; prefer-encrypt=mutual; keydata=a2V5").unwrap().prefer_encrypt);
        assert!(!parse(b"addr=a@b; prefer-encrypt=Mutual; keydata=a2V5").unwrap().prefer_encrypt);
        assert!(!counts(&format!("addr=a@b; keydata={}", "A".repeat(MAX_FIELD))));
    }
}
