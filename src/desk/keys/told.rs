//! A key in full, as lines for people.

use chrono::{DateTime, Utc};

use super::KeyHistory;
use crate::pgp::detail::{Detail, KeyDetail, detail};
use crate::text;

impl KeyHistory {
    /// All that is known of the key: its parts, its strength, where it was met,
    /// what people did with it. Safe text, a line each.
    pub fn told(&self, now: DateTime<Utc>) -> Vec<String> {
        let mut lines = vec![grouped(&self.listing.fingerprint)];
        match detail(&self.bytes, now) {
            Ok(detail) => lines.extend(self.facts(&detail)),
            Err(error) => lines.push(text::line(&error.to_string())),
        }
        lines.extend(self.record());
        lines
    }

    fn facts(&self, detail: &Detail) -> Vec<String> {
        let kind = if self.listing.secret { "a key of the team" } else { "a certificate" };
        let mut lines = vec![
            fact("kind", kind),
            fact("version", &format!("{}, made {}", detail.version, day(detail.created))),
            fact("ends", &detail.expires.map_or("never".to_owned(), day)),
            fact("now", &detail.fitness.to_string()),
            fact("strength", &detail.strength),
            fact("reads", &detail.features.join(", ")),
        ];
        for id in &detail.user_ids {
            let primary = if id.is_primary { " (primary)" } else { "" };
            lines.push(fact("user ID", &format!("{}{primary}, {}", id.text, id.fitness)));
        }
        lines.extend(detail.keys.iter().map(part));
        lines
    }

    fn record(&self) -> Vec<String> {
        let (at, by) = &self.added;
        let mut lines = vec![fact("taken in", &format!("{} by {by}", day(*at)))];
        for standing in &self.listing.standings {
            let (trust, address) = (standing.trust, &standing.address);
            let since = day(standing.at);
            lines.push(fact("counts", &format!("{trust} for {address}, since {since} by {}", standing.by)));
        }
        for seen in &self.sightings {
            let with = if seen.address.is_empty() { "no address of its own" } else { &seen.address };
            let (first, last) = (day(seen.first_at), day(seen.last_at));
            let (times, origin) = (seen.times, seen.origin);
            lines.push(fact("seen", &format!("{times}x with {with} ({origin}), first {first}, last {last}")));
        }
        for event in &self.events {
            lines.push(fact("record", &format!("{} {}: {}", day(event.at), event.by, event.what)));
        }
        if self.listing.secret {
            let has =
                if self.has_revocation { "here; 'ninety key export --revocation'" } else { "none here" };
            lines.push(fact("revocation", has));
        }
        lines
    }
}

fn part(part: &KeyDetail) -> String {
    let secret = part.secret.word().map_or(String::new(), |word| format!(", secret part {word}"));
    let ends = part.expires.map_or(String::new(), |at| format!(", until {}", day(at)));
    let purpose = match part.purpose.words() {
        words if words.is_empty() => String::new(),
        words => format!(" to {words}"),
    };
    let (fingerprint, algorithm, fitness) = (&part.fingerprint, &part.algorithm, &part.fitness);
    fact("part", &format!("{fingerprint} {algorithm}{purpose}{ends}, {fitness}{secret}"))
}

fn fact(name: &str, value: &str) -> String {
    format!("  {name:<10} {}", text::line(value))
}

/// In groups of four, as people read it out.
fn grouped(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}
