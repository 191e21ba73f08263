//! Keys at the desk: taking them in, what is known of whose they are, opening
//! with them what waited for them, and the team's own.

mod at_hand;
mod choice;
mod deciding;
mod elsewhere;
mod listing;
pub(super) mod meeting;
mod own;
mod take;
mod told;
mod unlock;
mod waiting;

pub use at_hand::AtHand;
pub use choice::Recipient;
pub(super) use choice::{choose, last_signer};
pub use deciding::COMPARED;
pub use elsewhere::{MAX_ANSWER, lookup};
pub use listing::{KeyHistory, KeyListing};
pub use own::Published;
pub use take::KeyImport;
pub(super) use unlock::Unlocked;
pub use unlock::kept_for;
pub(super) use waiting::worst_in;

/// Digits of a fingerprint that name it in a message.
const SHORT: usize = 16;

/// The beginning of a fingerprint, as people compare it at first glance.
fn short(fingerprint: &str) -> &str {
    fingerprint.get(..SHORT).unwrap_or(fingerprint)
}
