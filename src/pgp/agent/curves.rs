//! The parameters of the curves that GnuPG has, which are part of the name of a
//! key in its agent. Sources: SEC 2 (NIST), RFC 5639 (Brainpool), RFC 7748 and
//! RFC 8032 (Curve25519; the signs of Ed25519's are left out as libgcrypt does).

use sequoia_openpgp::types::Curve;

/// The parameters of `y^2 = x^3 + ax + b` over the field of `p` elements, or of
/// the like; hexadecimal without leading zero bytes.
pub(super) struct Parameters {
    /// The prime.
    pub p: &'static str,
    /// The first coefficient.
    pub a: &'static str,
    /// The second coefficient.
    pub b: &'static str,
    /// The base point, uncompressed.
    pub g: &'static str,
    /// The order of the base point.
    pub n: &'static str,
}

/// The parameters of a curve, where GnuPG has it.
pub(super) fn parameters(curve: &Curve) -> Option<Parameters> {
    Some(match curve {
        Curve::Ed25519 => Parameters {
            p: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
            a: "01",
            b: "2dfc9311d490018c7338bf8688861767ff8ff5b2bebe27548a14b235eca6874a",
            g: "04216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a666666\
                6666666666666666666666666666666666666666666666666666666658",
            n: "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed",
        },
        Curve::Cv25519 => Parameters {
            p: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
            a: "01db41",
            b: "01",
            g: "04000000000000000000000000000000000000000000000000000000000000000920ae19\
                a1b8a086b4e01edd2c7748d14c923d4d7e6d7c61b229e9c5a27eced3d9",
            n: "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed",
        },
        Curve::NistP256 => Parameters {
            p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            a: "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
            b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            g: "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342\
                e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            n: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        },
        Curve::NistP384 => Parameters {
            p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff\
                0000000000000000ffffffff",
            a: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff\
                0000000000000000fffffffc",
            b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d\
                8a2ed19d2a85c8edd3ec2aef",
            g: "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f2\
                5dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a14\
                7ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            n: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db2\
                48b0a77aecec196accc52973",
        },
        Curve::NistP521 => Parameters {
            p: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
                ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            a: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
                fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc",
            b: "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1561939\
                51ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
            g: "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa1\
                4b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66011839296a\
                789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef426\
                40c550b9013fad0761353c7086a272c24088be94769fd16650",
            n: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa5186\
                8783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        },
        Curve::BrainpoolP256 => Parameters {
            p: "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
            a: "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
            b: "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
            g: "048bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262547ef8\
                35c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
            n: "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
        },
        Curve::BrainpoolP384 => Parameters {
            p: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729\
                901d1a71874700133107ec53",
            a: "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a\
                503ad4eb04a8c7dd22ce2826",
            b: "04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb43902\
                95dbc9943ab78696fa504c11",
            g: "041d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e0\
                3436d646aaef87b2e247d4af1e8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec58\
                64e19c054ff99129280e4646217791811142820341263c5315",
            n: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af\
                6b7fc3103b883202e9046565",
        },
        Curve::BrainpoolP512 => Parameters {
            p: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b00\
                9bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
            a: "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5a\
                a8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
            b: "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9\
                e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
            g: "0481aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f\
                78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f8227dde385d566332\
                ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4b\
                d88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
            n: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c41\
                4ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
        },
        _ => return None,
    })
}
