//! What chance decides, all of it from one seed: the same seed gives the same
//! drill, and a line more in a scenario changes nothing about the others.

use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

/// The seed of a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dice(pub u64);

impl Dice {
    /// 32 bytes for what `label` names.
    pub fn bytes(self, label: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"ninety drill\0");
        hash.update(self.0.to_be_bytes());
        hash.update(label.as_bytes());
        hash.finalize().into()
    }

    /// A number from 0 to below `end` for what `label` names; 0 where `end` is 0.
    pub fn below(self, label: &str, end: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.bytes(label);
        u64::from_be_bytes([a, b, c, d, e, f, g, h]).checked_rem(end).unwrap_or(0)
    }

    /// A span of whole seconds from nothing up to `longest` for what `label` names.
    pub fn up_to(self, label: &str, longest: TimeDelta) -> TimeDelta {
        let seconds = u64::try_from(longest.num_seconds()).unwrap_or(0);
        TimeDelta::seconds(self.below(label, seconds + 1) as i64)
    }

    /// The places 0 to below `count` in an order that chance decides.
    pub fn shuffled(self, label: &str, count: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..count).collect();
        places.sort_by_cached_key(|place| self.bytes(&format!("{label}/{place}")));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_label_give_the_same_and_others_something_else() {
        let (one, other) = (Dice(1), Dice(2));
        assert_eq!(one.bytes("team"), one.bytes("team"));
        assert_ne!(one.bytes("team"), one.bytes("lost"));
        assert_ne!(one.bytes("team"), other.bytes("team"));
        assert_eq!((one.below("x", 0), one.below("x", 1)), (0, 0));
        assert!((0..50).all(|n| one.up_to(&n.to_string(), TimeDelta::minutes(5)) <= TimeDelta::minutes(5)));
        let mut order = one.shuffled("variants", 20);
        assert_ne!(order, (0..20).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..20).collect::<Vec<_>>());
    }
}
