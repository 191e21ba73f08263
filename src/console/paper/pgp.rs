//! The PGP pane: who signed, with which key, what exactly is covered, how it
//! was encrypted, and whether an encrypted answer is possible.

use crate::text;
use crate::triage::message::{Encryption, Message, SignatureStatus, Verdict};
use crate::triage::{Answer, Dossier, ReporterKey, Trust};

use super::{Line, Piece, Role, Setting, foreign, grouped, heading, ours};

/// Days before its end that a key is worth a word.
const SOON: i64 = 90;

/// Typesets the protection of `dossier`.
pub fn pgp(dossier: &Dossier, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = setting.fact("answer", answer(&dossier.answer));
    for key in &dossier.keys {
        lines.extend(setting.fact("their key", reporter_key(key, setting)));
    }
    let count = dossier.messages.len();
    for (index, message) in dossier.messages.iter().enumerate() {
        if count > 1 {
            lines.push(Line::default());
            lines.push(title(message, index + 1, count, setting));
        }
        lines.extend(verdict(&message.content.verdict, setting));
    }
    lines
}

fn title(message: &Message, number: usize, count: usize, setting: &Setting<'_>) -> Line {
    let from = text::line(message.content.from.short());
    heading(setting, &format!("mail {number} of {count} from {from}"))
}

fn answer(answer: &Answer) -> Vec<Piece> {
    match answer {
        Answer::Encrypted { fingerprint } => {
            vec![
                ours(Role::Good, "can be encrypted"),
                ours(Role::Plain, format!(" to {}", grouped(fingerprint))),
            ]
        }
        Answer::NotPossible(why) => {
            vec![ours(Role::Warn, "cannot be encrypted"), ours(Role::Plain, ": "), foreign(Role::Plain, why)]
        }
    }
}

/// A key of the reporter: what it is taken for, and until when it can be used.
fn reporter_key(key: &ReporterKey, setting: &Setting<'_>) -> Vec<Piece> {
    let mut pieces = vec![ours(Role::Plain, grouped(&key.fingerprint))];
    let (role, words) = match key.standing.as_ref().map(|standing| (standing.trust, standing)) {
        Some((Trust::Verified, standing)) => {
            let when = standing.at.format("%Y-%m-%d");
            (Role::Good, format!("verified by {} on {when}", text::line(&standing.by)))
        }
        Some((Trust::Candidate, _)) => (Role::Bad, "CHANGED KEY, not accepted; P shows it".to_owned()),
        Some((Trust::Retired, _)) => (Role::Warn, "retired here".to_owned()),
        Some((Trust::FirstUse, standing)) => {
            let since = standing.at.format("%Y-%m-%d");
            (Role::Warn, format!("first use on {since}, seen {}x; P, then v when compared", key.seen))
        }
        Some((Trust::Imported, _)) => (Role::Plain, "taken in by hand, not compared".to_owned()),
        None => (Role::Warn, "never used with this address".to_owned()),
    };
    pieces.push(ours(Role::Plain, " "));
    pieces.push(ours(role, words));
    let ends_in = key.expires.map(|at| (at, (at - setting.now).num_days()));
    match (&key.problem, ends_in) {
        (Some(problem), _) => pieces.push(foreign(Role::Bad, &format!(" · {problem}"))),
        (None, Some((_, days))) if days <= SOON => {
            pieces.push(ours(Role::Warn, format!(" · ends in {days} days")));
        }
        (None, Some((at, _))) => {
            pieces.push(ours(Role::Plain, format!(" · until {}", at.format("%Y-%m-%d"))));
        }
        (None, None) => {}
    }
    pieces
}

fn verdict(verdict: &Verdict, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = setting.fact("encrypted", encryption(verdict));
    if let Some(key) = &verdict.opened_with {
        lines.extend(setting.fact("opened by", vec![ours(Role::Plain, grouped(key))]));
    }
    if verdict.encryption == Encryption::Failed && !verdict.recipients.is_empty() {
        let keys: Vec<String> = verdict.recipients.iter().map(|key| grouped(key)).collect();
        lines.extend(setting.fact("sent to", vec![ours(Role::Plain, keys.join(", "))]));
    }
    lines.extend(setting.fact("signed", signature(verdict)));
    let signed = verdict.signature.status != SignatureStatus::None;
    if let Some(signer) = verdict.signature.signer.as_ref().filter(|_| signed) {
        lines.extend(setting.fact("by", vec![foreign(Role::Plain, signer)]));
    }
    if let Some(key) = &verdict.signature.fingerprint {
        lines.extend(setting.fact("key", vec![ours(Role::Plain, grouped(key))]));
    }
    if let Some(at) = verdict.signature.made_at {
        lines.extend(setting.fact("made", vec![ours(Role::Plain, setting.zone.short(at, setting.now))]));
    }
    if let Some(coverage) = &verdict.coverage {
        lines.extend(setting.fact("covers", vec![foreign(Role::Plain, coverage)]));
    }
    if let Some(reason) = &verdict.signature.reason {
        lines.extend(setting.fact("because", vec![foreign(Role::Plain, reason)]));
    }
    for note in &verdict.notes {
        lines.extend(setting.fact("note", vec![foreign(Role::Warn, note)]));
    }
    lines
}

fn encryption(verdict: &Verdict) -> Vec<Piece> {
    let (role, words) = match verdict.encryption {
        Encryption::None => (Role::Plain, "no: it came in the clear"),
        Encryption::Whole => (Role::Good, "whole message"),
        Encryption::Partial => (Role::Warn, "only a part of it"),
        Encryption::Failed => (Role::Bad, "COULD NOT BE OPENED"),
    };
    let mut pieces = vec![ours(role, words)];
    if let Some(detail) = &verdict.encryption_detail {
        pieces.push(ours(Role::Plain, " · "));
        pieces.push(foreign(Role::Plain, detail));
    }
    pieces
}

fn signature(verdict: &Verdict) -> Vec<Piece> {
    let (role, words) = match verdict.signature.status {
        SignatureStatus::None => (Role::Plain, "no"),
        SignatureStatus::Verified => (Role::Good, "VERIFIED"),
        SignatureStatus::FirstUse => (Role::Plain, "good, by the key first seen with this address"),
        SignatureStatus::ChangedKey => (Role::Bad, "BY ANOTHER KEY THAN BEFORE"),
        SignatureStatus::OtherSigner => (Role::Warn, "good, but not by the sender's key"),
        SignatureStatus::UnknownKey => (Role::Warn, "by a key that we do not hold"),
        SignatureStatus::Partial => (Role::Warn, "good, but covers only a part"),
        // No louder than no signature at all (RFC 9787): the reason stands below.
        SignatureStatus::Invalid => (Role::Warn, "does not count"),
    };
    vec![ours(role, words)]
}
