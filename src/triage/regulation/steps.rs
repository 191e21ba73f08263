//! The clock of each report, as the table of this room has them.

use chrono::{DateTime, TimeZone, Utc};

use super::period::{days_after, month_after};
use super::{Regime, Situation, Step};
use crate::text;
use crate::triage::clocks::{Clock, Course, Kind, after, hours};
use crate::triage::event::in_utc;

/// Hours from awareness to the early warning.
const WARNING_HOURS: i64 = 24;
/// Hours from awareness to the notification.
const NOTIFICATION_HOURS: i64 = 72;
/// Days from an available measure to the final report of a CRA vulnerability.
const FINAL_DAYS: u64 = 14;

/// When a step is counted from, when it is due, and why.
struct Span {
    started_at: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    why: String,
}

impl Span {
    fn not_started(why: impl Into<String>) -> Self {
        Self { started_at: None, due_at: None, why: why.into() }
    }

    fn from(start: DateTime<Utc>, due: DateTime<Utc>, why: String) -> Self {
        Self { started_at: Some(start), due_at: Some(due), why }
    }
}

/// The clocks of `situation` at `now`, in the order of the steps: three, and
/// for NIS2 the progress report between them. `zone` is the one that days and
/// months are counted in (see [`period`](super::period)). They count on when the
/// case is closed: the law knows no closed cases.
pub fn clocks<Z: TimeZone>(situation: &Situation, zone: &Z, now: DateTime<Utc>) -> Vec<Clock> {
    let clock = |step: Step, span: Span| {
        // What has not started cannot be covered, only be filed ahead of its time.
        let filing = span.due_at.map_or_else(|| situation.filed(step), |_| situation.covered(step));
        let filed = filing.map_or(String::new(), |filing| {
            let what =
                if filing.step == step { String::new() } else { format!("covered by the {}, ", filing.step) };
            let reference = text::line(&filing.reference);
            let number = if reference.is_empty() { String::new() } else { format!(" as {reference}") };
            format!("; {what}filed on {} by {}{number}", in_utc(filing.at), text::line(&filing.by))
        });
        let course = Course {
            kind: kind(step),
            of: Some(situation.regime.to_string()),
            started_at: span.started_at,
            due_at: span.due_at,
            met_at: filing.map(|filing| filing.at),
            why: format!("{}{filed}", span.why),
        };
        course.at(None, now)
    };
    let mut clocks = vec![
        clock(Step::EarlyWarning, from_awareness(situation, WARNING_HOURS)),
        clock(Step::Notification, from_awareness(situation, NOTIFICATION_HOURS)),
    ];
    match situation.regime {
        Regime::CraVulnerability => clocks.push(clock(Step::FinalReport, after_measure(situation, zone))),
        Regime::CraIncident => clocks.push(clock(Step::FinalReport, after_notification(situation, zone))),
        Regime::Nis2 => {
            let (progress, last) = after_handling(situation, zone);
            clocks.push(clock(Step::ProgressReport, progress));
            clocks.push(clock(Step::FinalReport, last));
        }
    }
    clocks
}

fn kind(step: Step) -> Kind {
    match step {
        Step::EarlyWarning => Kind::EarlyWarning,
        Step::Notification => Kind::Notification,
        Step::ProgressReport => Kind::ProgressReport,
        Step::FinalReport => Kind::FinalReport,
    }
}

fn from_awareness(situation: &Situation, within: i64) -> Span {
    let signal = situation.first_signal_at.map(in_utc);
    match (situation.aware_at, signal) {
        (Some(aware), signal) => {
            let seen = signal.map_or(String::new(), |at| format!(", first signal on {at}"));
            let why = format!("{within} hours from awareness on {}{seen}", in_utc(aware));
            Span::from(aware, after(aware, hours(within)), why)
        }
        (None, Some(at)) => Span::not_started(format!(
            "starts with the decision that we are aware, which is open since the first signal on {at}"
        )),
        (None, None) => Span::not_started("starts with the decision that we are aware"),
    }
}

/// CRA Article 14(2)(c). A measure that was there before anybody knew of the
/// abuse (an old fix, a new attack) starts the period with the awareness: no
/// report can be owed before the duty to report began.
fn after_measure<Z: TimeZone>(situation: &Situation, zone: &Z) -> Span {
    let Some(available) = situation.measure_available_at else {
        return Span::not_started(
            "starts when a corrective or mitigating measure is available; there is none",
        );
    };
    let Some(aware) = situation.aware_at else {
        return Span::not_started(format!(
            "starts with the decision that we are aware; a measure is available since {}",
            in_utc(available)
        ));
    };
    let start = available.max(aware);
    let from = if available < aware {
        format!("awareness on {}; a measure was available before, on {}", in_utc(aware), in_utc(available))
    } else {
        format!("{}, when a corrective or mitigating measure was available", in_utc(available))
    };
    Span::from(start, days_after(start, FINAL_DAYS, zone), format!("{FINAL_DAYS} days from {from}"))
}

/// CRA Article 14(4)(c), NIS2 Article 23(4)(d).
fn after_notification<Z: TimeZone>(situation: &Situation, zone: &Z) -> Span {
    let Some(notified) = situation.filed(Step::Notification).map(|filing| filing.at) else {
        return Span::not_started("starts when the notification is submitted");
    };
    let why = format!("one month from the submission of the notification on {}", in_utc(notified));
    Span::from(notified, month_after(notified, zone), why)
}

/// NIS2 Article 23(4)(d) and (e): progress report and final report. Which of the
/// two is due a month after the notification hangs on whether the incident is
/// handled by then.
fn after_handling<Z: TimeZone>(situation: &Situation, zone: &Z) -> (Span, Span) {
    let month = after_notification(situation, zone);
    let Some(month_due) = month.due_at else {
        let progress = Span::not_started("only for an incident that is ongoing when the final report is due");
        return (progress, month);
    };
    match situation.handled_at {
        Some(handled) if handled <= month_due => {
            let why = format!("not needed: the incident was handled on {}", in_utc(handled));
            (Span::not_started(why), month)
        }
        // Whoever files the final report by then has no progress to report.
        _ if situation.filed(Step::FinalReport).is_some_and(|filing| filing.at <= month_due) => {
            (Span::not_started("not needed: the final report was filed"), month)
        }
        handled => {
            let progress = Span { why: format!("{}, as the incident was ongoing", month.why), ..month };
            let last = match handled {
                Some(at) => {
                    let why = format!("one month from when the incident was handled on {}", in_utc(at));
                    Span::from(at, month_after(at, zone), why)
                }
                None => Span::not_started(format!(
                    "one month from when the incident is handled; handled by {}, it would be due then",
                    in_utc(month_due)
                )),
            };
            (progress, last)
        }
    }
}
