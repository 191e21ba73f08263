//! What is accepted when a message is read: signatures and keys as the
//! library's standard policy says, encryption whatever the sender chose as
//! long as it protects integrity. An old cipher is no reason to keep a report
//! from the team; it is told.

use std::time::{Duration, SystemTime};

use sequoia_openpgp::cert::amalgamation::key::ValidErasedKeyAmalgamation;
use sequoia_openpgp::packet::{Packet, Signature, Tag, key};
use sequoia_openpgp::policy::{HashAlgoSecurity, Policy, StandardPolicy};
use sequoia_openpgp::types::{AEADAlgorithm, SymmetricAlgorithm};
use sequoia_openpgp::{Error, Result};

/// Seconds from the epoch to 2021-02-01, when version 3 signatures stopped to count.
const VERSION_3_UNTIL: u64 = 1_612_137_600;

/// The policy for reading mail at one moment.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    standard: StandardPolicy<'a>,
}

impl Reading<'_> {
    /// The policy as it stands at `now`.
    pub(super) fn at(now: SystemTime) -> Self {
        Self { standard: StandardPolicy::at(now) }
    }
}

impl Policy for Reading<'_> {
    fn signature(&self, signature: &Signature, security: HashAlgoSecurity) -> Result<()> {
        if signature.version() < 4 {
            let since = SystemTime::UNIX_EPOCH + Duration::from_secs(VERSION_3_UNTIL);
            return Err(Error::PolicyViolation("version 3 signature".to_owned(), Some(since)).into());
        }
        self.standard.signature(signature, security)
    }

    fn key(&self, key: &ValidErasedKeyAmalgamation<key::PublicParts>) -> Result<()> {
        self.standard.key(key)
    }

    fn symmetric_algorithm(&self, cipher: SymmetricAlgorithm) -> Result<()> {
        match cipher {
            SymmetricAlgorithm::Unencrypted => self.standard.symmetric_algorithm(cipher),
            _ => Ok(()),
        }
    }

    fn aead_algorithm(&self, _: AEADAlgorithm) -> Result<()> {
        Ok(())
    }

    fn packet(&self, packet: &Packet) -> Result<()> {
        match packet.tag() {
            Tag::SED => self.standard.packet(packet),
            _ => Ok(()),
        }
    }
}
