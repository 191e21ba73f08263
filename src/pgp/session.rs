//! Finding the session key of a message: among the keys at hand, then with
//! those that can be asked elsewhere. Locked keys and passwords are not tried.

use sequoia_openpgp::Cert;
use sequoia_openpgp::crypto;
use sequoia_openpgp::packet::{PKESK, SKESK};
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::types::{PublicKeyAlgorithm, SymmetricAlgorithm};
use sequoia_openpgp::{Fingerprint, Packet};

use super::Failure;
use super::budget::{MAX_ASKED, MAX_KEY_TRIALS};
use super::elsewhere::{Refusal, SessionKey};
use super::keyring::Keyring;

/// Tries a session key on the message; whether it fits.
type Open<'o> = dyn FnMut(Option<SymmetricAlgorithm>, &crypto::SessionKey) -> bool + 'o;

/// What is to be opened, and how far it came.
struct Search<'s, 'k> {
    keyring: &'k Keyring<'k>,
    /// Packets for named recipients first: a hidden one costs a trial with every
    /// key that we have.
    packets: Vec<&'s PKESK>,
    cipher: Option<SymmetricAlgorithm>,
    /// A key of ours that was named, and did not open it.
    tried: Option<(Fingerprint, PublicKeyAlgorithm)>,
    /// A key of ours that could not be asked.
    refused: Option<Failure>,
}

/// The certificate of ours whose key opens the message.
///
/// # Errors
/// Why none does.
pub(super) fn find(
    keyring: &Keyring<'_>,
    packets: &[PKESK],
    passwords: &[SKESK],
    cipher: Option<SymmetricAlgorithm>,
    open: &mut Open<'_>,
) -> Result<Cert, Failure> {
    let (named, hidden): (Vec<_>, Vec<_>) = packets.iter().partition(|packet| packet.recipient().is_some());
    let packets_in_order = [named, hidden].concat();
    let mut search = Search { keyring, packets: packets_in_order, cipher, tried: None, refused: None };
    if let Some(cert) = search.at_hand(open).or_else(|| search.elsewhere(open)) {
        return Ok(cert);
    }
    Err(match (search.refused, search.tried) {
        (Some(refused), _) => refused,
        (None, Some((_, algorithm))) if !algorithm.is_supported() => {
            Failure::Unsupported(algorithm.to_string())
        }
        (None, Some((key, _))) => Failure::Damaged(format!("our key {key} does not open it")),
        (None, None) => untried(keyring, packets, passwords),
    })
}

impl Search<'_, '_> {
    /// Tries the unlocked keys of the team.
    fn at_hand(&mut self, open: &mut Open<'_>) -> Option<Cert> {
        let keyring = self.keyring;
        let packets = self.packets.clone();
        let trials =
            packets.iter().flat_map(|packet| keyring.openers(packet).map(move |opener| (*packet, opener)));
        for (packet, (cert, key)) in trials.take(MAX_KEY_TRIALS) {
            self.note_trial(packet, key.fingerprint());
            let Ok(mut pair) = key.into_keypair() else { continue };
            if packet.decrypt(&mut pair, self.cipher).is_some_and(|(cipher, key)| open(cipher, &key)) {
                return Some(cert.clone());
            }
        }
        None
    }

    /// Asks for the keys of the team that are not at hand.
    fn elsewhere(&mut self, open: &mut Open<'_>) -> Option<Cert> {
        let keyring = self.keyring;
        let packets = self.packets.clone();
        let trials =
            packets.iter().flat_map(|packet| keyring.elsewhere(packet).map(move |key| (*packet, key)));
        for (packet, (cert, key, elsewhere)) in trials.take(MAX_ASKED) {
            let bytes = Packet::from(packet.clone()).to_vec().ok()?;
            let fingerprint = key.fingerprint();
            match elsewhere.session_key(&fingerprint.to_hex(), &bytes, self.cipher.map(u8::from)) {
                Ok(Some(found)) if opens(&found, open) => return Some(cert.clone()),
                Ok(_) => self.note_trial(packet, fingerprint),
                Err(Refusal::NotHeld) => {}
                Err(refusal) => {
                    // Whoever said no once is not asked again for the same message.
                    self.refused = Some(Failure::Refused { key: fingerprint.to_hex(), refusal });
                    return None;
                }
            }
        }
        None
    }

    /// That a hidden recipient is not one of us says nothing.
    fn note_trial(&mut self, packet: &PKESK, key: Fingerprint) {
        if packet.recipient().is_some() {
            self.tried = Some((key, packet.pk_algo()));
        }
    }
}

fn opens(found: &SessionKey, open: &mut Open<'_>) -> bool {
    open(found.cipher.map(SymmetricAlgorithm::from), &crypto::SessionKey::from(&found.key[..]))
}

/// Why no key of ours was even tried.
fn untried(keyring: &Keyring<'_>, packets: &[PKESK], passwords: &[SKESK]) -> Failure {
    if let Some(key) = packets.iter().find_map(|packet| keyring.locked(packet)) {
        return Failure::Locked { key };
    }
    if packets.is_empty() && !passwords.is_empty() {
        return Failure::PasswordOnly;
    }
    Failure::NoKey { recipients: packets.iter().map(recipient).collect() }
}

/// Whom a session key is for, in words.
pub(super) fn recipient(packet: &PKESK) -> String {
    packet.recipient().map_or_else(|| "a hidden recipient".to_owned(), |handle| handle.to_hex())
}
