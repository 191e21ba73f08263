//! The disclosure date that a reporter names in a mail: read, quoted, proposed.
//!
//! Aims at precision: a date counts only beside a word of disclosure, in the
//! writer's own words, in a sentence about what lies ahead. A proposal is for a
//! person to confirm; nothing here sets a date. English and German.

mod context;
mod dates;
mod hours;
mod prose;
mod public;
mod relative;
mod spans;
#[cfg(test)]
mod tests;
mod tokens;
mod vocabulary;

use chrono::{DateTime, NaiveDate, NaiveTime, Offset as _, TimeDelta, TimeZone, Utc};

use self::context::{Bond, Scene};
use self::dates::Day;
use self::tokens::Sentence;
use self::vocabulary::Word;
use super::calendar::Calendar;
use super::words::words;

words! {
    /// How a demand names its instant.
    pub enum DemandKind ("kind of demand") {
        /// A date: `on 14 January`.
        Date = "date",
        /// A span that starts when the report reached us: `in 30 days`.
        Span = "span from receipt",
        /// Today, now: `we will publish immediately`.
        Immediately = "immediately",
        /// It is out already.
        Public = "already public",
    }
}

words! {
    /// What a person should know before taking a demand for what it seems.
    pub enum Remark ("remark on a demand") {
        /// `01/02/2027`: the earlier of both readings that lie ahead was taken.
        Ambiguous = "day and month may be swapped, this is the earlier reading",
        /// The year is not named: the next such date after receipt.
        YearAssumed = "no year named, this is the next such date",
        /// `early January`, `next week`: the first day that it can mean.
        Rough = "a rough date, this is its earliest reading",
        /// Nothing is to be published before it; what happens then is not said.
        Embargo = "an embargo until then",
        /// It holds under a condition.
        Conditional = "under a condition",
        /// It is asked, not announced.
        Question = "a question",
        /// The work days of the team's calendar, where there is one; else Monday
        /// to Friday. The reporter's own holidays are never known.
        WorkingDays = "working days, counted by our calendar",
    }
}

/// An instant of disclosure that a mail seems to demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The instant; never before receipt. A date without a time is its first
    /// instant, which is the earliest reading.
    pub at: DateTime<Utc>,
    /// How the mail names it.
    pub kind: DemandKind,
    /// The sentence that says so, about 200 characters around the place at most. Foreign text.
    pub sentence: String,
    /// How sure the reading is, 0 to 100.
    pub confidence: u8,
    /// What a person should know about the reading.
    pub remarks: Vec<Remark>,
}

/// Demands proposed at most.
const MAX_DEMANDS: usize = 3;

/// Demands kept while reading: enough to find the best, whatever is written around them.
const MAX_KEPT: usize = 32;

/// Longest quotation, in characters.
const MAX_QUOTE: usize = 200;

/// What `text`, which reached us at `received`, seems to demand, the surest
/// first. Dates without a zone are taken in `zone`; Monday to Friday are worked.
/// Linear in the text.
pub fn propose<Z: TimeZone>(text: &str, received: DateTime<Utc>, zone: &Z) -> Vec<Demand> {
    read(text, received, zone, &Calendar::default())
}

/// [`propose`], where working days are those of `calendar`.
fn read<Z: TimeZone>(text: &str, received: DateTime<Utc>, zone: &Z, calendar: &Calendar) -> Vec<Demand> {
    let utc = received.naive_utc();
    let local = utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc);
    let receipt = Receipt { at: received, today: local.date(), zone, calendar };
    let mut found: Vec<Demand> = Vec::new();
    let mut before: Option<Sentence> = None;
    for sentence in prose::sentences(text) {
        let joined = before
            .as_ref()
            .filter(|_| context::goes_on(&sentence))
            .map(|before| before.followed_by(&sentence));
        let read = joined.as_ref().unwrap_or(&sentence);
        for (demand, place) in receipt.demands(read, joined.is_some()) {
            keep(&mut found, demand, || quote(read, place));
        }
        before = Some(sentence);
    }
    found.truncate(MAX_DEMANDS);
    found
}

