//! One certificate or key in full, as its holder and whoever trusts it want to
//! see it: every user ID, every key in it, what it can do and what it is worth.

use std::collections::BTreeSet;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use sequoia_openpgp::Cert;
use sequoia_openpgp::cert::Preferences as _;
use sequoia_openpgp::cert::amalgamation::key::{ErasedKeyAmalgamation, PrimaryKey as _};
use sequoia_openpgp::cert::amalgamation::{
    UserIDAmalgamation, ValidAmalgamation as _, ValidateAmalgamation as _,
};
use sequoia_openpgp::packet::key::{PublicParts, SecretKeyMaterial};
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::types::{Features, KeyFlags, RevocationStatus};

use super::algorithm::{self, Worth};
use super::cert::KeyError;
use super::failure::guarded;
use super::fitness::{Fitness, fitness, revoked, unfit};
use super::lock::is_elsewhere;
use super::utc;

/// Everything about one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Fingerprint, upper-case hexadecimal.
    pub fingerprint: String,
    /// Version of its packets: 4, or 6 (RFC 9580).
    pub version: u8,
    /// When the primary key was made.
    pub created: DateTime<Utc>,
    /// When it expires.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it can be used now, and if not, why.
    pub fitness: Fitness,
    /// All user IDs, the primary one first.
    pub user_ids: Vec<UserIdDetail>,
    /// The primary key, then the subkeys.
    pub keys: Vec<KeyDetail>,
    /// What its weakest part in use is worth, and which that is: `about 128
    /// bits: Ed25519, Cv25519`; `weak: RSA-1024`; `post-quantum: ...`.
    pub strength: String,
    /// How it may be encrypted to, in words (RFC 9580, section 5.2.3.32).
    pub features: Vec<&'static str>,
}

/// One user ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserIdDetail {
    /// Its text. Foreign text.
    pub text: String,
    /// The address in it, folded to lower case. Foreign text.
    pub email: Option<String>,
    /// Whether it is bound to the key now, and if not, why.
    pub fitness: Fitness,
    /// Whether the key goes by it.
    pub is_primary: bool,
}

/// The primary key or a subkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDetail {
    /// Fingerprint, upper-case hexadecimal.
    pub fingerprint: String,
    /// In words: `Ed25519`, `RSA-4096`, `ElGamal-2048 (cannot decrypt here)`.
    pub algorithm: String,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it expires by itself; it ends with the primary key in any case.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it can be used now, and if not, why.
    pub fitness: Fitness,
    /// Where its secret part is.
    pub secret: SecretPart,
}

/// What a key is for (RFC 9580, section 5.2.3.29).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purpose {
    /// It speaks for the certificate.
    pub certifies: bool,
    /// It signs mail.
    pub signs: bool,
    /// It is encrypted to.
    pub encrypts: bool,
    /// It logs in somewhere.
    pub authenticates: bool,
}

impl Purpose {
    /// By what a binding signature says.
    pub(super) fn of(flags: Option<KeyFlags>) -> Self {
        let flags = flags.unwrap_or_else(KeyFlags::empty);
        Self {
            certifies: flags.for_certification(),
            signs: flags.for_signing(),
            encrypts: flags.for_transport_encryption() || flags.for_storage_encryption(),
            authenticates: flags.for_authentication(),
        }
    }

    /// The verbs: `certify, sign`.
    pub fn words(self) -> String {
        let verbs = [
            (self.certifies, "certify"),
            (self.signs, "sign"),
            (self.encrypts, "encrypt"),
            (self.authenticates, "authenticate"),
        ];
        verbs.iter().filter(|(is, _)| *is).map(|(_, verb)| *verb).collect::<Vec<_>>().join(", ")
    }
}

/// Where the secret part of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPart {
    /// Not here: a certificate has none.
    None,
    /// Here, not locked.
    Open,
    /// Here, locked by a passphrase.
    Locked,
    /// On a card or kept offline: only a stub is here.
    Elsewhere,
}

impl SecretPart {
    /// The word for it; none where there is nothing to say.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Open => Some("open"),
            Self::Locked => Some("locked"),
            Self::Elsewhere => Some("elsewhere"),
        }
    }
}

/// Describes one certificate or key.
///
/// # Errors
/// [`KeyError::Library`] where the bytes are none.
pub fn detail(cert: &[u8], now: DateTime<Utc>) -> Result<Detail, KeyError> {
    guarded(|| Ok(describe(&Cert::from_bytes(cert)?, SystemTime::from(now))))
        .unwrap_or_else(|failure| Err(KeyError::Library(failure.to_string())))
}

