//! Keys at the desk: taking them in, opening with them what waited for them,
//! and saying whether a reporter can be answered encrypted.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Desk, Error, Result, envelope};
use crate::pgp::cert::{self, Found};
use crate::pgp::{Keyring, KnownCerts, Password, fitness, lock};
use crate::store::{CertRecord, Role, Writer};
use crate::text;
use crate::triage::case;
use crate::triage::event::What;
use crate::triage::message::{Encryption, SignatureStatus};
use crate::triage::{Answer, Case, CaseKey, Change, Person};

/// Bytes of a key file that are read at most.
const MAX_FILE: u64 = 6 << 20;

/// Fewest bytes of a certificate's fingerprint that name it in a message.
const SHORT: usize = 16;

/// What an import of keys did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyImport {
    /// The keys that are held now.
    pub held: Vec<KeyListing>,
    /// What was left out and why. May hold foreign text.
    pub skipped: Vec<String>,
    /// Messages that the new keys opened.
    pub opened: usize,
    /// Messages whose signer is known now.
    pub recognised: usize,
}

/// A key or certificate as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyListing {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// Whether it is one of the team's own, with its secret part.
    pub secret: bool,
    /// All user IDs. Foreign text.
    pub user_ids: Vec<String>,
    /// In words: `EdDSA/ECDH`, `RSA-4096`.
    pub algorithm: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it expires.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it can be used now, and if not, why.
    pub fitness: String,
}

impl KeyListing {
    fn of(found: &Found, secret: bool) -> Self {
        Self {
            fingerprint: found.fingerprint.clone(),
            secret,
            user_ids: found.user_ids.clone(),
            algorithm: found.algorithm.clone(),
            created: found.created,
            expires: found.expires,
            fitness: found.fitness.to_string(),
        }
    }
}

/// The certificates known when it was made, so that several threads can ask at once.
#[derive(Debug, Default)]
pub(super) struct KnownSnapshot {
    certs: Vec<Vec<u8>>,
    by_handle: HashMap<String, Vec<usize>>,
}

impl KnownSnapshot {
    /// Everything that the store knows.
    pub(super) fn of(desk: &Desk) -> Result<Self> {
        let mut snapshot = Self { certs: desk.store.known_certs()?, by_handle: HashMap::new() };
        for (handle, fingerprint) in desk.store.known_handles()? {
            snapshot.by_handle.entry(handle).or_default().push(fingerprint);
        }
        Ok(snapshot)
    }
}

impl KnownCerts for KnownSnapshot {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        let numbers = self.by_handle.get(handle).into_iter().flatten();
        numbers.filter_map(|&number| self.certs.get(number)).cloned().collect()
    }
}

impl Desk {
    /// Takes in the keys of `files`: a secret key becomes a team key, a
    /// certificate a known one. Then opens what waited for them.
    ///
    /// # Errors
    /// When a file holds no key, a key is locked and `passphrase` does not open
    /// it, or the store fails; keys of files before that one are kept.
    pub fn import_keys(
        &mut self,
        files: &[impl AsRef<Path>],
        passphrase: Option<&Password>,
    ) -> Result<KeyImport> {
        let mut import = KeyImport::default();
        for file in files {
            self.import_key_file(file.as_ref(), passphrase, &mut import)?;
        }
        self.open_waiting(&mut import)?;
        Ok(import)
    }

    fn import_key_file(
        &mut self,
        file: &Path,
        passphrase: Option<&Password>,
        import: &mut KeyImport,
    ) -> Result<()> {
        let name = file.to_string_lossy().into_owned();
        let refuse = |reason: String| Error::Key { file: name.clone(), reason };
        let mut bytes = Vec::new();
        File::open(file)
            .and_then(|opened| opened.take(MAX_FILE).read_to_end(&mut bytes))
            .map_err(|source| Error::file(file, source))?;
        let read = cert::read(&bytes, self.now()).map_err(|error| refuse(error.to_string()))?;
        import.skipped.extend(read.skipped);
        for found in read.found {
            self.keep_key(&found, passphrase).map_err(|error| match error {
                KeepError::Locked(reason) => refuse(reason),
                KeepError::Desk(error) => error,
            })?;
            import.held.push(KeyListing::of(&found, found.is_secret));
        }
        Ok(())
    }

