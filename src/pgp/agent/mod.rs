//! Secret keys in the GnuPG agent, cards included: asked over its Unix socket,
//! one connection an operation. Never runs GnuPG's programs and never starts
//! the agent. What the agent says is bounded, and checked like anything foreign.
//!
//! ```text
//! socket     where the agent listens
//! assuan     lines, data and inquiries of its protocol, bounded
//! prompt     what the agent's passphrase prompt has to know of our terminal
//! keygrip    the name by which the agent knows a key; `curves` is part of it
//! sexp       canonical S-expressions, in which it takes and gives numbers
//! key        one key of it as the library's `Decryptor` and `Signer`
//! errors     its error numbers as ours
//! ```

mod assuan;
mod curves;
mod errors;
mod key;
mod keygrip;
mod prompt;
mod sexp;
mod socket;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sequoia_openpgp::Cert;
use sequoia_openpgp::packet::key::{PublicParts, UnspecifiedRole};
use sequoia_openpgp::packet::{Key, PKESK};
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::types::SymmetricAlgorithm;

use super::elsewhere::{Elsewhere, Refusal, SessionKey};
use super::failure::guarded;
use assuan::Connection;
use keygrip::keygrip;

pub(super) use key::AgentKey;

/// Keys that an agent is asked about.
const MAX_KEYS: usize = 256;

/// How long an agent is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For what it does alone.
    pub machine: Duration,
    /// For what a person may have to allow, with a passphrase or a card.
    pub person: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { machine: Duration::from_secs(5), person: Duration::from_secs(120) }
    }
}

/// The way to a running GnuPG agent. Nothing is connected before it is asked.
#[derive(Debug, Clone)]
pub struct Agent {
    socket: PathBuf,
    patience: Patience,
    prompt: Vec<String>,
}

impl Agent {
    /// The agent of `GNUPGHOME`, or of this user where that is not set, with its
    /// prompts on the terminal of this process.
    pub fn of_this_user() -> Self {
        Self { prompt: prompt::options(), ..Self::of_home(&socket::home()) }
    }

    /// The agent of another `GNUPGHOME`.
    pub fn of_home(home: &Path) -> Self {
        Self::at(&socket::of_home(home))
    }

    /// The agent that listens on `socket`.
    pub fn at(socket: &Path) -> Self {
        Self { socket: socket.to_owned(), patience: Patience::default(), prompt: Vec::new() }
    }

    /// The same agent, waited for as long as this.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Fingerprints (upper-case hexadecimal) of those keys and subkeys of
    /// `certs` (serialised) whose secret part the agent holds, or knows on a
    /// card. Asks for no passphrase.
    ///
    /// # Errors
    /// When the agent is not there or does not answer properly.
    pub fn held<'b>(&self, certs: impl IntoIterator<Item = &'b [u8]>) -> Result<Vec<String>, Refusal> {
        let mut connection = self.connect()?;
        let mut held = Vec::new();
        for key in public_keys(certs) {
            if let Some(grip) = keygrip(key.mpis())
                && connection.holds(&grip)?
            {
                held.push(key.fingerprint().to_hex());
            }
        }
        Ok(held)
    }

    fn connect(&self) -> Result<Connection, Refusal> {
        Connection::open(&self.socket, self.patience)
    }
}

/// Keys of ours that an agent is asked for when a message is opened.
#[derive(Debug, Clone)]
pub struct AgentKeys {
    agent: Agent,
    keys: Vec<Key<PublicParts, UnspecifiedRole>>,
}

impl AgentKeys {
    /// The keys and subkeys of `certs` (serialised), at this agent. The agent is
    /// asked for no others.
    pub fn new<'b>(agent: Agent, certs: impl IntoIterator<Item = &'b [u8]>) -> Self {
        Self { agent, keys: public_keys(certs) }
    }
}

impl Elsewhere for AgentKeys {
    fn session_key(
        &self,
        fingerprint: &str,
        packet: &[u8],
        cipher: Option<u8>,
    ) -> Result<Option<SessionKey>, Refusal> {
        let key = self.keys.iter().find(|key| key.fingerprint().to_hex() == fingerprint);
        let key = key.ok_or(Refusal::NotHeld)?.clone();
        let parse = || PKESK::from_bytes(packet).ok();
        let Some(packet) = guarded(parse).ok().flatten() else { return Ok(None) };
        let mut key = AgentKey::new(self.agent.clone(), key);
        let hint = cipher.map(SymmetricAlgorithm::from);
        match guarded(|| packet.decrypt(&mut key, hint)).ok().flatten() {
            Some((cipher, session_key)) => {
                Ok(Some(SessionKey { cipher: cipher.map(u8::from), key: session_key[..].into() }))
            }
            None => key.refusal().map_or(Ok(None), Err),
        }
    }
}

fn public_keys<'b>(certs: impl IntoIterator<Item = &'b [u8]>) -> Vec<Key<PublicParts, UnspecifiedRole>> {
    let parse = |bytes| guarded(|| Cert::from_bytes(bytes).ok()).ok().flatten();
    let certs = certs.into_iter().filter_map(parse);
    let keys = certs.flat_map(|cert| cert.keys().map(|key| key.key().clone()).collect::<Vec<_>>());
    keys.take(MAX_KEYS).collect()
}
