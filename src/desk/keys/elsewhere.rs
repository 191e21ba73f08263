//! Certificates that others hold: the directory that OpenPGP programs share on
//! this machine, and the web key directory of an address. Both are filled by
//! programs, so what comes from them counts as what comes by mail does.

use std::io::Read as _;

use openpgp_cert_d::CertD;

use super::KeyImport;
use super::meeting::standing_with;
use super::take::{KeepError, save};
use crate::desk::{Desk, Error, Result};
use crate::pgp::cert::{self, Found};
use crate::pgp::wkd::{Wkd, from_wkd, wkd};
use crate::store::CertRecord;
use crate::text;
use crate::triage::Origin;

/// Certificates of the shared directory that are looked at.
const MAX_CERTS: usize = 100_000;

/// Bytes of one certificate.
const MAX_CERT: u64 = 1 << 20;

/// Bytes of an answer from a web key directory.
pub const MAX_ANSWER: u64 = 256 << 10;

/// Asks for a URL; `None` where there is nothing, in words what went wrong.
pub type Get<'a> = &'a dyn Fn(&str) -> std::result::Result<Option<Vec<u8>>, String>;

/// Where the certificate of `address` would be asked for.
///
/// # Errors
/// When no server could have one for such an address.
pub fn lookup(address: &str) -> Result<Wkd> {
    wkd(address).ok_or_else(|| {
        Error::Misread(format!("'{}' is no address that a web key directory has", text::line(address)))
    })
}

impl Desk {
    /// Takes certificates in from the shared directory (`PGP_CERT_D`, or
    /// `pgp.cert.d` in the user's data): the one with this fingerprint, or those
    /// that bear this address.
    ///
    /// # Errors
    /// When the directory cannot be read, holds none that fits, or the store fails.
    pub fn collect_keys(&mut self, query: &str) -> Result<KeyImport> {
        let failed = |error: openpgp_cert_d::Error| Error::Key {
            file: "shared certificate directory".to_owned(),
            reason: text::line(&error.to_string()),
        };
        let directory = CertD::new().map_err(failed)?;
        let wanted: String = query.chars().filter(|c| !c.is_whitespace()).collect();
        let mut import = KeyImport::default();
        let names: Vec<String> = if wanted.contains('@') {
            directory.fingerprints().filter_map(std::result::Result::ok).take(MAX_CERTS).collect()
        } else {
            vec![wanted.to_lowercase()]
        };
        for name in names {
            let Some(file) = directory.get_file(&name).map_err(failed)? else { continue };
            let mut bytes = Vec::new();
            file.take(MAX_CERT).read_to_end(&mut bytes).map_err(|source| Error::file(&name, source))?;
            let Ok(read) = cert::read(&bytes, self.now()) else { continue };
            for found in read.found {
                let address = wanted.to_lowercase();
                if !wanted.contains('@') || found.emails.contains(&address) {
                    self.hold(&found, Origin::Directory, &mut import)?;
                }
            }
        }
        self.finish(import, &format!("the shared certificate directory has none for {}", text::line(query)))
    }

    /// Asks the web key directory of `address` through `get`, on its own host
    /// first, and takes in what it has for that address alone.
    ///
    /// # Errors
    /// When it has none, cannot be asked, or the store fails.
    pub fn fetch_keys(&mut self, address: &str, get: Get<'_>) -> Result<KeyImport> {
        let place = lookup(address)?;
        let mut reasons = Vec::new();
        let mut import = KeyImport::default();
        for url in [place.advanced(), place.direct()] {
            match get(&url) {
                Ok(Some(bytes)) => {
                    for found in from_wkd(&bytes, address, self.now()) {
                        self.hold(&found, Origin::Wkd, &mut import)?;
                    }
                    break;
                }
                Ok(None) => reasons.push(format!("nothing at {url}")),
                Err(why) => reasons.push(format!("{url}: {}", text::line(&why))),
            }
        }
        let none = if reasons.is_empty() {
            "it has no certificate for that address".to_owned()
        } else {
            reasons.join("; ")
        };
        self.finish(import, &none)
    }

    /// Keeps a certificate that a program handed us.
    fn hold(&mut self, found: &Found, origin: Origin, import: &mut KeyImport) -> Result<()> {
        let (actor, now) = (self.actor.clone(), self.now());
        let record = CertRecord {
            fingerprint: found.fingerprint.clone(),
            secret: false,
            handles: found.handles.clone(),
            addresses: found.emails.clone(),
            bytes: found.public.clone(),
        };
        self.store
            .write(|writer| -> std::result::Result<(), KeepError> {
                if save(writer, record, &actor, now)? {
                    writer.note_cert(&found.fingerprint, &actor, now, &format!("taken in ({origin})"))?;
                }
                for address in &found.emails {
                    writer.sight(&found.fingerprint, address, origin, now)?;
                    standing_with(writer, address, &found.fingerprint, &actor, now)?;
                }
                Ok(())
            })
            .map_err(|error| error.about("certificate"))?;
        import.held.extend(self.listing_of(&found.fingerprint)?);
        Ok(())
    }

    fn finish(&mut self, mut import: KeyImport, none: &str) -> Result<KeyImport> {
        if import.held.is_empty() {
            return Err(Error::Refused(none.to_owned()));
        }
        self.open_waiting(&mut import)?;
        Ok(import)
    }
}
