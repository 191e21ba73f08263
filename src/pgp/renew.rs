//! The later life of a team's own key: a longer validity, new subkeys, another
//! user ID. Its end is in [`super::revoke`]. Each takes a serialised, unlocked key and gives the whole
//! key back; nothing that it had is taken away.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use sequoia_openpgp::cert::amalgamation::key::ValidSubordinateKeyAmalgamation;
use sequoia_openpgp::cert::{KeyBuilder, ValidCert, amalgamation::ValidAmalgamation as _};
use sequoia_openpgp::crypto::KeyPair;
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::packet::Key;
use sequoia_openpgp::packet::key::{PublicParts, SecretKeyMaterial, UnspecifiedRole};
use sequoia_openpgp::packet::signature::SignatureBuilder;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::types::{KeyFlags, RevocationStatus, SignatureType};
use sequoia_openpgp::{Cert, Packet};

use super::algorithm;
use super::cert::KeyError;
use super::detail::Purpose;
use super::failure::guarded;
use super::fitness::{Fitness, fitness, unfit};
use super::lock::is_elsewhere;
use super::make::{encrypting, user_id};

/// Moves the end of a key to `until`: of its primary key, its user IDs and the
/// subkeys in use. For each purpose these are the newest that are not revoked;
/// what a rotation has put aside stays where it is. An expired key lives again.
pub fn extend(key: &[u8], until: DateTime<Utc>, now: DateTime<Utc>) -> Result<Protected, KeyError> {
    renew(key, now, |renewal| {
        let until = later(until, now)?;
        let mut packets = renewal.end_primary(until)?;
        for subkey in renewal.in_use() {
            packets.push(renewal.end_subkey(&subkey, until)?);
        }
        Ok(packets)
    })
}

/// Gives a key new subkeys of the same kind for signing and encrypting, valid
/// until `new_until`, and lets the old ones end at `overlap_until`. The old ones
/// stay in the key: mail that was encrypted to them still opens.
pub fn rotate(
    key: &[u8],
    new_until: DateTime<Utc>,
    overlap_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Protected, KeyError> {
    renew(key, now, |renewal| {
        let (until, overlap) = (later(new_until, now)?, SystemTime::from(overlap_until));
        if overlap_until < now {
            return Err(KeyError::End("before now"));
        }
        let mut packets = Vec::new();
        for flags in [KeyFlags::empty().set_signing(), encrypting()] {
            packets.extend(renewal.new_subkey(flags, until)?);
        }
        for subkey in renewal.subkeys() {
            let purpose = Purpose::of(subkey.key_flags());
            let ends_later = subkey.key_expiration_time().is_none_or(|end| end > overlap);
            if (purpose.signs || purpose.encrypts) && ends_later {
                packets.push(renewal.end_subkey(&subkey, overlap)?);
            }
        }
        if renewal.valid.primary_key().key_expiration_time().is_some_and(|end| end < until) {
            packets.extend(renewal.end_primary(until)?);
        }
        Ok(packets)
    })
}

/// Adds a user ID. The primary one stays the primary one.
pub fn add_user_id(key: &[u8], name: &str, email: &str, now: DateTime<Utc>) -> Result<Protected, KeyError> {
    renew(key, now, |renewal| {
        let user_id = user_id(name, email)?;
        let primary = renewal.valid.primary_userid()?;
        if renewal.valid.cert().userids().any(|known| known.userid() == &user_id) {
            return Err(KeyError::UserId(format!("{name} <{email}>, which the key already has,")));
        }
        let template = |is_primary| {
            let mut builder = SignatureBuilder::from(primary.binding_signature().clone());
            builder = builder.set_signature_creation_time(renewal.stamp)?;
            builder.set_primary_userid(is_primary)
        };
        let (cert, mut signer) = (renewal.valid.cert(), renewal.signer.clone());
        let kept = primary.userid().bind(&mut signer, cert, template(true)?)?;
        let added = user_id.bind(&mut signer, cert, template(false)?)?;
        Ok(vec![kept.into(), user_id.into(), added.into()])
    })
}

/// Runs `work` so that a panic of the library becomes an error.
pub(super) fn whole(work: impl FnOnce() -> Result<Protected, KeyError>) -> Result<Protected, KeyError> {
    guarded(work).unwrap_or_else(|failure| Err(KeyError::Library(failure.to_string())))
}

/// The key with these packets added to it.
pub(super) fn serialised(cert: Cert, new: Vec<Packet>) -> Result<Protected, KeyError> {
    Ok(cert.insert_packets(new)?.0.as_tsk().to_vec()?.into())
}

fn later(until: DateTime<Utc>, now: DateTime<Utc>) -> Result<SystemTime, KeyError> {
    if until > now { Ok(until.into()) } else { Err(KeyError::End("before now")) }
}

/// The primary key, ready to sign.
pub(super) fn primary_signer(cert: &Cert) -> Result<KeyPair, KeyError> {
    let secret = cert.primary_key().key().clone().parts_into_secret().map_err(|_| KeyError::NoSecret)?;
    match secret.secret() {
        SecretKeyMaterial::Encrypted(locked) if is_elsewhere(locked.s2k()) => Err(KeyError::NoSecret),
        SecretKeyMaterial::Encrypted(_) => Err(KeyError::Locked),
        SecretKeyMaterial::Unencrypted(_) => Ok(secret.into_keypair()?),
    }
}

/// A key under renewal.
struct Renewal<'a> {
    valid: ValidCert<'a>,
    signer: KeyPair,
    /// When the new signatures are made.
    stamp: SystemTime,
}

