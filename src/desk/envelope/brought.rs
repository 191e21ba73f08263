//! The certificates that a mail brings: attached, in its text, in its Autocrypt
//! headers. They are collected and nothing more: whether one is kept, and whom
//! it is believed to belong to, is decided elsewhere. Nothing is ever fetched,
//! and a secret key that somebody sent by mistake is not taken.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::mail::autocrypt::{self, Autocrypt};
use crate::mail::{Content, Entity, Headers, html_to_text};
use crate::pgp::armor::{self, Kind};
use crate::pgp::cert::{self, Found};
use crate::pgp::{Keyring, KnownCerts};
use crate::triage::Origin;

use super::header::same_address;
use super::pieces;

/// Certificates that are taken from one mail.
const MAX_CERTS: usize = 16;

/// Bytes of one certificate once it is stripped of what others attached to it.
const MAX_CERT: usize = 64 << 10;

/// Bytes of a certificate in a header: Autocrypt level 1 asks for about 10 KiB.
const MAX_KEYDATA: usize = 10 << 10;

/// Bytes of one mail that are read as keys.
const MAX_SEARCHED: usize = 1 << 20;

/// Levels of parts that are searched.
const MAX_DEPTH: usize = 32;

const SECRET: &str = "it contains a secret key; tell the sender to revoke it";

/// A certificate that a mail brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// How it came.
    pub origin: Origin,
    /// The address that a header claims it for. Foreign text.
    pub address: Option<String>,
    /// Whether the header asks for encrypted mail (Autocrypt level 1, `prefer-encrypt`).
    pub prefer_encrypt: bool,
    /// What it is.
    pub certificate: Certificate,
}

/// What a certificate says of itself, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Fingerprint, upper-case hexadecimal.
    pub fingerprint: String,
    /// Fingerprints and key IDs of the primary key and all subkeys, upper-case hexadecimal.
    pub handles: Vec<String>,
    /// All user IDs, the primary one first. Foreign text.
    pub user_ids: Vec<String>,
    /// Addresses of the valid, unrevoked user IDs, folded to lower case. Foreign text.
    pub emails: Vec<String>,
    /// When the primary key was made.
    pub created: DateTime<Utc>,
    /// When it expires.
    pub expires: Option<DateTime<Utc>>,
    /// The certificate, stripped and serialised.
    pub public: Vec<u8>,
}

impl From<Found> for Certificate {
    fn from(found: Found) -> Self {
        let Found { fingerprint, handles, user_ids, emails, created, expires, public, .. } = found;
        Self { fingerprint, handles, user_ids, emails, created, expires, public }
    }
}

/// What is known anyway, and what the mail itself brings.
pub(super) struct Also<'a> {
    pub(super) keyring: &'a Keyring<'a>,
    pub(super) brought: &'a [Brought],
}

impl KnownCerts for Also<'_> {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        let is_meant = |one: &&Brought| one.certificate.handles.iter().any(|known| known == handle);
        let brought = self.brought.iter().filter(is_meant).map(|one| one.certificate.public.clone());
        self.keyring.known(handle).into_iter().chain(brought).collect()
    }
}

/// The readable Autocrypt fields of an entity.
pub(super) fn announced(entity: &Entity<'_>) -> Vec<Autocrypt> {
    autocrypt::values(entity, "Autocrypt").into_iter().filter_map(autocrypt::parse).collect()
}

/// Collects while the envelope is opened.
#[derive(Debug)]
pub(super) struct Gatherer {
    now: DateTime<Utc>,
    brought: Vec<Brought>,
    notes: Vec<String>,
    searched: usize,
    /// Autocrypt fields inside the innermost encryption that has any.
    inner: Option<Vec<Autocrypt>>,
    gossip: Vec<Autocrypt>,
}

