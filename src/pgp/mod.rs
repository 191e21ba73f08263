//! OpenPGP: certificates, opening messages, checking signatures, sealing the
//! store's key. Knows nothing of mail, cases or the database.
//!
//! Everything that is opened or checked here is hostile until the library has
//! said otherwise: work is bounded ([`budget`]), passwords and locked keys are
//! never tried, nothing is released before the whole message was processed,
//! and a panic of the library becomes a [`Failure`].

pub mod agent;
mod algorithm;
pub mod armor;
pub mod budget;
pub mod cert;
pub mod check;
pub mod compose;
pub mod detail;
pub mod elsewhere;
pub mod failure;
pub mod fitness;
pub mod keyring;
pub mod lock;
pub mod made_up;
pub mod make;
pub mod open;
mod policy;
pub mod publish;
pub mod renew;
pub mod revoke;
pub mod seal;
mod session;
pub mod wkd;

pub use check::{Checked, Outcome};
pub use elsewhere::{Elsewhere, Refusal};
pub use failure::Failure;
pub use keyring::{Keyring, KnownCerts};
pub use open::{Encrypted, Opened, decrypt, verify_detached, verify_inline};
/// A passphrase: zeroed when dropped, never shown by `Debug`.
pub use sequoia_openpgp::crypto::Password;
/// Secret bytes: zeroed when dropped, never shown by `Debug`.
pub use sequoia_openpgp::crypto::mem::Protected;

use chrono::{DateTime, Utc};
use std::time::SystemTime;

/// Sixteen random bytes in hexadecimal, for names that must be unique and tell nothing.
///
/// # Errors
/// When the system has no randomness.
pub fn random_id() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    sequoia_openpgp::crypto::random(&mut bytes).map_err(|_| Failure::Crashed)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A library time as the rest of ninety has it.
fn utc(time: SystemTime) -> DateTime<Utc> {
    DateTime::<Utc>::from(time)
}
