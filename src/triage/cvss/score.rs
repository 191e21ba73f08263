//! The score of a complete vector, in tenths.
//!
//! The crate `cvss` does the arithmetic. One thing in it is not the standard's:
//! v3.0 rounds *up* to a tenth, and a product such as 5.0 × 0.92 is a hair over
//! 4.6 in binary (v3.1 changed the rounding for that reason), so the temporal
//! factors of v3.0 are applied here, in whole numbers.

use ::cvss::v3::{self, Metric};
use ::cvss::v4;

use super::draft::Draft;
use super::{Group, Version};

/// The score in tenths, 0 to 100; none where a mandatory metric is missing.
pub(super) fn tenths(vector: &Draft) -> Option<u8> {
    if !vector.missing().is_empty() {
        return None;
    }
    let text = vector.to_string();
    Some(match vector.version() {
        Version::V30 => v3_0(vector, &text.parse().ok()?),
        Version::V31 => v3_1(vector, &text.parse().ok()?),
        Version::V40 => rounded(text.parse::<v4::Vector>().ok()?.score().value()),
    })
}

fn v3_1(vector: &Draft, parsed: &v3::Vector) -> u8 {
    let score = if vector.has(Group::Environmental) {
        parsed.environmental_score()
    } else if vector.has(Group::Temporal) {
        parsed.temporal_score()
    } else {
        parsed.base_score()
    };
    rounded(score.value())
}

/// Section 8 of v3.0: what lasts, times the temporal factors, rounded up to a tenth.
fn v3_0(vector: &Draft, parsed: &v3::Vector) -> u8 {
    let lasting = v3::Vector { e: None, rl: None, rc: None, ..parsed.clone() };
    let environmental = vector.has(Group::Environmental);
    let score = if environmental { lasting.environmental_score() } else { lasting.base_score() };
    let hundredths = |factor: Option<f64>| factor.map_or(100, |factor| (factor * 100.0).round() as u32);
    let factors = [parsed.e.map(Metric::score), parsed.rl.map(Metric::score), parsed.rc.map(Metric::score)];
    let product = factors.into_iter().map(hundredths).product::<u32>();
    // At most 100 × 100³: no overflow, and no more than 100 tenths.
    (u32::from(rounded(score.value())) * product).div_ceil(1_000_000) as u8
}

/// A score, which has one decimal and lies between 0 and 10, in tenths.
fn rounded(score: f64) -> u8 {
    (score * 10.0).round().clamp(0.0, 100.0) as u8
}
