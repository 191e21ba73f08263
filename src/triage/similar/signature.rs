//! MinHash: texts with much in common have signatures with much in common
//! (Broder, *On the resemblance and containment of documents*, 1997). One hash
//! of each shingle serves all lanes, and empty lanes borrow (Shrivastava,
//! *Optimal densification for fast and accurate minwise hashing*, 2017): intake
//! makes a signature for every mail.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Lanes of a signature: the error of the estimate is about 1/√64, an eighth.
const LANES: usize = 64;

/// Bytes of a signature as it is stored.
pub const SIGNATURE_BYTES: usize = LANES * 2;

/// Share of equal lanes from which two texts count as near-identical.
pub const NEAR_IDENTICAL: f32 = 0.6;

/// Words of a shingle: short enough that one exchanged name spoils few of them.
const SHINGLE: usize = 3;

/// Words that are looked at; a mass mail is known by its beginning.
const MAX_WORDS: usize = 4_096;

/// A text in 128 bytes; the same on every machine and in every version.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u16; LANES]);

impl Signature {
    /// The signature of `text`.
    pub fn of(text: &str) -> Self {
        Self::of_words(crate::triage::phrases::Words::of(text).iter())
    }

    pub(crate) fn of_words<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let hashes: Vec<u64> = words.take(MAX_WORDS).map(hash).collect();
        let mut lowest = [u64::MAX; LANES];
        for shingle in hashes.windows(hashes.len().clamp(1, SHINGLE)) {
            let mixed = shingle.iter().fold(0_u64, |sum, &word| mix(sum.rotate_left(7) ^ word));
            let low = &mut lowest[mixed as usize % LANES];
            *low = (*low).min(mixed / LANES as u64);
        }
        let found = lowest;
        for (lane, low) in lowest.iter_mut().enumerate() {
            *low = borrowed(&found, lane);
        }
        // All ones stand for a text without words and for nothing else.
        Self(lowest.map(|low| if low == u64::MAX { u16::MAX } else { (mix(low) >> 48) as u16 & 0xfffe }))
    }

    /// Whether there were no words.
    pub fn is_empty(&self) -> bool {
        self.0 == [u16::MAX; LANES]
    }

    /// The share of what both texts say that each of them says, 0 to 1, give or
    /// take an eighth; 0 where one has no words.
    pub fn likeness(&self, other: &Self) -> f32 {
        if self.is_empty() || other.is_empty() {
            return 0.0;
        }
        let equal: u8 = self.0.iter().zip(&other.0).map(|(a, b)| u8::from(a == b)).sum();
        f32::from(equal) / LANES as f32
    }

    /// Whether both texts are the same but for names and numbers.
    pub fn is_near(&self, other: &Self) -> bool {
        self.likeness(other) >= NEAR_IDENTICAL
    }

    /// The bytes to store.
    pub fn to_bytes(self) -> [u8; SIGNATURE_BYTES] {
        let mut bytes = [0; SIGNATURE_BYTES];
        for (pair, lane) in bytes.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&lane.to_le_bytes());
        }
        bytes
    }

    /// The signature that was stored; `None` where the length is another.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; SIGNATURE_BYTES] = bytes.try_into().ok()?;
        let mut lanes = [0; LANES];
        for (lane, pair) in lanes.iter_mut().zip(bytes.chunks_exact(2)) {
            *lane = u16::from_le_bytes([pair[0], pair[1]]);
        }
        Some(Self(lanes))
    }
}

/// The signature of no words.
impl Default for Signature {
    fn default() -> Self {
        Self([u16::MAX; LANES])
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Signature {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{self:?}"))
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
        let signature = bytes.as_deref().and_then(Self::from_bytes);
        signature.ok_or_else(|| serde::de::Error::custom("a signature is 256 hexadecimal digits"))
    }
}

/// What stands in a lane: its own minimum, or that of a lane which is drawn by
/// lot, the same for every text; the maximum where no lane has any.
fn borrowed(found: &[u64; LANES], lane: usize) -> u64 {
    if found.iter().all(|low| *low == u64::MAX) {
        return u64::MAX;
    }
    let mut from = lane;
    let mut draw = lane as u64;
    while found[from] == u64::MAX {
        draw = mix(draw.wrapping_add(0x9e37_79b9_7f4a_7c15));
        from = draw as usize % LANES;
    }
    found[from]
}

/// FNV-1a; words in digits count alike, so that numbered copies stay the same.
fn hash(word: &str) -> u64 {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let bytes = if is_number { "0" } else { word };
    bytes
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of SplitMix64: a fixed permutation that leaves no pattern.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
