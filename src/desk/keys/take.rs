//! Taking keys in: from files, from memory. A person decided it, so what comes
//! this way counts for the addresses that it bears.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::KeyListing;
use crate::age;
use crate::desk::{Desk, Error, Result};
use crate::pgp::agent::Agent;
use crate::pgp::cert::{self, Found};
use crate::pgp::{Password, Protected, Refusal, lock};
use crate::store::{CertRecord, Writer};
use crate::triage::trust::Standing;
use crate::triage::{Origin, Trust};

/// Bytes of a key file that are read at most.
const MAX_FILE: u64 = 6 << 20;

/// What the line of an age identity begins with.
const IDENTITY: &[u8] = b"AGE-SECRET-KEY-1";

/// What an import of keys did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyImport {
    /// The keys that are held now.
    pub held: Vec<KeyListing>,
    /// Public recipients of the age identities that are held now.
    pub identities: Vec<String>,
    /// What was left out and why. May hold foreign text.
    pub skipped: Vec<String>,
    /// Messages that the new keys opened.
    pub opened: usize,
    /// Messages whose signer is known now.
    pub recognised: usize,
}

/// Why a key was not kept.
#[derive(Debug)]
pub(super) enum KeepError {
    Key(String),
    Desk(Error),
}

impl<E: Into<Error>> From<E> for KeepError {
    fn from(error: E) -> Self {
        Self::Desk(error.into())
    }
}

impl KeepError {
    pub(super) fn about(self, file: &str) -> Error {
        match self {
            Self::Key(reason) => Error::Key { file: file.to_owned(), reason },
            Self::Desk(error) => error,
        }
    }
}

impl Desk {
    /// Takes in the keys of `files`: a secret key becomes a team key, a
    /// certificate a known one. A locked key that `passphrase` opens is kept
    /// open in the encrypted store; without a passphrase it stays locked and is
    /// asked for when it is needed. Then opens what waited for them.
    ///
    /// # Errors
    /// When a file holds no key, `passphrase` does not open a locked one, or the
    /// store fails; keys of files before that one are kept.
    pub fn import_keys(
        &mut self,
        files: &[impl AsRef<Path>],
        passphrase: Option<&Password>,
    ) -> Result<KeyImport> {
        let mut import = KeyImport::default();
        for file in files {
            let bytes = read_file(file.as_ref())?;
            let name = file.as_ref().to_string_lossy().into_owned();
            self.import_bytes(&name, &bytes, passphrase, Origin::File, &mut import)?;
        }
        self.open_waiting(&mut import)?;
        Ok(import)
    }

    /// Takes in keys from memory, found in the way that `origin` says.
    ///
    /// # Errors
    /// As [`import_keys`](Self::import_keys).
    pub(super) fn import_bytes(
        &mut self,
        name: &str,
        bytes: &[u8],
        passphrase: Option<&Password>,
        origin: Origin,
        import: &mut KeyImport,
    ) -> Result<()> {
        if bytes.windows(IDENTITY.len()).any(|window| window == IDENTITY) {
            return self.import_identities(name, bytes, import);
        }
        let refuse = |error: cert::KeyError| Error::Key { file: name.to_owned(), reason: error.to_string() };
        let read = cert::read(bytes, self.now()).map_err(refuse)?;
        import.skipped.extend(read.skipped);
        for found in &read.found {
            self.keep_key(found, passphrase, origin).map_err(|error| error.about(name))?;
            self.weigh_again(&found.fingerprint)?;
            import.held.extend(self.listing_of(&found.fingerprint)?);
        }
        Ok(())
    }

    /// Takes in age identities.
    fn import_identities(&mut self, name: &str, bytes: &[u8], import: &mut KeyImport) -> Result<()> {
        let refuse = |reason: String| Error::Key { file: name.to_owned(), reason };
        let text = std::str::from_utf8(bytes).map_err(|_| refuse("it is no text".into()))?;
        age::read_identities(bytes).map_err(|error| refuse(error.to_string()))?;
        for line in text.lines().map(str::trim).filter(|line| line.as_bytes().starts_with(IDENTITY)) {
            let secret = Protected::from(line.as_bytes());
            let recipient = age::recipient_of(&secret).map_err(|error| refuse(error.to_string()))?;
            self.keep_identity(&recipient, &secret)?;
            import.identities.push(recipient);
        }
        Ok(())
    }