    /// Takes in a key or certificate from memory, unlocked where it is secret.
    ///
    /// # Errors
    /// When it is no key, or the store fails.
    pub fn take_key(&mut self, key: &[u8]) -> Result<()> {
        let refuse = |reason: String| Error::Key { file: "new key".into(), reason };
        let read = cert::read(key, self.now()).map_err(|error| refuse(error.to_string()))?;
        for found in &read.found {
            self.keep_key(found, None).map_err(|error| match error {
                KeepError::Locked(reason) => refuse(reason),
                KeepError::Desk(error) => error,
            })?;
        }
        Ok(())
    }

    fn keep_key(
        &mut self,
        found: &Found,
        passphrase: Option<&Password>,
    ) -> std::result::Result<(), KeepError> {
        let secret = match &found.secret {
            None => None,
            Some(secret) if !found.is_locked => Some(secret.clone()),
            Some(secret) => Some(unlocked(secret, passphrase)?),
        };
        let bytes = secret.as_deref().unwrap_or(&found.public);
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| -> std::result::Result<(), KeepError> {
            let (bytes, secret) = merged(writer, found, bytes, secret.is_some())?;
            let record = CertRecord {
                fingerprint: found.fingerprint.clone(),
                secret,
                handles: found.handles.clone(),
                addresses: found.emails.clone(),
                bytes: bytes.to_vec(),
            };
            Ok(writer.save_cert(&record, &actor, now)?)
        })
    }

    /// All keys: the team's own first, then the known certificates.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn keys(&self) -> Result<Vec<KeyListing>> {
        let team = self.store.team_keys()?.into_iter().map(|bytes| (bytes, true));
        let known = self.store.known_certs()?.into_iter().map(|bytes| (bytes, false));
        let mut listings = Vec::new();
        for (bytes, secret) in team.chain(known) {
            if let Ok(read) = cert::read(&bytes, self.now()) {
                listings.extend(read.found.iter().map(|found| KeyListing::of(found, secret)));
            }
        }
        Ok(listings)
    }

    /// Reads again what could not be opened or whose signer was unknown.
    fn open_waiting(&mut self, import: &mut KeyImport) -> Result<()> {
        let team = self.store.team_keys()?;
        let known = KnownSnapshot::of(self)?;
        let keyring = Keyring::new(team.iter().map(Vec::as_slice), &known);
        let keys = envelope::Keys { pgp: &keyring, age: &[] };
        for message in self.store.waiting_for_key()? {
            let Some(raw) = self.store.raw(message)? else { continue };
            let reading = envelope::read(&raw, keys, self.now());
            self.replace_reading(message, reading, import)?;
        }
        Ok(())
    }

    fn replace_reading(
        &mut self,
        message: i64,
        reading: envelope::Reading,
        import: &mut KeyImport,
    ) -> Result<()> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            let key = writer.case_of(message)?;
            let before = writer.protection(message)?;
            let verdict = &reading.content.verdict;
            let opened = before.0 == Encryption::Failed && verdict.encryption != Encryption::Failed;
            let recognised = before.1 == SignatureStatus::UnknownKey
                && verdict.signature.status != SignatureStatus::UnknownKey;
            if !opened && !recognised {
                return Ok(());
            }
            import.opened += usize::from(opened);
            import.recognised += usize::from(recognised && !opened);
            let mut case = writer.case(key)?;
            case.version += 1;
            let batch = writer.begin_batch(&actor, now, Role::Quiet)?;
            let what = if opened { What::Opened { message } } else { What::Recognised { message } };
            writer.append(batch, &case, &what)?;
            if opened {
                case.unread = true;
                if let Some(retitled) = retitled(&case, &writer.subject_of(message)?, &reading) {
                    writer.append(batch, &case, &retitled)?;
                    case.title = case::title_of(&reading.content.subject);
                }
            }
            writer.set_content(message, &reading.content)?;
            case.encryption = worst_in(writer, key)?;
            Ok(writer.save_case(&case)?)
        })
    }

    /// Whether `reporter` can be answered encrypted, and if not, why.
    pub(super) fn answer_to(&self, reporter: &Person) -> Result<Answer> {
        let address = text::line(&reporter.email);
        if address.is_empty() {
            return Ok(Answer::NotPossible("the report names no address to answer to".into()));
        }
        let mut usable = Vec::new();
        let mut reasons = Vec::new();
        for bytes in self.store.certs_for(&reporter.email)? {
            let Ok(read) = cert::read(&bytes, self.now()) else { continue };
            for found in read.found {
                match fitness::can_encrypt_to(&found.public, &reporter.email, self.now()) {
                    Ok(()) => usable.push(found.fingerprint),
                    Err(why) => reasons.push(format!("{}: {why}", short(&found.fingerprint))),
                }
            }
        }
        Ok(match (usable.as_slice(), reasons.as_slice()) {
            ([only], _) => Answer::Encrypted { fingerprint: only.clone() },
            ([], []) => Answer::NotPossible(format!(
                "no certificate for {address} is known; ask for it and take it in with 'ninety key import FILE'"
            )),
            ([], reasons) => Answer::NotPossible(reasons.join("; ")),
            (several, _) => Answer::NotPossible(format!(
                "{} certificates claim {address} ({}); compare fingerprints with the reporter first",
                several.len(),
                several.iter().map(|fingerprint| short(fingerprint)).collect::<Vec<_>>().join(", ")
            )),
        })
    }
}

