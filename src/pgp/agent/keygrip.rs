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
#[cfg(test)]
mod tests {
    use super::*;
    use sequoia_openpgp::crypto::mpi::MPI;
    use sequoia_openpgp::types::SymmetricAlgorithm;

    // The keys and names below are from `gpg --with-keygrip --list-keys` (GnuPG 2.2.40).

    #[test]
    fn rsa_keys_are_named_as_gnupg_names_them() {
        let n = "d95d91e112f41702674003230b9854cd7e309bf90864645910414d231ffd5b494f65ac9e3c549465\
            970492966438847f1433ccfde3175b6c15a094e3f0ab809fcb6b24b4b1cba9af843b7ddf04690347\
            68fdf386a0a69841ba02467823b1333bef300c9e5442ea42d0046f70b78bd0b85d3b4aa9a5592d6d\
            1def9beb77a8c6bb";
        let key = PublicKey::RSA { e: MPI::new(&[1, 0, 1]), n: MPI::new(&hex::decode(n).unwrap()) };
        assert_eq!(keygrip(&key).as_deref(), Some("4AB1358732261D800DC1811A3A4054176910596B"));
    }

    #[test]
    fn keys_on_every_curve_are_named_as_gnupg_names_them() {
        let keys = [
            (
                Curve::Ed25519,
                "40c703186231cec597c21a49ab0b3a3d9c135630fdac11d119d0a31c18861b52ff",
                "51E278C5E49A1BDD789452591B703830006CED38",
            ),
            (
                Curve::Cv25519,
                "4010871399ccac1bbef0baa224b570a72d212adb8d8ac37c4e8ebbf265093fa04f",
                "09348A45D4DB0F6507589A7B860CA3FF9598B155",
            ),
            (
                Curve::NistP256,
                "041c6e5d98d76883157a7c653511ea7c22b72a695defc8bd4649970003401667952cb37e49d427cf\
                8c644d5e19ec0c0daa7afcc967b5ecf942581c7ed8b732a0bc",
                "30D85263D6A7A7CFCB38BE15F9E17C79136BD319",
            ),
            (
                Curve::NistP384,
                "0406e735c97e5940c04dc323983ae8ba0a735e2d15e3dff8609b75f6e10803122770be8c8821ae6e\
                d1cc4d20c1f34569082d37d46f35986a228709d4f64eed77d46ef1b96f27b50ec6ff0802ad7ec209\
                d82e9074a476069c4ebf1243ff376dee71",
                "DE3C4FC8A862C675411ED30197A33CF1D82CD96C",
            ),
            (
                Curve::NistP521,
                "040002898255f67df58c043a56e12052c56a1c8feae4659a3100d45c0b9ec3f78855e41713cc99c5\
                e49b57e2f11b0955d7f041b13613809cb1d42a4cec2485980a69cf004fd796a66d2d70c771ab7f83\
                1fbf55241869887b9dd5dda79a5fb84bf2b487ec3f4de66f0927ce3640722b9112107acc2da18ab1\
                cc942d6b888c81e4df0150b5c4",
                "035F9F8996209AB8532B5FBF59E34C8FDAF4FD60",
            ),
            (
                Curve::BrainpoolP256,
                "048eee86f93e3a8ca7763c3fc39d9141206b8b59ce55f09c7cf0e061d5dbd98fc94a2f7a37c35720\
                9489aabd139904c4b681718544ca8c1fce0c79247efb966ef7",
                "E3A94086CA5482837D30C36829ECF25D03F6A832",
            ),
            (
                Curve::BrainpoolP384,
                "040132bebc4b90b8a4e701a340511370b3a267d9d9514684de5117833044c3ca2cfbffcf9f6b2dc6\
                9661dbf335ba54492a1b8eadc26c4898ec9c6dbe943d94a3e68e847e0155535f66a9f471c1728588\
                bb03e77a9b8f228ca0e6645096cca0d7cc",
                "2DAE4D3645106697A4D3B7FE311E85532BD4F798",
            ),
            (
                Curve::BrainpoolP512,
                "047166488195acd173a1c51780a35899595fc7ea08bf734723e73a9b7340fd9e82b14a601ad2ac05\
                731f4ee5b6e553f0865c5770a008e2804a585b8962cf6e63f5019ccd4b3ce4b57880fcbf554190a9\
                4d51d711fc81944f634e06c1738cf52228150a4277a64c27c0722342e98babe23e787b9bac4b9c37\
                7114a112dcdb610fa6",
                "2003D263CFE62CD1BD56E32430FEE7CD9FCA9C65",
            ),
        ];
        for (curve, q, name) in keys {
            let q = MPI::new(&hex::decode(q).unwrap());
            let (hash, sym) = (HashAlgorithm::SHA256, SymmetricAlgorithm::AES128);
            let (signing, encrypting) = match curve {
                Curve::Ed25519 => (PublicKey::EdDSA { curve: curve.clone(), q: q.clone() }, None),
                _ => {
                    let encrypting = PublicKey::ECDH { curve: curve.clone(), q: q.clone(), hash, sym };
                    (PublicKey::ECDSA { curve: curve.clone(), q: q.clone() }, Some(encrypting))
                }
            };
            for key in [Some(signing), encrypting].into_iter().flatten() {
                assert_eq!(keygrip(&key).as_deref(), Some(name), "{curve}");
            }
        }
    }

    #[test]
    fn a_key_that_the_agent_cannot_have_has_no_name() {
        assert_eq!(keygrip(&PublicKey::X25519 { u: [9; 32] }), None);
        let unmarked = PublicKey::EdDSA { curve: Curve::Ed25519, q: MPI::new(&[1; 32]) };
        assert_eq!(keygrip(&unmarked), None);
    }
}