fn describe(cert: &Cert, at: SystemTime) -> Detail {
    let policy = StandardPolicy::at(at);
    let valid = cert.with_policy(&policy, at).ok();
    let primary = valid.as_ref().and_then(|valid| valid.primary_userid().ok()).map(|id| id.userid().clone());
    let mut user_ids: Vec<_> = cert
        .userids()
        .map(|id| UserIdDetail {
            is_primary: primary.as_ref() == Some(id.userid()),
            ..user_id(&id, &policy, at)
        })
        .collect();
    user_ids.sort_by_key(|id| !id.is_primary);
    let whole = fitness(cert, &policy, at);
    let keys: Vec<_> = cert.keys().map(|key| key_detail(&key, &whole, &policy, at)).collect();
    let features = valid.as_ref().and_then(|valid| valid.features()).unwrap_or_else(Features::empty);
    Detail {
        fingerprint: cert.fingerprint().to_hex(),
        version: cert.primary_key().key().version(),
        created: utc(cert.primary_key().key().creation_time()),
        expires: valid.as_ref().and_then(|valid| valid.primary_key().key_expiration_time()).map(utc),
        strength: strength(cert, &keys),
        fitness: whole,
        user_ids,
        keys,
        features: [
            (features.supports_seipdv1(), "SEIPDv1 (MDC)"),
            (features.supports_seipdv2(), "SEIPDv2 (AEAD)"),
        ]
        .into_iter()
        .filter_map(|(has, name)| has.then_some(name))
        .collect(),
    }
}

fn user_id(id: &UserIDAmalgamation<'_>, policy: &StandardPolicy<'_>, at: SystemTime) -> UserIdDetail {
    let fitness = match id.revocation_status(policy, at) {
        RevocationStatus::Revoked(by) => revoked(&by),
        _ => id.clone().with_policy(policy, at).map_or_else(|error| unfit(&error), |_| Fitness::Usable),
    };
    UserIdDetail {
        text: String::from_utf8_lossy(id.userid().value()).into_owned(),
        email: id.userid().email_normalized().ok().flatten(),
        fitness,
        is_primary: false,
    }
}

fn key_detail(
    key: &ErasedKeyAmalgamation<'_, PublicParts>,
    whole: &Fitness,
    policy: &StandardPolicy<'_>,
    at: SystemTime,
) -> KeyDetail {
    let valid = key.clone().with_policy(policy, at);
    let fitness = match &valid {
        _ if key.primary() => whole.clone(),
        Ok(valid) => match valid.revocation_status() {
            RevocationStatus::Revoked(by) => revoked(&by),
            _ => valid.alive().map_or_else(|error| unfit(&error), |()| Fitness::Usable),
        },
        Err(error) => unfit(error),
    };
    let part = key.key();
    let words = algorithm::words(part);
    KeyDetail {
        fingerprint: part.fingerprint().to_hex(),
        algorithm: match (algorithm::is_supported(part), part.pk_algo().for_encryption()) {
            (true, _) => words,
            (false, true) => format!("{words} (cannot decrypt here)"),
            (false, false) => format!("{words} (cannot sign or be checked here)"),
        },
        purpose: Purpose::of(valid.as_ref().ok().and_then(|valid| valid.key_flags())),
        created: utc(part.creation_time()),
        expires: valid.ok().and_then(|valid| valid.key_expiration_time()).map(utc),
        fitness,
        secret: secret(key),
    }
}

fn secret(key: &ErasedKeyAmalgamation<'_, PublicParts>) -> SecretPart {
    match key.key().clone().parts_into_secret().as_ref().map(|key| key.secret()) {
        Err(_) => SecretPart::None,
        Ok(SecretKeyMaterial::Unencrypted(_)) => SecretPart::Open,
        Ok(SecretKeyMaterial::Encrypted(stub)) if is_elsewhere(stub.s2k()) => SecretPart::Elsewhere,
        Ok(SecretKeyMaterial::Encrypted(_)) => SecretPart::Locked,
    }
}

