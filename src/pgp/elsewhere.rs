//! Secret keys that are not at hand but can be asked for one operation: in an
//! agent, on a card, at the other end of a pipe. Knows no protocol, only bytes,
//! so that a process without any key can pass the question on.

use super::Protected;

/// A session key as a secret key gave it out (RFC 9580, section 5.1).
pub struct SessionKey {
    /// The cipher that the packet names, by its number (RFC 9580, section 9.3);
    /// `None` where the container names it.
    pub cipher: Option<u8>,
    /// The key itself.
    pub key: Protected,
}

/// Secret keys that can be asked for a session key, one message at a time.
pub trait Elsewhere {
    /// Asks the key with this fingerprint (upper-case hexadecimal) to open
    /// `packet`, the body of a public-key encrypted session key packet. `cipher` is the number of the cipher where the container names it.
    /// `Ok(None)`: the key is there and does not open this packet. Asking may
    /// take minutes: a person may have to give a passphrase or fetch a card.
    ///
    /// # Errors
    /// Why the key could not be asked; [`Refusal::NotHeld`] where it is not there.
    fn session_key(
        &self,
        fingerprint: &str,
        packet: &[u8],
        cipher: Option<u8>,
    ) -> Result<Option<SessionKey>, Refusal>;
}

/// Why a secret key that is elsewhere did nothing, in words with the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum Refusal {
    /// It is not there.
    #[error("the GnuPG agent does not hold it; import it there with `gpg --import`")]
    NotHeld,
    /// The person closed the prompt for the passphrase, the PIN or the card.
    #[error("the GnuPG agent's prompt was cancelled; try again and answer it")]
    Cancelled,
    /// The passphrase or PIN was wrong.
    #[error("the passphrase or PIN was wrong; try again (a card blocks its PIN after three wrong ones)")]
    WrongPassphrase,
    /// The card blocked its PIN.
    #[error("the card has blocked its PIN; unblock it with `gpg --change-pin`")]
    PinBlocked,
    /// The secret key is on a card that is not there.
    #[error("the card that holds it is missing; insert the card and try again")]
    CardMissing,
    /// The agent could not ask for the passphrase.
    #[error(
        "the GnuPG agent cannot show its prompt here; set `GPG_TTY` to this terminal (`export GPG_TTY=$(tty)`)"
    )]
    NoPrompt,
    /// No agent listens.
    #[error("the GnuPG agent is not running; start it with `gpg-connect-agent /bye`")]
    NotRunning,
    /// Nothing came in time.
    #[error("the GnuPG agent did not answer in time; restart it with `gpgconf --kill gpg-agent`")]
    TimedOut,
    /// The agent does not keep to its protocol.
    #[error("the GnuPG agent sent what is no answer ({0}); restart it with `gpgconf --kill gpg-agent`")]
    Garbled(std::borrow::Cow<'static, str>),
    /// An algorithm that the agent cannot be asked for.
    #[error(
        "its algorithm, {0}, cannot be used through the GnuPG agent; use an RSA, EdDSA, ECDSA or ECDH key"
    )]
    Unsupported(String),
    /// Anything else, in the agent's own words, made safe to show.
    #[error("the GnuPG agent failed ({0}); see what `gpg --card-status` and the agent's log say")]
    Failed(String),
}