    /// Takes in certificates whose secret part is in the GnuPG agent, or on a
    /// card that it knows: they become keys of the team.
    ///
    /// # Errors
    /// When the agent does not hold them, a file holds no key, or the store fails.
    pub fn import_agent_keys(&mut self, files: &[impl AsRef<Path>]) -> Result<KeyImport> {
        let mut import = KeyImport::default();
        for file in files {
            let bytes = read_file(file.as_ref())?;
            let name = file.as_ref().to_string_lossy().into_owned();
            let refuse = |reason: String| Error::Key { file: name.clone(), reason };
            let read = cert::read(&bytes, self.now()).map_err(|error| refuse(error.to_string()))?;
            for mut found in read.found {
                let held = Agent::of_this_user().held([found.public.as_slice()]);
                if held.map_err(|refusal| refuse(refusal.to_string()))?.is_empty() {
                    return Err(refuse(Refusal::NotHeld.to_string()));
                }
                // Kept as ours, though the secret part stays where it is.
                found.secret = Some(found.public.clone().into());
                found.is_locked = false;
                self.keep_key(&found, None, Origin::File).map_err(|error| error.about(&name))?;
                import.held.extend(self.listing_of(&found.fingerprint)?);
            }
        }
        self.open_waiting(&mut import)?;
        Ok(import)
    }

    /// Takes in a key that was made here, or a certificate that goes with a made-up story.
    ///
    /// # Errors
    /// When it is no key, or the store fails.
    pub fn take_key(&mut self, key: &[u8]) -> Result<()> {
        self.import_bytes("new key", key, None, Origin::Made, &mut KeyImport::default())
    }

    pub(super) fn keep_key(
        &mut self,
        found: &Found,
        passphrase: Option<&Password>,
        origin: Origin,
    ) -> std::result::Result<(), KeepError> {
        let opened = match (&found.secret, passphrase) {
            (Some(secret), Some(passphrase)) if found.is_locked => {
                Some(lock::unlock(secret, passphrase).map_err(|error| KeepError::Key(error.to_string()))?)
            }
            (secret, _) => secret.clone(),
        };
        let record = CertRecord {
            fingerprint: found.fingerprint.clone(),
            secret: opened.is_some(),
            handles: found.handles.clone(),
            addresses: found.emails.clone(),
            bytes: opened.as_deref().unwrap_or(&found.public).to_vec(),
        };
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            let is_new = save(writer, record, &actor, now)?;
            for address in &found.emails {
                writer.sight(&found.fingerprint, address, origin, now)?;
                let known = writer.standing(address, &found.fingerprint)?;
                if known.is_none_or(|known| !matches!(known.trust, Trust::Verified | Trust::Imported)) {
                    let by = actor.clone();
                    let standing = Standing { address: address.clone(), trust: Trust::Imported, at: now, by };
                    writer.set_standing(&found.fingerprint, &standing)?;
                }
            }
            if is_new {
                let what = format!("taken in ({origin})");
                writer.note_cert(&found.fingerprint, &actor, now, &what)?;
            }
            Ok(())
        })
    }
}

/// Keeps a certificate: the union of what was there and what comes, so that
/// nothing is lost and a team key stays one. Whether it is new.
pub(super) fn save(
    writer: &Writer<'_>,
    new: CertRecord,
    actor: &str,
    now: DateTime<Utc>,
) -> std::result::Result<bool, KeepError> {
    let Some((kept, was_secret)) = writer.cert(&new.fingerprint)? else {
        writer.save_cert(&new, actor, now)?;
        return Ok(true);
    };
    let both = cert::merge(&kept, &new.bytes).map_err(|error| KeepError::Key(error.to_string()))?;
    let record = CertRecord { secret: new.secret || was_secret, bytes: both.to_vec(), ..new };
    writer.save_cert(&record, actor, now)?;
    Ok(false)
}

fn read_file(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|opened| opened.take(MAX_FILE).read_to_end(&mut bytes))
        .map_err(|source| Error::file(file, source))?;
    Ok(bytes)
}