/// The least that a usable part is worth; of a certificate that has none, any part.
fn strength(cert: &Cert, keys: &[KeyDetail]) -> String {
    let none_is_usable = keys.iter().all(|key| key.fitness != Fitness::Usable);
    let parts =
        cert.keys().zip(keys).filter(|(_, detail)| none_is_usable || detail.fitness == Fitness::Usable);
    let worths: Vec<(Worth, String)> =
        parts.map(|(key, _)| (algorithm::worth(key.key()), algorithm::words(key.key()))).collect();
    let least = worths.iter().map(|(worth, _)| *worth).min().unwrap_or(Worth::Unknown);
    let named: BTreeSet<&str> =
        worths.iter().filter(|(worth, _)| *worth == least).map(|(_, words)| words.as_str()).collect();
    format!("{least}: {}", named.into_iter().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgp::cert::{generate, public_part};
    use crate::pgp::lock::lock;
    use crate::pgp::make::{Suite, make};
    use crate::pgp::renew;
    use crate::pgp::revoke::{Reason, revoke};
    use std::time::Duration;

    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    fn at(time: &str) -> DateTime<Utc> {
        format!("{time}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn a_team_key_in_full() {
        let (born, now) = (at("2026-01-01"), at("2026-11-23"));
        let key = make("Team", "Security@example.org", Suite::Cv25519, YEAR, born).unwrap().key;
        let detail = detail(&key, now).unwrap();
        assert_eq!((detail.version, detail.created, detail.expires), (4, born, Some(born + YEAR)));
        assert_eq!(detail.fitness, Fitness::Usable);
        assert_eq!(detail.features, ["SEIPDv1 (MDC)"]);
        assert_eq!(detail.strength, "about 128 bits: Cv25519, Ed25519");
        let [id] = &detail.user_ids[..] else { panic!("{:?}", detail.user_ids) };
        assert_eq!(id.text, "Team <Security@example.org>");
        assert_eq!(id.email.as_deref(), Some("security@example.org"));
        assert!(id.is_primary && id.fitness == Fitness::Usable);
        let told: BTreeSet<_> =
            detail.keys.iter().map(|key| (key.algorithm.as_str(), key.purpose.words())).collect();
        let parts = [("Ed25519", "certify"), ("Ed25519", "sign"), ("Cv25519", "encrypt")];
        assert_eq!(told, parts.map(|(algorithm, purpose)| (algorithm, purpose.to_owned())).into());
        assert_eq!(detail.keys[0].fingerprint, detail.fingerprint);
        assert!(detail.keys.iter().all(|key| key.expires == Some(born + YEAR)));
    }

    #[test]
    fn where_the_secret_part_is() {
        let now = at("2026-11-23");
        let key = generate("Team", "security@example.org", now).unwrap();
        let parts =
            |key: &[u8]| detail(key, now).unwrap().keys.into_iter().map(|key| key.secret).collect::<Vec<_>>();
        assert_eq!(parts(&key), [SecretPart::Open; 3]);
        assert_eq!(parts(&lock(&key, &"x".into()).unwrap()), [SecretPart::Locked; 3]);
        assert_eq!(parts(&public_part(&key).unwrap()), [SecretPart::None; 3]);
    }

    #[test]
    fn what_newer_kinds_are_worth() {
        let now = at("2026-11-23");
        let of = |suite| detail(&make("", "a@example.org", suite, YEAR, now).unwrap().key, now).unwrap();
        let v6 = of(Suite::V6);
        assert_eq!((v6.version, &v6.strength[..]), (6, "about 128 bits: Ed25519, X25519"));
        assert_eq!(v6.features, ["SEIPDv1 (MDC)", "SEIPDv2 (AEAD)"]);
        let strength = of(Suite::PostQuantum).strength;
        assert_eq!(strength, "post-quantum: ML-DSA-65+Ed25519, ML-KEM-768+X25519");
    }

    #[test]
    fn parts_that_are_over_say_so() {
        let key = generate("Team", "security@example.org", at("2026-01-01")).unwrap();
        let rotated = renew::rotate(&key, at("2029-01-01"), at("2026-07-01"), at("2026-06-01")).unwrap();
        let keys = detail(&rotated, at("2026-08-01")).unwrap().keys;
        let over = keys
            .iter()
            .filter(|key| matches!(key.fitness, Fitness::Expired { at: end } if end == at("2026-07-01")));
        assert_eq!((keys.len(), over.count()), (5, 2));
        let ended = revoke(&rotated, Reason::Compromised, "", at("2026-08-01")).unwrap();
        let detail = detail(&ended, at("2026-08-02")).unwrap();
        assert!(
            matches!(&detail.fitness, Fitness::Revoked { why } if why.contains("compromised")),
            "{detail:?}"
        );
    }

    #[test]
    fn what_is_no_key_says_so() {
        assert!(matches!(detail(b"nothing", at("2026-11-23")), Err(KeyError::Library(_))));
    }
}