/// The surest of what a mail seems to demand, by the team's calendar: what a
/// person is asked about.
pub fn surest(text: &str, received: DateTime<Utc>, calendar: &Calendar) -> Option<super::case::Demand> {
    let found = read(text, received, &calendar.zone, calendar).into_iter().next()?;
    Some(super::case::Demand { at: found.at, sentence: found.sentence })
}

/// Adds `demand` in its rank; of several for one instant the surest stays. Only
/// what is kept is quoted.
fn keep(found: &mut Vec<Demand>, mut demand: Demand, quote: impl FnOnce() -> String) {
    let rank = |demand: &Demand| (std::cmp::Reverse(demand.confidence), demand.at);
    let known = found.iter().position(|known| known.at == demand.at);
    let bar = known.map(|index| &found[index]).or_else(|| found.get(MAX_KEPT - 1));
    if bar.is_some_and(|bar| rank(bar) <= rank(&demand)) {
        return;
    }
    if let Some(index) = known {
        found.remove(index);
    }
    demand.sentence = quote();
    let index = found.partition_point(|kept| rank(kept) <= rank(&demand));
    found.insert(index, demand);
    found.truncate(MAX_KEPT);
}

/// The tokens of a sentence, from and up to, that name an instant.
type Place = (usize, usize);

struct Receipt<'a, Z: TimeZone> {
    at: DateTime<Utc>,
    today: NaiveDate,
    zone: &'a Z,
    calendar: &'a Calendar,
}

impl<Z: TimeZone> Receipt<'_, Z> {
    /// The demands of one sentence, not quoted yet, and where they stand in it.
    fn demands(&self, sentence: &Sentence, goes_on: bool) -> Vec<(Demand, Place)> {
        let scene = Scene::of(sentence, goes_on);
        let mut demands: Vec<_> =
            public::stands(&scene).map(|at| self.now(&scene, at, DemandKind::Public)).into_iter().collect();
        let mut at = if scene.mentions.is_empty() { sentence.len() } else { 0 };
        while at < sentence.len() {
            let date =
                dates::read(sentence, at, self.today).or_else(|| relative::read(sentence, at, self.today));
            if let Some((day, next)) = date {
                demands.extend(day.and_then(|day| self.on_day(&scene, day, at, next)));
                at = next;
            } else if let Some((span, next)) = spans::read(sentence, at) {
                demands.extend(self.after_span(&scene, span, at, next));
                at = next;
            } else {
                let now = public::is_now(&scene, at).then(|| self.now(&scene, at, DemandKind::Immediately));
                demands.extend(now);
                at += 1;
            }
        }
        demands
    }

    fn on_day(&self, scene: &Scene, day: Day, from: usize, to: usize) -> Option<(Demand, Place)> {
        let bond = context::bond(scene, from, to)?;
        let at = self.instant(day)?;
        let remarks = [
            (day.is_ambiguous, Remark::Ambiguous),
            (!day.has_year, Remark::YearAssumed),
            (day.is_rough, Remark::Rough),
        ];
        Some(self.demand(scene, bond, (from, to), at, DemandKind::Date, &remarks))
    }

    fn after_span(
        &self,
        scene: &Scene,
        span: spans::Span,
        from: usize,
        to: usize,
    ) -> Option<(Demand, Place)> {
        if !context::counts_from_receipt(scene.sentence, span, from, to) {
            return None;
        }
        let bond = context::bond(scene, from, to)?;
        let at = span.after(self.at, self.calendar)?;
        let remarks = [(span.unit == spans::Unit::WorkingDays, Remark::WorkingDays)];
        Some(self.demand(scene, bond, (from, to), at, DemandKind::Span, &remarks))
    }

    fn demand(
        &self,
        scene: &Scene,
        bond: Bond,
        place: Place,
        at: DateTime<Utc>,
        kind: DemandKind,
        remarks: &[(bool, Remark)],
    ) -> (Demand, Place) {
        let all = [
            (bond.is_embargo, Remark::Embargo),
            (scene.is_conditional, Remark::Conditional),
            (scene.is_question, Remark::Question),
        ];
        let remarks: Vec<Remark> =
            remarks.iter().chain(&all).filter(|(holds, _)| *holds).map(|&(_, remark)| remark).collect();
        let confidence = confidence(&bond, &remarks, context::is_first_person(scene.sentence, place.0));
        (Demand { at, kind, sentence: String::new(), confidence, remarks }, place)
    }

    /// A demand that leaves no time.
    fn now(&self, scene: &Scene, at: usize, kind: DemandKind) -> (Demand, Place) {
        let bond = Bond { word: Word::Ahead, distance: 0, is_embargo: false };
        self.demand(scene, bond, (at, at + 1), self.at, kind, &[])
    }

    /// The instant of `day`, not before receipt.
    fn instant(&self, day: Day) -> Option<DateTime<Utc>> {
        let (time, offset) = day.time.unwrap_or((NaiveTime::MIN, None));
        let local = day.date.and_time(time);
        let at = match offset {
            Some(offset) => offset.from_local_datetime(&local).earliest()?.to_utc(),
            None => {
                // A local time that daylight saving skips is taken an hour later.
                let skipped = || {
                    self.zone.from_local_datetime(&local.checked_add_signed(TimeDelta::hours(1))?).earliest()
                };
                self.zone.from_local_datetime(&local).earliest().or_else(skipped)?.to_utc()
            }
        };
        Some(at.max(self.at))
    }
}

