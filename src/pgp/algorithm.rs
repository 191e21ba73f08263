//! Public-key algorithms: their names in words, what they are worth, and
//! whether the library can do the arithmetic. Knows nothing of certificates'
//! validity.

use std::fmt;

use sequoia_openpgp::Cert;
use sequoia_openpgp::cert::CipherSuite;
use sequoia_openpgp::crypto::mpi::PublicKey;
use sequoia_openpgp::packet::Key;
use sequoia_openpgp::packet::key::{KeyParts, KeyRole};
use sequoia_openpgp::types::{Curve, PublicKeyAlgorithm};

/// The algorithm of a key in words: `RSA-4096`, `Ed25519`, `ML-KEM-768+X25519`.
pub(super) fn words<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> String {
    match key.mpis() {
        PublicKey::RSA { .. } | PublicKey::DSA { .. } | PublicKey::ElGamal { .. } => {
            format!("{}-{}", key.pk_algo(), bits(key))
        }
        PublicKey::EdDSA { curve, .. } | PublicKey::ECDSA { curve, .. } | PublicKey::ECDH { curve, .. } => {
            curve_words(curve)
        }
        _ => key.pk_algo().to_string(),
    }
}

fn curve_words(curve: &Curve) -> String {
    match curve {
        Curve::Cv25519 => "Cv25519".to_owned(),
        other => other.to_string(),
    }
}

/// The algorithms of the primary key and, where it differs, of the first
/// subkey that encrypts.
pub(super) fn of_cert(cert: &Cert) -> String {
    let mut keys = cert.keys();
    let primary = keys.next().map(|key| words(key.key())).unwrap_or_default();
    let encrypting = keys.find(|key| key.key().pk_algo().for_encryption()).map(|key| words(key.key()));
    match encrypting {
        Some(other) if other != primary => format!("{primary}/{other}"),
        _ => primary,
    }
}

/// Whether the library can sign, check or decrypt with such a key: ElGamal and
/// the brainpool curves are beyond it.
pub(super) fn is_supported<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> bool {
    let curve = match key.mpis() {
        PublicKey::EdDSA { curve, .. } | PublicKey::ECDSA { curve, .. } | PublicKey::ECDH { curve, .. } => {
            curve.is_supported()
        }
        _ => true,
    };
    curve && key.pk_algo().is_supported()
}

/// Size of the modulus or field of RSA, DSA and ElGamal, to whole bytes.
pub(super) fn bits<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> usize {
    key.mpis().bits().unwrap_or_default().next_multiple_of(8)
}

/// What an algorithm is worth, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// Unknown to us.
    Unknown,
    /// Within reach of an attacker with means.
    Weak,
    /// Work of about two to this power, for classical computers.
    Bits(u16),
    /// As far as is known beyond quantum computers as well.
    PostQuantum,
}

impl fmt::Display for Worth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("of unknown strength"),
            Self::Weak => f.write_str("weak"),
            Self::Bits(bits) => write!(f, "about {bits} bits"),
            Self::PostQuantum => f.write_str("post-quantum"),
        }
    }
}

/// What a key's algorithm is worth (NIST SP 800-57 part 1 rev. 5, table 2; weak
/// below what SP 800-131A rev. 2 still allows; RFC 9980 for the composite ones).
pub(super) fn worth<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> Worth {
    use PublicKeyAlgorithm as A;
    match key.mpis() {
        PublicKey::RSA { .. } | PublicKey::DSA { .. } | PublicKey::ElGamal { .. } => match bits(key) {
            0..2048 => Worth::Weak,
            2048..3072 => Worth::Bits(112),
            3072..7680 => Worth::Bits(128),
            _ => Worth::Bits(192),
        },
        PublicKey::EdDSA { curve, .. } | PublicKey::ECDSA { curve, .. } | PublicKey::ECDH { curve, .. } => {
            curve.bits().map_or(Worth::Unknown, |bits| Worth::Bits(curve_worth(bits)))
        }
        _ => match key.pk_algo() {
            A::Ed25519 | A::X25519 => Worth::Bits(128),
            A::Ed448 | A::X448 => Worth::Bits(224),
            A::MLDSA65_Ed25519 | A::MLDSA87_Ed448 | A::MLKEM768_X25519 | A::MLKEM1024_X448 => {
                Worth::PostQuantum
            }
            A::SLHDSA128s | A::SLHDSA128f | A::SLHDSA256s => Worth::PostQuantum,
            _ => Worth::Unknown,
        },
    }
}

/// Half the size of the field, in the steps that the standard has.
fn curve_worth(field_bits: usize) -> u16 {
    match field_bits {
        0..384 => 128,
        384..512 => 192,
        _ => 256,
    }
}

/// The cipher suite that makes keys of the same kind; `None` where the library
/// makes none.
pub(super) fn suite<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> Option<CipherSuite> {
    use PublicKeyAlgorithm as A;
    match (key.mpis(), key.pk_algo()) {
        (PublicKey::RSA { .. }, _) => Some(match bits(key) {
            0..=2048 => CipherSuite::RSA2k,
            2049..=3072 => CipherSuite::RSA3k,
            _ => CipherSuite::RSA4k,
        }),
        (
            PublicKey::EdDSA { curve, .. } | PublicKey::ECDSA { curve, .. } | PublicKey::ECDH { curve, .. },
            _,
        ) => match curve {
            Curve::Ed25519 | Curve::Cv25519 => Some(CipherSuite::Cv25519),
            Curve::NistP256 => Some(CipherSuite::P256),
            Curve::NistP384 => Some(CipherSuite::P384),
            Curve::NistP521 => Some(CipherSuite::P521),
            _ => None,
        },
        (_, A::Ed25519 | A::X25519) => Some(CipherSuite::Cv25519),
        (_, A::Ed448 | A::X448) => Some(CipherSuite::Cv448),
        (_, A::MLDSA65_Ed25519 | A::MLKEM768_X25519) => Some(CipherSuite::MLDSA65_Ed25519),
        (_, A::MLDSA87_Ed448 | A::MLKEM1024_X448) => Some(CipherSuite::MLDSA87_Ed448),
        _ => None,
    }
}
