//! Why something could not be opened, in words with the mend.

use super::budget;
use super::elsewhere::Refusal;

/// Why a message could not be opened. No text of it is released with any of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Encrypted, and not to any key that we hold.
    #[error("encrypted to {}, none of which we hold; import the key with `ninety key import`", list(.recipients))]
    NoKey {
        /// Key IDs or fingerprints, upper-case hexadecimal, or `a hidden recipient`.
        recipients: Vec<String>,
    },
    /// Encrypted to a key that we hold, but only locked by its passphrase.
    #[error(
        "encrypted to {key}, which we hold locked; open it with `ninety key unlock`, or o in the console"
    )]
    Locked {
        /// Fingerprint, upper-case hexadecimal.
        key: String,
    },
    /// Encrypted to a key of ours whose secret part is elsewhere, and was not used.
    #[error("encrypted to {key}, and {refusal}")]
    Refused {
        /// Fingerprint, upper-case hexadecimal.
        key: String,
        /// Why.
        refusal: Refusal,
    },
    /// Encrypted with a password alone. Passwords are never tried on opening:
    /// the work of each guess is priced by the sender.
    #[error("encrypted with a password instead of a key; ask the sender to encrypt to our key")]
    PasswordOnly,
    /// Old encryption without any integrity protection (SED, RFC 9580, section 5.7).
    #[error(
        "encrypted without integrity protection, so it may have been altered; no text is shown, ask the sender to use a current program"
    )]
    NoIntegrity,
    /// The integrity check failed (MDC or AEAD tag).
    #[error(
        "altered or damaged on the way (its integrity check failed); no text is shown, ask the sender for it again"
    )]
    Manipulated,
    /// Structure or content is broken.
    #[error("damaged ({0}); ask the sender for it again")]
    Damaged(String),
    /// An algorithm or packet version that this build cannot do.
    #[error("uses {0}, which ninety cannot do; GnuPG may open it")]
    Unsupported(String),
    /// More plaintext than is opened at once.
    #[error("larger than {} MiB when opened; ask the sender for a smaller one", budget::MAX_PLAINTEXT >> 20)]
    TooBig,
    /// More packets, signatures or bytes beside the text than any honest message has.
    #[error("built to exhaust its reader ({0}); not opened")]
    TooMuchWork(&'static str),
    /// There is no OpenPGP message in the data.
    #[error("there is no OpenPGP message in it; ask the sender for it again")]
    NoMessage,
    /// The OpenPGP library panicked.
    #[error("the OpenPGP library failed on it; open it with another program and with care")]
    Crashed,
}

fn list(recipients: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut words = recipients.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if recipients.len() > SHOWN {
        words.push_str(&format!(" and {} more", recipients.len() - SHOWN));
    }
    if words.is_empty() { "nobody named".to_owned() } else { words }
}

/// Runs `work`, turning a panic of the library into [`Failure::Crashed`].
/// Whatever the closure borrowed must not be read afterwards as if it were whole.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|_| Failure::Crashed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_failure() {
        assert_eq!(
            guarded(|| if true {
                panic!("library")
            }),
            Err(Failure::Crashed)
        );
    }

    #[test]
    fn a_missing_key_is_named_with_its_mend() {
        let failure = Failure::NoKey { recipients: (0..6).map(|n| format!("KEY{n}")).collect() };
        let words = failure.to_string();
        assert!(
            words.starts_with("encrypted to KEY0, KEY1, KEY2, KEY3 and 2 more, none of which"),
            "{words}"
        );
        assert!(words.contains("ninety key import"));
    }
}