type Subkey<'a> = ValidSubordinateKeyAmalgamation<'a, PublicParts>;

/// Runs `work` on a key that can be renewed, and adds the packets that it makes.
fn renew(
    key: &[u8],
    now: DateTime<Utc>,
    work: impl FnOnce(&Renewal<'_>) -> Result<Vec<Packet>, KeyError>,
) -> Result<Protected, KeyError> {
    whole(|| {
        let cert = Cert::from_bytes(key)?;
        let at = SystemTime::from(now);
        let policy = StandardPolicy::at(at);
        if let revoked @ Fitness::Revoked { .. } = fitness(&cert, &policy, at) {
            return Err(KeyError::Unfit(revoked));
        }
        let valid = cert.with_policy(&policy, at).map_err(|error| KeyError::Unfit(unfit(&error)))?;
        let renewal = Renewal { signer: primary_signer(&cert)?, stamp: stamp(&cert, at), valid };
        let packets = work(&renewal)?;
        drop(renewal);
        serialised(cert, packets)
    })
}

/// Now, or the second after it where the key has a signature of this very
/// second: times count in seconds, and the later signature has to win.
fn stamp(cert: &Cert, now: SystemTime) -> SystemTime {
    let second = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let on_ids = cert.userids().flat_map(|id| id.self_signatures());
    let on_keys = cert.keys().flat_map(|key| key.self_signatures());
    let mut made = on_ids.chain(on_keys).filter_map(|signature| signature.signature_creation_time());
    if made.any(|time| second(time) == second(now)) { now + Duration::from_secs(1) } else { now }
}

impl<'a> Renewal<'a> {
    fn subkeys(&self) -> impl Iterator<Item = Subkey<'a>> {
        let mut keys = self.valid.keys().subkeys().collect::<Vec<_>>();
        keys.retain(|key| !matches!(key.revocation_status(), RevocationStatus::Revoked(_)));
        keys.into_iter()
    }

    /// For each purpose the newest subkeys that are not revoked.
    fn in_use(&self) -> Vec<Subkey<'a>> {
        let all: Vec<_> = self.subkeys().collect();
        let is_newest = |key: &&Subkey<'a>| {
            all.iter().all(|other| {
                Purpose::of(other.key_flags()) != Purpose::of(key.key_flags())
                    || other.key().creation_time() <= key.key().creation_time()
            })
        };
        all.iter().filter(is_newest).cloned().collect()
    }

    /// New self-signatures on the primary key and its user IDs that end at `until`.
    fn end_primary(&self, until: SystemTime) -> Result<Vec<Packet>, KeyError> {
        let (cert, mut signer) = (self.valid.cert(), self.signer.clone());
        let primary = cert.primary_key().key();
        let period = period(primary.creation_time(), until)?;
        let mut packets = Vec::new();
        if let Ok(direct) = self.valid.direct_key_signature() {
            let builder = SignatureBuilder::from(direct.clone())
                .set_signature_creation_time(self.stamp)?
                .set_key_validity_period(period)?;
            packets.push(builder.sign_direct_key(&mut signer, primary)?.into());
        }
        let first = self.valid.primary_userid().ok().map(|id| id.userid().clone());
        for id in self.valid.userids().revoked(false) {
            // All are signed in the same second, so the primary one has to be named.
            let builder = SignatureBuilder::from(id.binding_signature().clone())
                .set_signature_creation_time(self.stamp)?
                .set_key_validity_period(period)?
                .set_primary_userid(Some(id.userid()) == first.as_ref())?;
            packets.push(id.userid().bind(&mut signer, cert, builder)?.into());
        }
        Ok(packets)
    }

    /// A new binding of a subkey that ends at `until`. The subkey's own signature
    /// that it belongs here (RFC 9580, section 5.2.1.9) is kept: it has no end.
    fn end_subkey(&self, subkey: &Subkey<'_>, until: SystemTime) -> Result<Packet, KeyError> {
        let period = period(subkey.key().creation_time(), until)?;
        let builder = SignatureBuilder::from(subkey.binding_signature().clone())
            .set_signature_creation_time(self.stamp)?
            .set_key_validity_period(period)?;
        Ok(subkey.key().bind(&mut self.signer.clone(), self.valid.cert(), builder)?.into())
    }

    /// A new subkey for `flags`, of the kind that the key has for this now.
    fn new_subkey(&self, flags: KeyFlags, until: SystemTime) -> Result<Vec<Packet>, KeyError> {
        let purpose = Purpose::of(Some(flags.clone()));
        let shared = |key: &&Subkey<'_>| {
            let has = Purpose::of(key.key_flags());
            has.signs && purpose.signs || has.encrypts && purpose.encrypts
        };
        let in_use = self.in_use();
        // GnuPG makes keys whose primary key signs.
        let kind = |key: &Key<PublicParts, UnspecifiedRole>| {
            algorithm::suite(key).ok_or_else(|| KeyError::CannotMake(algorithm::words(key)))
        };
        let suite = match in_use.iter().find(shared) {
            Some(old) => kind(old.key().role_as_unspecified())?,
            None => kind(self.valid.cert().primary_key().key().role_as_unspecified())?,
        };
        let template = SignatureBuilder::new(SignatureType::SubkeyBinding).set_key_flags(flags.clone())?;
        let subkey = KeyBuilder::new(flags)
            .set_cipher_suite(suite)
            .set_creation_time(self.stamp)
            .subkey(self.valid.clone())?
            .set_signature_template(template)
            .set_signature_creation_time(self.stamp)?
            .set_key_expiration_time(until)?
            .set_primary_key_signer(self.signer.clone());
        Ok(subkey.attach()?)
    }
}

/// How long a key that was made at `created` is valid when it ends at `until`:
/// whole seconds in 32 bits, and nought would mean for ever (RFC 9580, section
/// 5.2.3.13).
fn period(created: SystemTime, until: SystemTime) -> Result<Duration, KeyError> {
    let period = until.duration_since(created).unwrap_or_default();
    match u32::try_from(period.as_secs()) {
        Ok(0) => Err(KeyError::End("before it begins")),
        Ok(seconds) => Ok(Duration::from_secs(seconds.into())),
        Err(_) => Err(KeyError::End("more than 136 years after it began")),
    }
}

#[cfg(test)]
#[path = "renew_tests.rs"]
mod tests;