impl Gatherer {
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        Self { now, brought: Vec::new(), notes: Vec::new(), searched: 0, inner: None, gossip: Vec::new() }
    }

    /// Takes in the header fields of a part that was encrypted.
    pub(super) fn decrypted(&mut self, root: &Entity<'_>) {
        if !autocrypt::values(root, "Autocrypt").is_empty() {
            self.inner = Some(announced(root));
        }
        let gossip = autocrypt::values(root, "Autocrypt-Gossip");
        self.gossip.extend(gossip.into_iter().filter_map(autocrypt::parse));
    }

    /// Takes in what is attached to a payload or stands in its text.
    pub(super) fn payload(&mut self, entity: &Entity<'_>) {
        self.part(entity, 0);
    }

    fn part(&mut self, entity: &Entity<'_>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &entity.content {
            Content::Parts(parts) => parts.iter().for_each(|part| self.part(part, depth + 1)),
            Content::Message(mail) => self.part(&mail.root, depth + 1),
            _ if is_key_file(entity) => self.file(entity),
            Content::Text(text) if !entity.is_attachment => self.text(text),
            Content::Html(source) if !entity.is_attachment && source.contains("-----BEGIN PGP P") => {
                self.text(&html_to_text(source));
            }
            _ => {}
        }
    }

    fn file(&mut self, entity: &Entity<'_>) {
        for bytes in pieces::candidates(entity) {
            if matches!(armor::kind_of(&bytes), Some(Kind::PublicKey | Kind::SecretKey)) {
                return self.keys(&bytes, Origin::Attached, None);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if !text.contains("-----BEGIN PGP P") {
            return;
        }
        for block in armor::blocks(text.as_bytes()) {
            match (block.kind, text.get(block.range)) {
                (Kind::PublicKey, Some(block)) => self.keys(block.as_bytes(), Origin::Inline, None),
                (Kind::SecretKey, _) => self.note(SECRET),
                _ => {}
            }
        }
    }

    /// Takes the certificates in `bytes`; `claim` is the header that they stand in.
    fn keys(&mut self, bytes: &[u8], origin: Origin, claim: Option<&Autocrypt>) {
        self.searched = self.searched.saturating_add(bytes.len());
        if self.searched > MAX_SEARCHED {
            return self.note("it has more key material than is read; import it with `ninety key import`");
        }
        let Ok(file) = cert::read(bytes, self.now) else { return };
        for found in file.found {
            if found.is_secret {
                self.note(SECRET);
            } else if found.public.len() > MAX_CERT {
                self.note("it brings a certificate that is too large to be taken");
            } else {
                self.take(found.into(), origin, claim);
            }
        }
    }

    fn take(&mut self, certificate: Certificate, origin: Origin, claim: Option<&Autocrypt>) {
        let address = claim.map(|claim| claim.address.clone());
        let is_known = |known: &Brought| {
            known.origin == origin
                && known.address == address
                && known.certificate.fingerprint == certificate.fingerprint
        };
        if self.brought.iter().any(is_known) {
            return;
        }
        if self.brought.len() >= MAX_CERTS {
            return self.note("it brings more certificates than are taken");
        }
        let prefer_encrypt = claim.is_some_and(|claim| claim.prefer_encrypt);
        self.brought.push(Brought { origin, address, prefer_encrypt, certificate });
    }

    fn header(&mut self, claim: &Autocrypt, origin: Origin) {
        if claim.keydata.len() > MAX_KEYDATA {
            return self.note("the certificate in its Autocrypt header is too large to be taken");
        }
        self.keys(&claim.keydata, origin, Some(claim));
    }

    /// Ends the collection: weighs the headers against the addresses of the
    /// message. `outer` is what [`announced`] found outside, `outside` the
    /// headers there, `headers` those that count.
    pub(super) fn finish(
        mut self,
        outer: &[Autocrypt],
        outside: &Headers,
        headers: &Headers,
    ) -> (Vec<Brought>, Vec<String>) {
        let (announced, from) = match self.inner.take() {
            Some(inner) => (inner, headers),
            None => (outer.to_vec(), outside),
        };
        // The sender's own key before what others may have put into the text.
        let taken = std::mem::take(&mut self.brought);
        if let Some(claim) = only(&announced, from) {
            self.header(claim, Origin::Autocrypt);
        }
        for claim in std::mem::take(&mut self.gossip) {
            if headers.to.iter().any(|person| same_address(&person.email, &claim.address)) {
                self.header(&claim, Origin::Gossip);
            }
        }
        for Brought { origin, certificate, .. } in taken {
            self.take(certificate, origin, None);
        }
        (self.brought, self.notes)
    }

    fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }
}

/// The one announcement for the one sender. Where there are several, none counts.
fn only<'a>(announced: &'a [Autocrypt], headers: &Headers) -> Option<&'a Autocrypt> {
    let [sender] = &headers.from[..] else { return None };
    let mut fitting = announced.iter().filter(|claim| same_address(&claim.address, &sender.email));
    let first = fitting.next().filter(|_| headers.from_fields == 1)?;
    fitting.next().is_none().then_some(first)
}

fn is_key_file(entity: &Entity<'_>) -> bool {
    let is_named = |name: &str| {
        [".asc", ".gpg", ".pgp", ".key"].iter().any(|ending| pieces::without_ending(name, ending).is_some())
    };
    entity.media_type == "application/pgp-keys" || entity.file_name.as_deref().is_some_and(is_named)
}
