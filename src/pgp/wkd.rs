//! The Web Key Directory: where a domain publishes the certificates of its
//! addresses (draft-koch-openpgp-webkey-service, section 3.1). Only names and
//! what may be believed of an answer; fetching and writing are others' work.

use chrono::{DateTime, Utc};
use sequoia_openpgp::Cert;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::types::HashAlgorithm;

use super::cert::{self, Found};
use super::failure::guarded;
use super::fitness::has_address;

/// Bytes of an address (RFC 5321, section 4.5.3.1).
const MAX_ADDRESS: usize = 254;

/// Certificates that are taken from one answer; one is usual, two during a change.
const MAX_FOUND: usize = 8;

/// Where the certificate of an address is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wkd {
    /// z-base-32 of the SHA-1 of the lower-cased local part: 32 characters.
    pub hash: String,
    /// The local part as it was given. Foreign text.
    pub local: String,
    /// The domain, lower-case ASCII: names with other letters in their
    /// punycode form (RFC 5891).
    pub domain: String,
}

/// Where the certificate of `address` would be; `None` where no server could
/// have it: quoted local parts, address literals, bare host names, and whatever
/// would not stay inside the path of a URL.
pub fn wkd(address: &str) -> Option<Wkd> {
    let (local, domain) = address.split_once('@')?;
    if address.len() > MAX_ADDRESS || !is_dot_string(local) {
        return None;
    }
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, top) = domain.rsplit_once('.')?;
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut hash = HashAlgorithm::SHA1.context().ok()?.for_digest();
    hash.update(local.to_ascii_lowercase().as_bytes());
    Some(Wkd { hash: z_base_32(&hash.into_digest().ok()?), local: local.to_owned(), domain })
}

/// The certificates in a directory's answer that are for `address`, with no
/// other user ID: a server speaks for the address that it was asked for (section 3.1).
pub fn from_wkd(bytes: &[u8], address: &str, now: DateTime<Utc>) -> Vec<Found> {
    let found = cert::read(bytes, now).map(|file| file.found).unwrap_or_default();
    let only = |found: &Found| {
        let cert = Cert::from_bytes(&found.public).ok()?;
        let cert = cert.retain_userids(|id| has_address(id.userid(), address));
        cert.userids().next()?;
        cert::describe(&cert, now).ok()
    };
    found.iter().filter_map(|found| guarded(|| only(found)).ok().flatten()).take(MAX_FOUND).collect()
}

impl Wkd {
    /// The URL on the host that is kept for this: to be asked first.
    pub fn advanced(&self) -> String {
        format!("https://openpgpkey.{}/{}?l={}", self.domain, self.path(), percent_encoded(&self.local))
    }

    /// The URL on the domain itself: only where the other host does not exist.
    pub fn direct(&self) -> String {
        let local = percent_encoded(&self.local);
        format!("https://{}/.well-known/openpgpkey/hu/{}?l={local}", self.domain, self.hash)
    }

    /// The file with the certificate in a tree that is published, from its root.
    pub fn path(&self) -> String {
        format!(".well-known/openpgpkey/{}/hu/{}", self.domain, self.hash)
    }

    /// The file that has to be there, and may be empty (section 4.5).
    pub fn policy(&self) -> String {
        format!(".well-known/openpgpkey/{}/policy", self.domain)
    }
}

/// Whether a local part is plain: a dot-string (RFC 5321, section 4.1.2), with
/// letters beyond ASCII (RFC 6531).
fn is_dot_string(local: &str) -> bool {
    let is_atext = |c: char| match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
        other => other.is_alphanumeric(),
    };
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// The alphabet of z-base-32 (RFC 6189, section 5.1.6).
const Z_BASE_32: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";