/// The new title, where the case still has the one that the unopened message gave it.
fn retitled(case: &Case, old_subject: &str, reading: &envelope::Reading) -> Option<What> {
    let after = Change::Title(case::title_of(&reading.content.subject));
    let before = after.current_in(case);
    (case.title == case::title_of(old_subject) && before != after).then_some(What::Changed { before, after })
}

/// Why a key was not kept.
enum KeepError {
    Locked(String),
    Desk(Error),
}

impl<E: Into<Error>> From<E> for KeepError {
    fn from(error: E) -> Self {
        Self::Desk(error.into())
    }
}

fn unlocked(
    secret: &crate::pgp::Protected,
    passphrase: Option<&Password>,
) -> std::result::Result<crate::pgp::Protected, KeepError> {
    let needs = "this secret key is locked; name a file with its passphrase by --key-passphrase-file";
    let passphrase = passphrase.ok_or_else(|| KeepError::Locked(needs.into()))?;
    lock::unlock(secret, passphrase).map_err(|error| KeepError::Locked(error.to_string()))
}

/// What is kept of a key that may be known already: the union, and never less
/// than what was there. A team key stays one when its public part comes in again.
fn merged(
    writer: &Writer<'_>,
    found: &Found,
    bytes: &[u8],
    secret: bool,
) -> std::result::Result<(crate::pgp::Protected, bool), KeepError> {
    let Some((kept, kept_secret)) = writer.cert(&found.fingerprint)? else {
        return Ok((bytes.to_vec().into(), secret));
    };
    let both = cert::merge(&kept, bytes).map_err(|error| KeepError::Locked(error.to_string()))?;
    Ok((both, secret || kept_secret))
}

fn worst_in(writer: &Writer<'_>, case: CaseKey) -> Result<Encryption> {
    let all = writer.encryptions_in(case)?;
    Ok(all.into_iter().fold(Encryption::None, Encryption::worst))
}

/// The end of a fingerprint, as people compare it at first glance.
fn short(fingerprint: &str) -> &str {
    fingerprint.get(..SHORT).unwrap_or(fingerprint)
}
