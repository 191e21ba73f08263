//! What people decide about a key: that it is whose it says, or that it is no
//! longer to be used. Each decision is recorded: who, when, how.

use crate::desk::{Desk, Error, KeyListing, Result};
use crate::triage::Trust;
use crate::triage::trust::Standing;

/// What the record of a key says where a person verified it.
pub const COMPARED: &str = "fingerprint compared";

impl Desk {
    /// Notes that a person compared the fingerprint with its holder, and how
    /// (`read out on the phone`). It counts for `address`, or for every address
    /// that it bears. What it signed is weighed again.
    ///
    /// # Errors
    /// When the key does not bear the address, or the store fails.
    pub fn verify_key(&mut self, fingerprint: &str, address: Option<&str>, how: &str) -> Result<KeyListing> {
        let how = if how.trim().is_empty() { "no word on how" } else { how.trim() };
        self.set_trust(fingerprint, address, Trust::Verified, &format!("{COMPARED}: {how}"))
    }

    /// Notes that a key is no longer to be used for signing or encrypting, and
    /// why. What is encrypted to it still opens where it is ours.
    ///
    /// # Errors
    /// When the store fails.
    pub fn retire_key(&mut self, fingerprint: &str, why: &str) -> Result<KeyListing> {
        let why = if why.trim().is_empty() { "no reason given" } else { why.trim() };
        self.set_trust(fingerprint, None, Trust::Retired, &format!("retired: {why}"))
    }

    fn set_trust(
        &mut self,
        fingerprint: &str,
        address: Option<&str>,
        trust: Trust,
        what: &str,
    ) -> Result<KeyListing> {
        let addresses = self.store.addresses_of(fingerprint)?;
        let addresses: Vec<String> = match address.map(str::to_lowercase) {
            None => addresses,
            Some(one) if addresses.contains(&one) => vec![one],
            Some(other) => {
                let shown = crate::text::line(&other);
                return Err(Error::Refused(format!("the key does not bear {shown}; ask for one that does")));
            }
        };
        if addresses.is_empty() {
            return Err(Error::Refused(
                "no valid user ID of the key has an address; ask for one that has".into(),
            ));
        }
        let (by, at) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            for address in addresses {
                let standing = Standing { address, trust, at, by: by.clone() };
                writer.set_standing(fingerprint, &standing)?;
            }
            writer.note_cert(fingerprint, &by, at, what)
        })?;
        self.weigh_again(fingerprint)?;
        self.listed(fingerprint)
    }
}