fn z_base_32(bytes: &[u8]) -> String {
    let digit = |chunk: &[u8], place: usize| {
        let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let bits = bits << (40 - 8 * chunk.len());
        Z_BASE_32.get((bits >> (35 - 5 * place)) as usize & 31).map(|letter| char::from(*letter))
    };
    let digits = |chunk: &[u8]| (chunk.len() * 8).div_ceil(5);
    bytes
        .chunks(5)
        .flat_map(|chunk| (0..digits(chunk)).filter_map(move |place| digit(chunk, place)))
        .collect()
}

/// All but the unreserved characters as their bytes (RFC 3986, section 2).
fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other if other.is_ascii_alphanumeric() => char::from(other).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_draft() {
        let joe = wkd("Joe.Doe@Example.ORG").unwrap();
        assert_eq!(joe.hash, "iy9q119eutrkn8s1mk4r39qejnbu3n5q");
        assert_eq!(
            joe.advanced(),
            "https://openpgpkey.example.org/.well-known/openpgpkey/example.org/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe"
        );
        assert_eq!(
            joe.direct(),
            "https://example.org/.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe"
        );
        assert_eq!(joe.path(), ".well-known/openpgpkey/example.org/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q");
        assert_eq!(joe.policy(), ".well-known/openpgpkey/example.org/policy");
    }

    #[test]
    fn odd_local_parts_stay_in_the_query() {
        let wild = wkd("o'neil+psirt/{x}&l=eve#%?@example.org").unwrap();
        assert!(wild.advanced().ends_with("?l=o%27neil%2Bpsirt%2F%7Bx%7D%26l%3Deve%23%25%3F"), "{wild:?}");
        let accent = wkd("J\u{f6}rg@example.org").unwrap();
        assert!(accent.direct().ends_with("?l=J%C3%B6rg"));
    }

    #[test]
    fn other_letters_in_a_domain_become_punycode() {
        assert_eq!(wkd("ann@B\u{fc}cher.example").unwrap().domain, "xn--bcher-kva.example");
    }

    #[test]
    fn addresses_that_leave_the_path_or_name_no_domain_are_refused() {
        for address in [
            "",
            "@",
            "ann",
            "@example.org",
            "ann@",
            "ann@@example.org",
            "ann@evil@example.org",
            "ann@example.org/../..",
            "ann@..",
            "ann@.example.org",
            "ann@exam\nple.org",
            "ann@example.org:8080",
            "ann@[192.0.2.1]",
            "ann@192.0.2.1",
            "ann@localhost",
            "ann@example.org?x",
            "ann@example.org#x",
            "ann@ex%2fample.org",
            "..@example.org",
            "a..b@example.org",
            "\"a b\"@example.org",
            "a b@example.org",
            "a\u{1b}[m@example.org",
            "a\u{202e}b@example.org",
            "a\0@example.org",
        ] {
            assert_eq!(wkd(address), None, "{address:?}");
        }
        assert_eq!(wkd(&format!("{}@example.org", "a".repeat(300))), None);
    }

    #[test]
    fn an_answer_speaks_for_its_address_alone() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let key = |email: &str| cert::generate("X", email, "2026-01-01T00:00:00Z".parse().unwrap()).unwrap();
        let two = crate::pgp::renew::add_user_id(&key("ann@example.org"), "Boss", "boss@example.net", now);
        let answer = [&key("eve@example.org")[..], &two.unwrap()].concat();
        let found = from_wkd(&answer, "Ann@example.org", now);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].user_ids, ["X <ann@example.org>"]);
        assert!(!found[0].is_secret && found[0].secret.is_none());
        assert!(from_wkd(&answer, "zoe@example.org", now).is_empty());
        assert!(from_wkd(b"<html>not found</html>", "ann@example.org", now).is_empty());
    }

    #[test]
    fn z_base_32_of_lengths_that_do_not_divide() {
        // The examples of the encoding's own specification (O'Whielacronx, 2002).
        assert_eq!(z_base_32(&[0xf0, 0xbf, 0xc7]), "6n9hq");
        assert_eq!(z_base_32(&[0xd4, 0x7a, 0x04]), "4t7ye");
        assert_eq!(z_base_32(&[]), "");
    }
}
