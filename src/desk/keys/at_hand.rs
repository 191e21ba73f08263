//! The keys at hand while mail is read, as of one moment: several threads, and
//! processes through them, can use them at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::age::Identity;
use crate::desk::{Desk, Result};
use crate::pgp::agent::{Agent, AgentKeys};
use crate::pgp::detail::{SecretPart, detail};
use crate::pgp::elsewhere::SessionKey;
use crate::pgp::{Elsewhere, Keyring, KnownCerts, Refusal};

/// All keys at hand at one moment.
pub struct AtHand {
    /// The team's OpenPGP keys, serialised.
    pub(in crate::desk) team: Vec<Vec<u8>>,
    /// The lines of the team's age identities.
    pub(in crate::desk) identities: Vec<Zeroizing<Vec<u8>>>,
    /// Everybody's certificates.
    pub(in crate::desk) known: Box<dyn KnownCerts + Send + Sync>,
    /// Tells one set of keys from another: whoever reads with them may remember
    /// what it was told of other people's certificates.
    pub(in crate::desk) generation: u64,
    /// Keys of the team that are in the agent, where it may be asked.
    agent: Option<AskedOnce>,
}

/// A number that no other set of keys has in this process.
fn next_generation() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

impl AtHand {
    /// These OpenPGP keys of the team, and nothing else of it.
    pub fn of(team: Vec<Vec<u8>>, known: impl KnownCerts + Send + Sync + 'static) -> Self {
        let (identities, generation) = (Vec::new(), next_generation());
        Self { team, identities, known: Box::new(known), generation, agent: None }
    }

    /// All of them as a key ring.
    pub(in crate::desk) fn keyring(&self) -> Keyring<'_> {
        let keyring = Keyring::new(self.team.iter().map(Vec::as_slice), &*self.known);
        match self.elsewhere() {
            Some(elsewhere) => keyring.with_elsewhere(elsewhere),
            None => keyring,
        }
    }

    /// Whom to ask for keys that are not here.
    pub(in crate::desk) fn elsewhere(&self) -> Option<&dyn Elsewhere> {
        self.agent.as_ref().map(|agent| agent as &dyn Elsewhere)
    }

    /// The team's age identities.
    pub(in crate::desk) fn age(&self) -> Vec<Identity> {
        let read = |line: &Zeroizing<Vec<u8>>| crate::age::read_identities(line).ok();
        self.identities.iter().filter_map(read).flatten().collect()
    }
}

impl Desk {
    /// What there is now.
    pub(in crate::desk) fn at_hand(&self) -> Result<AtHand> {
        let team = self.team_keys()?;
        let agent = self.may_ask_agent.then(|| AskedOnce::of(&team)).flatten();
        let identities = self.store.age_identities()?.into_iter().map(|(_, identity)| identity).collect();
        let known = Box::new(KnownSnapshot::of(self)?);
        Ok(AtHand { team, identities, known, generation: next_generation(), agent })
    }

    /// The agent, where the secret part of this team key is not here.
    pub(in crate::desk) fn agent_for(&self, key: &[u8]) -> Option<Agent> {
        is_elsewhere(key, self).then(Agent::of_this_user)
    }
}

/// Whether nothing of the secret part is here, locked or not.
fn is_elsewhere(key: &[u8], desk: &Desk) -> bool {
    let here = |part: SecretPart| matches!(part, SecretPart::Open | SecretPart::Locked);
    detail(key, desk.now()).is_ok_and(|detail| !detail.keys.iter().any(|key| here(key.secret)))
}

/// The agent, asked until it says no: a cancelled prompt comes back for none of
/// the messages that follow.
struct AskedOnce {
    keys: AgentKeys,
    refused: Mutex<Option<Refusal>>,
}

impl AskedOnce {
    fn of(team: &[Vec<u8>]) -> Option<Self> {
        let certs = || team.iter().map(Vec::as_slice);
        (!team.is_empty())
            .then(|| Self { keys: AgentKeys::new(Agent::of_this_user(), certs()), refused: Mutex::default() })
    }
}

impl Elsewhere for AskedOnce {
    fn session_key(
        &self,
        fingerprint: &str,
        packet: &[u8],
        cipher: Option<u8>,
    ) -> std::result::Result<Option<SessionKey>, Refusal> {
        // One prompt at a time.
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(refusal) = &*refused {
            return Err(refusal.clone());
        }
        self.keys.session_key(fingerprint, packet, cipher).inspect_err(|refusal| {
            if !matches!(refusal, Refusal::NotHeld | Refusal::Unsupported(_)) {
                *refused = Some(refusal.clone());
            }
        })
    }
}

/// The certificates known when it was made.
#[derive(Debug, Default)]
struct KnownSnapshot {
    certs: Vec<Vec<u8>>,
    by_handle: HashMap<String, Vec<usize>>,
}

impl KnownSnapshot {
    /// Everything that the store knows.
    fn of(desk: &Desk) -> Result<Self> {
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
