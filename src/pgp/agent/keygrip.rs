//! Keygrips: the names by which the agent knows keys, whatever protocol they
//! are for. Defined by libgcrypt (`gcry_pk_get_keygrip`), which hashes the
//! numbers of the public key.

use sequoia_openpgp::crypto::mpi::PublicKey;
use sequoia_openpgp::fmt::hex;
use sequoia_openpgp::types::{Curve, HashAlgorithm};

use super::curves::parameters;

/// The keygrip of a public key, upper-case hexadecimal; `None` where the agent
/// cannot be asked for its kind.
pub(super) fn keygrip(key: &PublicKey) -> Option<String> {
    let hashed = match key {
        PublicKey::RSA { n, .. } => signed(n.value()),
        PublicKey::EdDSA { curve, q } | PublicKey::ECDSA { curve, q } | PublicKey::ECDH { curve, q, .. } => {
            curve_and_point(curve, q.value())?
        }
        _ => return None,
    };
    let mut context = HashAlgorithm::SHA1.context().ok()?.for_digest();
    context.update(&hashed);
    Some(hex::encode(context.into_digest().ok()?))
}

/// A number as libgcrypt writes it: a zero byte keeps the highest bit from being a sign.
pub(super) fn signed(value: &[u8]) -> Vec<u8> {
    match value.first() {
        Some(first) if *first >= 0x80 => [&[0], value].concat(),
        _ => value.to_vec(),
    }
}

fn curve_and_point(curve: &Curve, q: &[u8]) -> Option<Vec<u8>> {
    let parameters = parameters(curve)?;
    let q = match curve {
        // OpenPGP marks these native points with a prefix, libgcrypt does not.
        Curve::Ed25519 | Curve::Cv25519 => q.strip_prefix(&[0x40])?,
        _ => q,
    };
    let numbers = [("p", parameters.p), ("a", parameters.a), ("b", parameters.b), ("g", parameters.g)];
    let mut hashed = Vec::new();
    for (name, digits) in numbers.into_iter().chain([("n", parameters.n)]) {
        hashed.extend(super::sexp::pair(name, &hex::decode(digits).ok()?));
    }
    hashed.extend(super::sexp::pair("q", q));
    Some(hashed)
}
