//! Finding the session key of a message: among the keys at hand, then with
//! those that can be asked elsewhere. Locked keys and passwords are not tried.

use sequoia_openpgp::crypto;
use sequoia_openpgp::packet::key::{KeyParts, UnspecifiedRole};
use sequoia_openpgp::packet::{Key, PKESK, SKESK};
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::types::SymmetricAlgorithm;
use sequoia_openpgp::{Cert, Fingerprint};

use super::Failure;
use super::algorithm;
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
    /// A key of ours that was named, and did not open it; its algorithm where
    /// the library cannot do it.
    tried: Option<(Fingerprint, Option<String>)>,
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
        (None, Some((_, Some(algorithm)))) => Failure::Unsupported(algorithm),
        (None, Some((key, None))) => Failure::Damaged(format!("our key {key} does not open it")),
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
            self.note_trial(packet, &key);
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
            let bytes = packet.to_vec().ok()?;
            let fingerprint = key.fingerprint();
            match elsewhere.session_key(&fingerprint.to_hex(), &bytes, self.cipher.map(u8::from)) {
                Ok(Some(found)) if opens(&found, open) => return Some(cert.clone()),
                Ok(_) => self.note_trial(packet, &key),
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
    fn note_trial<P: KeyParts>(&mut self, packet: &PKESK, key: &Key<P, UnspecifiedRole>) {
        if packet.recipient().is_some() {
            let beyond_us = (!algorithm::is_supported(key)).then(|| algorithm::words(key));
            self.tried = Some((key.fingerprint(), beyond_us));
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

#[cfg(test)]
mod tests {
    use super::super::cert::{generate, public_part};
    use super::super::compose::encrypt_signed;
    use super::super::elsewhere::Elsewhere;
    use super::super::keyring::Nobody;
    use super::super::{Opened, Protected, decrypt};
    use super::*;
    use chrono::{DateTime, Utc};
    use sequoia_openpgp::parse::Parse as _;
    use sequoia_openpgp::serialize::stream::{Encryptor, LiteralWriter, Message, Recipient};
    use std::cell::RefCell;
    use std::io::Write as _;

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    /// The other end of a pipe: holds a key, or refuses, and notes who was asked for.
    struct Holder {
        key: Protected,
        refusal: Option<Refusal>,
        asked: RefCell<Vec<String>>,
    }

    impl Holder {
        fn of(key: &Protected, refusal: Option<Refusal>) -> Self {
            Self { key: key.clone(), refusal, asked: RefCell::default() }
        }

        fn open(&self, message: &[u8], team: &[&[u8]]) -> Opened {
            let keyring = Keyring::new(team.iter().copied(), &Nobody).with_elsewhere(self);
            decrypt(message, &keyring, now())
        }
    }

    impl Elsewhere for Holder {
        fn session_key(
            &self,
            key: &str,
            packet: &[u8],
            cipher: Option<u8>,
        ) -> Result<Option<SessionKey>, Refusal> {
            self.asked.borrow_mut().push(key.to_owned());
            if let Some(refusal) = &self.refusal {
                return Err(refusal.clone());
            }
            let cert = Cert::from_bytes(&self.key[..]).unwrap();
            let held = cert.keys().unencrypted_secret().find(|held| held.key().fingerprint().to_hex() == key);
            let mut pair = held.ok_or(Refusal::NotHeld)?.key().clone().into_keypair().unwrap();
            let found = PKESK::from_bytes(packet).unwrap().decrypt(&mut pair, cipher.map(Into::into));
            Ok(found.map(|(cipher, key)| SessionKey { cipher: cipher.map(u8::from), key: key[..].into() }))
        }
    }

    fn case() -> (Protected, Vec<u8>, Vec<u8>) {
        let key = generate("Team", "security@team.example", now()).unwrap();
        let public = public_part(&key).unwrap();
        let message = encrypt_signed(b"text", &[&public], None, now()).unwrap();
        (key, public, message)
    }

    #[test]
    fn a_key_without_its_secret_part_is_asked_for_elsewhere() {
        let (key, public, message) = case();
        let opened = Holder::of(&key, None).open(&message, &[&public]);
        assert_eq!(opened.plaintext.as_deref(), Some(&b"text"[..]));
        let cert = Cert::from_bytes(&public).unwrap();
        assert_eq!(opened.encrypted.unwrap().opened_with, Some(cert.fingerprint().to_hex()));
    }

    #[test]
    fn a_key_at_hand_is_asked_for_nowhere() {
        let (key, public, message) = case();
        let holder = Holder::of(&key, Some(Refusal::Cancelled));
        assert_eq!(holder.open(&message, &[&key]).failure, None);
        let stranger = public_part(&case().0).unwrap();
        assert!(matches!(holder.open(&message, &[&stranger]).failure, Some(Failure::NoKey { .. })));
        assert!(holder.asked.borrow().is_empty());
        assert!(holder.open(&message, &[&public]).failure.is_some());
        assert_eq!(holder.asked.borrow().len(), 1);
    }

    #[test]
    fn a_refusal_reaches_the_person_and_is_not_one_when_the_key_is_not_there() {
        let (key, public, message) = case();
        let failure = |refusal| Holder::of(&key, Some(refusal)).open(&message, &[&public]).failure.unwrap();
        assert!(matches!(failure(Refusal::Cancelled), Failure::Refused { refusal: Refusal::Cancelled, .. }));
        assert!(matches!(failure(Refusal::NotHeld), Failure::NoKey { .. }));
    }

    #[test]
    fn hidden_recipients_cost_a_few_questions_for_encryption_keys() {
        let teams: Vec<_> = (0..MAX_ASKED + 2).map(|_| public_part(&case().0).unwrap()).collect();
        let teams: Vec<&[u8]> = teams.iter().map(Vec::as_slice).collect();
        let (key, public, _) = case();
        let cert = Cert::from_bytes(&public).unwrap();
        let policy = sequoia_openpgp::policy::StandardPolicy::new();
        let keys =
            cert.keys().with_policy(&policy, std::time::SystemTime::from(now())).for_transport_encryption();
        let hidden =
            keys.map(|key| Recipient::from(key).set_key_handle(None::<sequoia_openpgp::KeyHandle>).unwrap());
        let mut message = Vec::new();
        let encryptor = Encryptor::for_recipients(Message::new(&mut message), hidden).build().unwrap();
        let mut literal = LiteralWriter::new(encryptor).build().unwrap();
        literal.write_all(b"text").unwrap();
        literal.finalize().unwrap();

        let holder = Holder::of(&key, None);
        assert_eq!(holder.open(&message, &[&public]).plaintext.as_deref(), Some(&b"text"[..]));
        assert_eq!(holder.asked.take().len(), 1, "not for the key that signs");
        assert!(matches!(holder.open(&message, &teams).failure, Some(Failure::NoKey { .. })));
        assert_eq!(holder.asked.take().len(), MAX_ASKED);
    }
}