/// How sure a reading is.
fn confidence(bond: &Bond, remarks: &[Remark], is_first_person: bool) -> u8 {
    let base: i32 = match bond.word {
        Word::Ahead => 75,
        Word::Deadline => 65,
        Word::Occasion | Word::Past => 50,
        Word::Secret => 60,
    };
    let less: i32 = remarks
        .iter()
        .map(|remark| match remark {
            Remark::Question => 20,
            Remark::Conditional | Remark::Rough => 10,
            Remark::Ambiguous | Remark::YearAssumed | Remark::Embargo | Remark::WorkingDays => 5,
        })
        .sum();
    let far = i32::try_from(bond.distance.saturating_sub(4)).unwrap_or(i32::MAX / 4).saturating_mul(2);
    let sure = base + if is_first_person { 15 } else { 0 } - less - far;
    u8::try_from(sure.clamp(5, 95)).unwrap_or(5)
}

/// The sentence, clipped around a place in it.
fn quote(sentence: &Sentence, (from, to): Place) -> String {
    let text = sentence.text.as_str();
    let start = sentence.tokens.get(from).map_or(0, |token| token.at);
    let end = sentence.tokens.get(to.saturating_sub(1)).map_or(text.len(), |token| token.end);
    let before: Vec<(usize, char)> = text[..start].char_indices().rev().take(MAX_QUOTE + 1).collect();
    let room = MAX_QUOTE.saturating_sub(text[start..end].chars().take(MAX_QUOTE).count());
    let after = text[end..].chars().take(MAX_QUOTE + 1).count();
    // What one side does not need is the other's.
    let ahead = before.len().min(room - (room / 2).min(after));
    let behind = after.min(room - ahead);
    let first = if ahead == 0 { start } else { before[ahead - 1].0 };
    let last = text[end..].char_indices().nth(behind).map_or(text.len(), |(at, _)| end + at);
    let mut quoted = String::new();
    if first > 0 {
        quoted.push('…');
    }
    quoted.extend(text[first..last].trim().chars().take(MAX_QUOTE));
    if last < text.len() {
        quoted.push('…');
    }
    quoted
}
