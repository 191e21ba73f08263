//! What leaves the house of a key: the whole of it armored, or as little as an
//! address needs. Knows nothing of headers, directories and servers.

use std::io::Write as _;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use sequoia_openpgp::armor::{Kind, Writer};
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::{Cert, Packet, Result as LibraryResult};

use super::cert::KeyError;
use super::failure::guarded;
use super::fitness::{Fitness, fitness, has_address};

/// The certificate of a key, armored, without anything secret.
pub fn armored(cert: &[u8]) -> Result<Vec<u8>, KeyError> {
    run(|| {
        let public = Cert::from_bytes(cert)?.strip_secret_key_material();
        Ok(in_armor(Kind::PublicKey, None, &public.export_to_vec()?)?)
    })
}

/// A key with its secret part, armored, locked or not as it is. To be locked
/// first: [`super::lock::lock`].
pub fn armored_secret(key: &[u8]) -> Result<Protected, KeyError> {
    run(|| {
        let key = Cert::from_bytes(key)?;
        if !key.is_tsk() {
            return Err(KeyError::NoSecret);
        }
        let packets: Protected = key.as_tsk().to_vec()?.into();
        Ok(in_armor(Kind::SecretKey, None, &packets)?.into())
    })
}

/// The smallest certificate that serves `address` at `now`, serialised, for an
/// Autocrypt header or a directory: the primary key, the one user ID, the live
/// subkeys that sign and encrypt, and of the self-signatures those in force.
/// `None` where nobody could encrypt to `address` with it.
pub fn minimal(cert: &[u8], address: &str, now: DateTime<Utc>) -> Option<Vec<u8>> {
    guarded(|| smallest(cert, address, SystemTime::from(now)).ok().flatten()).ok().flatten()
}

fn smallest(cert: &[u8], address: &str, at: SystemTime) -> LibraryResult<Option<Vec<u8>>> {
    let policy = StandardPolicy::at(at);
    let cert = Cert::from_bytes(cert)?.strip_secret_key_material();
    if fitness(&cert, &policy, at) != Fitness::Usable {
        return Ok(None);
    }
    let valid = cert.with_policy(&policy, at)?;
    let mut packets: Vec<Packet> = vec![cert.primary_key().key().clone().into()];
    packets.extend(valid.direct_key_signature().ok().cloned().map(Packet::from));
    let ids = valid.userids().revoked(false).filter(|id| has_address(id.userid(), address));
    let primary = valid.primary_userid()?;
    let Some(id) = ids
        .max_by_key(|id| (id.userid() == primary.userid(), id.binding_signature().signature_creation_time()))
    else {
        return Ok(None);
    };
    packets.extend([Packet::from(id.userid().clone()), id.binding_signature().clone().into()]);
    let mut encrypts = valid.primary_key().for_transport_encryption();
    for key in valid.keys().subkeys().alive().revoked(false) {
        if key.for_signing() || key.for_transport_encryption() {
            encrypts |= key.for_transport_encryption();
            packets.extend([Packet::from(key.key().clone()), key.binding_signature().clone().into()]);
        }
    }
    let small = Cert::from_packets(packets.into_iter())?;
    Ok(if encrypts { Some(small.export_to_vec()?) } else { None })
}

/// Packets in armor (RFC 9580, section 6.2), with a comment for whoever reads it.
pub(super) fn in_armor(kind: Kind, comment: Option<&str>, packets: &[u8]) -> LibraryResult<Vec<u8>> {
    let comment = comment.map(|text| ("Comment", text));
    let mut writer = Writer::with_headers(Vec::new(), kind, comment)?;
    writer.write_all(packets)?;
    Ok(writer.finalize()?)
}

fn run<T>(work: impl FnOnce() -> Result<T, KeyError>) -> Result<T, KeyError> {
    guarded(work).unwrap_or_else(|failure| Err(KeyError::Library(failure.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgp::cert::{generate, public_part, read};
    use crate::pgp::fitness::can_encrypt_to;
    use crate::pgp::renew;
    use crate::pgp::revoke::{Reason, revoke};

    fn at(time: &str) -> DateTime<Utc> {
        format!("{time}T12:00:00Z").parse().unwrap()
    }

    fn team() -> Protected {
        generate("Team", "security@example.org", at("2026-01-01")).unwrap()
    }

    #[test]
    fn armored_forms_read_back_as_what_they_are() {
        let (key, now) = (team(), at("2026-06-01"));
        let public = armored(&key).unwrap();
        assert!(public.starts_with(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n"));
        let found = read(&public, now).unwrap().found.remove(0);
        assert!(!found.is_secret);
        let secret = armored_secret(&key).unwrap();
        assert!(secret.starts_with(b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n"));
        assert_eq!(read(&secret, now).unwrap().found[0].secret.as_ref(), Some(&key));
        assert!(matches!(armored_secret(&found.public), Err(KeyError::NoSecret)));
        assert!(armored(b"nothing").is_err());
    }

    #[test]
    fn the_smallest_certificate_serves_one_address() {
        let now = at("2026-11-01");
        let two = renew::add_user_id(&team(), "PSIRT", "psirt@example.org", at("2026-06-01")).unwrap();
        let aged = renew::extend(&two, at("2027-06-01"), at("2026-07-01")).unwrap();
        let aged = renew::rotate(&aged, at("2028-11-01"), at("2026-10-01"), at("2026-09-01")).unwrap();
        let whole = public_part(&aged).unwrap();
        for address in ["Security@Example.org", "psirt@example.org"] {
            let small = minimal(&aged, address, now).unwrap();
            let found = read(&small, now).unwrap().found.remove(0);
            assert_eq!(found.emails, [address.to_lowercase()]);
            assert_eq!(found.expires, Some(at("2028-11-01")));
            assert_eq!(found.handles.len(), 6, "without the subkeys that are over");
            assert!(!found.is_secret);
            assert_eq!(can_encrypt_to(&small, address, now), Ok(()));
            assert!(small.len() * 2 < whole.len(), "{} of {}", small.len(), whole.len());
        }
    }

    #[test]
    fn nobody_is_served_by_a_foreign_or_dead_key() {
        let (key, now) = (team(), at("2026-06-01"));
        assert_eq!(minimal(&key, "eve@example.org", now), None);
        assert_eq!(minimal(&key, "security@example.org", at("2029-01-01")), None);
        let ended = revoke(&key, Reason::Retired, "", now).unwrap();
        assert_eq!(minimal(&ended, "security@example.org", at("2026-06-02")), None);
        assert_eq!(minimal(b"nothing", "security@example.org", now), None);
    }
}
