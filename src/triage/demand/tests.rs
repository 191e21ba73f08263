//! Sentences and what is read in them, all received on Monday, 23 November 2026, 09:02 UTC.

use chrono::FixedOffset;
use proptest::prelude::*;

use super::*;

const RECEIVED: &str = "2026-11-23T09:02:00Z";

fn read(text: &str) -> Vec<Demand> {
    propose(text, RECEIVED.parse().unwrap(), &Utc)
}

/// The first demand as `2027-01-14` or, off midnight, `2027-01-14 09:02`, with its remarks.
fn first(text: &str) -> (String, Vec<Remark>) {
    read(text).into_iter().next().map_or(("-".to_owned(), Vec::new()), |demand| {
        let date = demand.at.format("%Y-%m-%d %H:%M").to_string();
        (date.trim_end_matches(" 00:00").to_owned(), demand.remarks)
    })
}

/// Each sentence, the instant and the remarks that are read in it.
const DEMANDS: &[(&str, &str, &[Remark])] = {
    use Remark::{Ambiguous, Conditional, Embargo, Question, Rough, WorkingDays, YearAssumed};
    &[
        // Dates, English.
        ("We will publish on 14 January.", "2027-01-14", &[YearAssumed]),
        ("We will publish on 14 January 2027.", "2027-01-14", &[]),
        ("We plan to disclose this on January 14th.", "2027-01-14", &[YearAssumed]),
        ("I intend to publish the details on January 14, 2027.", "2027-01-14", &[]),
        ("The advisory will be published on the 14th of January, 2027.", "2027-01-14", &[]),
        ("Our disclosure date is 2027-01-14.", "2027-01-14", &[]),
        ("Disclosure date: 2027-01-14", "2027-01-14", &[]),
        ("Planned public disclosure: 14-Jan-2027", "2027-01-14", &[]),
        ("Disclosure deadline:\n14 January 2027", "2027-01-14", &[]),
        ("2027-01-14: public disclosure", "2027-01-14", &[]),
        (
            "I give you one day more than your plan: I publish on\n\n    Thursday 14 January 2027, 15:00 UTC\n",
            "2027-01-14 15:00",
            &[],
        ),
        ("I wait two weeks longer before I publish.", "-", &[]),
        ("We are going public on 01/14/2027.", "2027-01-14", &[]),
        ("We are going public on 14/01/2027.", "2027-01-14", &[]),
        ("We are going public on 02/01/2027.", "2027-01-02", &[Ambiguous]),
        ("Publication is scheduled for 14.01.2027.", "2027-01-14", &[]),
        ("I will release the exploit on Jan. 14.", "2027-01-14", &[YearAssumed]),
        ("We'll make this public on the 3rd of March.", "2027-03-03", &[YearAssumed]),
        ("We will publish on 24 November.", "2026-11-24", &[YearAssumed]),
        ("We will publish on 23 November.", "2026-11-23 09:02", &[YearAssumed]),
        ("We will publish on 22 November.", "2027-11-22", &[YearAssumed]),
        ("We will publish on 29 February.", "2028-02-29", &[YearAssumed]),
        ("The embargo ends on 14 January 2027 at 14:00 UTC.", "2027-01-14 14:00", &[]),
        ("The embargo lifts 2027-01-14T12:30:00Z.", "2027-01-14 12:30", &[]),
        ("We publish on 14 January 2027, 9:00 am CET.", "2027-01-14 08:00", &[]),
        ("The full write-up will be released in January 2027.", "2027-01-01", &[Rough]),
        ("We want to publish our research at the end of January.", "2027-01-31", &[YearAssumed, Rough]),
        ("I will present the details in mid-January at a conference.", "2027-01-15", &[YearAssumed, Rough]),
        ("I am going to give a talk about this bug on 27 December.", "2026-12-27", &[YearAssumed]),
        ("Our talk at the congress is on 27-30 December 2026.", "2026-12-27", &[]),
        ("A blog post with all details will go live on 2026-12-15.", "2026-12-15", &[]),
        ("We reported this on 14 November, and will publish on 14 January.", "2027-01-14", &[YearAssumed]),
        (
            "The bug was introduced on 3 March 2026; we will disclose it on 14 January 2027.",
            "2027-01-14",
            &[],
        ),
        ("We request that you publish a fix and an advisory by 14 January 2027.", "2027-01-14", &[]),
        ("We agree to move the disclosure to 14 February 2027.", "2027-02-14", &[]),
        ("The deadline is 14 January 2027.", "2027-01-14", &[]),
        ("We will publish no later than 14 January 2027.", "2027-01-14", &[]),
        ("Planned disclosure date: October, 30 2027.", "2027-10-30", &[]),
        ("CRD: 2027-01-14 14:00 UTC", "2027-01-14 14:00", &[]),
        ("We set the coordinated release date to May 17, 17:00 UTC.", "2027-05-17 17:00", &[YearAssumed]),
        ("This will be made public on or after 2027-07-25.", "2027-07-25", &[]),
        ("We plan to publicly disclose the findings in early August 2027.", "2027-08-01", &[Rough]),
        // Weekdays and the like, English.
        ("Full disclosure tomorrow.", "2026-11-24", &[]),
        ("I will publish everything next Friday.", "2026-11-27", &[]),
        ("We publish on Friday, 14 January 2028.", "2028-01-14", &[]),
        ("We will go public at the end of the month.", "2026-11-30", &[Rough]),
        ("I'll publish the PoC next week.", "2026-11-30", &[Rough]),
        ("We plan publication for the end of the year.", "2026-12-31", &[Rough]),
        ("The day after tomorrow we disclose it.", "2026-11-25", &[]),
        // Spans, English.
        ("We will publish in 30 days.", "2026-12-23 09:02", &[]),
        ("We will disclose the vulnerability within 45 days.", "2027-01-07 09:02", &[]),
        ("This report is subject to a 90-day disclosure deadline.", "2027-02-21 09:02", &[]),
        ("We follow a 90 day disclosure policy.", "2027-02-21 09:02", &[]),
        ("We follow a ninety (90) days disclosure policy.", "2027-02-21 09:02", &[]),
        ("After 90 days, we will make the report public.", "2027-02-21 09:02", &[]),
        ("This bug is subject to a 90+30 disclosure policy.", "2027-02-21 09:02", &[]),
        ("You have 90 days before we publish.", "2027-02-21 09:02", &[]),
        ("I will publish in two weeks.", "2026-12-07 09:02", &[]),
        ("We will publish in 30-45 days.", "2026-12-23 09:02", &[]),
        ("Publication follows 120 days after this report.", "2027-03-23 09:02", &[]),
        ("We will disclose it after three months.", "2027-02-23 09:02", &[]),
        ("I'm releasing the exploit in 48 hours.", "2026-11-25 09:02", &[]),
        ("We go public in ten business days.", "2026-12-07 09:02", &[WorkingDays]),
        (
            "Please acknowledge receipt within 48 hours; we follow a 90-day disclosure policy.",
            "2027-02-21 09:02",
            &[],
        ),
        ("If we do not hear from you within 7 days, we will publish.", "2026-11-30 09:02", &[Conditional]),
        ("Unless you reply within 14 days we will go public.", "2026-12-07 09:02", &[Conditional]),
        ("Please fix this within 60 days. After that we will publish.", "2027-01-22 09:02", &[Conditional]),
        ("You have 30 days. Otherwise, I will disclose the details.", "2026-12-23 09:02", &[Conditional]),
        ("We will disclose it 90 days after our initial contact.", "2027-02-21 09:02", &[]),
        ("We will publicly disclose this after 90 days of no response.", "2027-02-21 09:02", &[]),
        (
            "In case of no answer from your side in 30 days, we will publish a CVE.",
            "2026-12-23 09:02",
            &[Conditional],
        ),
        ("Details will be made public in approximately 30 days.", "2026-12-23 09:02", &[]),
        ("We ask that you do not disclose this until 90 days have passed.", "2027-02-21 09:02", &[Embargo]),
        ("im giving 30 days, then its a blog post", "2026-12-23 09:02", &[]),
        // Embargoes and questions.
        ("We will not publish before 14 January 2027.", "2027-01-14", &[Embargo]),
        ("Please do not disclose this until 14 January 2027.", "2027-01-14", &[Embargo]),
        ("This is under embargo until 14 January 2027.", "2027-01-14", &[Embargo]),
        ("Publication no earlier than 14 January 2027.", "2027-01-14", &[Embargo]),
        ("Please keep this confidential until 14 January 2027.", "2027-01-14", &[Embargo]),
        ("Would 14 January 2027 work for the disclosure?", "2027-01-14", &[Question]),
        ("Can we publish in 30 days?", "2026-12-23 09:02", &[Question]),
        // At once, and already.
        ("I will publish this immediately.", "2026-11-23 09:02", &[]),
        ("We are going public today.", "2026-11-23 09:02", &[]),
        ("This vulnerability is already public.", "2026-11-23 09:02", &[]),
        ("The details have already been published.", "2026-11-23 09:02", &[]),
        ("I have published a blog post with the exploit.", "2026-11-23 09:02", &[]),
        ("The issue is publicly known.", "2026-11-23 09:02", &[]),
        // German.
        ("Am 14. Januar veröffentlichen wir.", "2027-01-14", &[YearAssumed]),
        ("Wir veröffentlichen am 14.01.2027.", "2027-01-14", &[]),
        ("Wir werden die Details am 14.1. veröffentlichen.", "2027-01-14", &[YearAssumed]),
        ("Die Schwachstelle wird am 14. Jänner 2027 offengelegt.", "2027-01-14", &[]),
        ("Wir werden in 30 Tagen veroeffentlichen.", "2026-12-23 09:02", &[]),
        (
            "Innerhalb von zwei Wochen machen wir das öffentlich, also geht es an die Presse.",
            "2026-12-07 09:02",
            &[],
        ),
        ("Wir geben Ihnen eine 90-Tage-Frist.", "2027-02-21 09:02", &[]),
        ("Es gilt die übliche 90-tägige Frist bis zur Offenlegung.", "2027-02-21 09:02", &[]),
        ("Nach 90 Tagen veröffentlichen wir alle Einzelheiten.", "2027-02-21 09:02", &[]),
        ("Wir setzen Ihnen eine Frist bis zum 14. Januar 2027.", "2027-01-14", &[]),
        ("Kommenden Freitag gehen wir damit an die Öffentlichkeit.", "2026-11-27", &[]),
        ("Wir wollen die Lücke Ende des Monats publik machen.", "2026-11-30", &[Rough]),
        ("Wir werden nicht vor dem 14. Januar 2027 veröffentlichen.", "2027-01-14", &[Embargo]),
        ("Bitte behandeln Sie dies bis 14. Januar 2027 vertraulich.", "2027-01-14", &[Embargo]),
        (
            "Sollten Sie nicht binnen 14 Tagen antworten, veröffentlichen wir.",
            "2026-12-07 09:02",
            &[Conditional],
        ),
        ("Ich halte am 27. Dezember einen Vortrag darüber.", "2026-12-27", &[YearAssumed]),
        ("Die Veröffentlichung ist für den 14. Januar 2027 geplant.", "2027-01-14", &[]),
        ("Morgen früh ist die Sache alt: wir veröffentlichen morgen.", "2026-11-24", &[]),
        ("Ich werde das sofort veröffentlichen.", "2026-11-23 09:02", &[]),
        ("Die Schwachstelle ist bereits öffentlich.", "2026-11-23 09:02", &[]),
    ]
};

/// Sentences that name no day of a disclosure.
const NOTHING: &[&str] = &[
    // Dates of something else.
    "The bug was introduced on 14 January.",
    "I found this on 14 January 2027.",
    "Version 14.01.2027 is affected.",
    "imaging 4.1.27 crashes on 2027-01-14.",
    "We published version 2.0 on 3 March.",
    "The package was published on 14 January.",
    "CVE-2021-44228 was disclosed on 10 December 2021.",
    "CVE-2021-44228 is already public and still works on your host.",
    "The information disclosure occurs in 30 days old sessions.",
    "The memory disclosure bug exists since 14 January.",
    "The endpoint discloses tokens that expire in 30 days.",
    "The session token is valid for 30 days and allows data disclosure.",
    "The path disclosure vulnerability was found on 14 January 2027.",
    "Your TLS certificate expires on 14 January 2027.",
    "The last release was on 14 January 2026, please publish more often.",
    "Copyright 2027 Example, published 14 January 2027.",
    "2026-11-23 10:00:01 INFO publish event on 14 January 2027",
    "[14/Jan/2027:10:00:01 +0000] GET /publish HTTP/1.1",
    "Jan 14 10:00:01 host publisher[123]: publish on 14 January 2027",
    "* Thu Jan 14 2027 Ann <ann@example.org> - 4.1.27-1",
    "## 4.1.27 (2026-01-14) fixes an information disclosure",
    "> We will publish on 14 January 2027.",
    "Hello.\n-- \nMy talk at the conference: 14 January 2027, I will publish",
    "Thanks.\n-----Original Message-----\nWe will publish on 14 January 2027.",
    "See https://example.org/2027/01/14/full-disclosure for how we publish.",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H, published with CVE-2026-0114.",
    "We disclosed this to you on 14 November.",
    "The advisory was published on 14 January 2026.",
    "The deadline for submissions is 14 January 2027.",
    "The server 10.12.20.27 publishes an MQTT topic every 30 days.",
    // Spans of something else.
    "Please reply within 7 days.",
    "We published this 30 days ago.",
    "The embargo was broken 3 days ago.",
    "This is a 0-day, we publish nothing about it.",
    "It is a 1-day exploit for a public disclosure.",
    "We publish details 30 days after a fix is available.",
    "Please send us the advisory 7 days before publication.",
    "The 30-day trial lets anybody publish documents.",
    "Your 90-day password policy is too lax.",
    "We grant a 14-day grace period before publication.",
    "We extend the disclosure deadline by 14 days.",
    "Every 30 days the backup is made public by mistake.",
    "For 30 days the key was in a public bucket.",
    "90 days have passed since my last mail about the publication.",
    "Users are exposed to publicly known exploits.",
    "I have posted a patch to fix this.",
    "See sections 5 disclosure, 5.3 disclosure, 5.4 metrics.",
    // Denials.
    "We will not publish on 14 January 2027.",
    "We do not have a 90-day disclosure policy.",
    "There is no 90-day deadline for this report.",
    "There is no deadline from our side.",
    "The issue is not public yet.",
    "Is this issue already public?",
    "If it is already public, tell us.",
    "We will publish immediately after your fix.",
    "I found a public key on your site today.",
    "Please publish your key immediately.",
    "I will not disclose this today or ever.",
    // Without any time.
    "We will publish when you are ready.",
    "I want to disclose a vulnerability responsibly.",
    "",
    // German.
    "Der Fehler wurde am 14. Januar eingeführt.",
    "Die Version 4.1 wurde am 14. Januar veröffentlicht.",
    "Ich habe die Lücke am 14. Januar 2027 gefunden.",
    "Wir haben vor 30 Tagen veröffentlicht.",
    "Wir veröffentlichen nicht am 14. Januar 2027.",
    "Es gibt keine 90-Tage-Frist.",
    "Bitte antworten Sie innerhalb von 14 Tagen.",
    "Die Lücke ist noch nicht öffentlich.",
    "Guten Morgen, wir möchten etwas veröffentlichen.",
    "Am 14. Januar schrieb Ann:\n> Wir veröffentlichen am 15. Januar.",
    "Alle 30 Tage wird ein öffentlicher Schlüssel veröffentlicht.",
];

#[test]
fn demands_are_read() {
    assert!(DEMANDS.len() + NOTHING.len() >= 80);
    let wrong: Vec<String> = DEMANDS
        .iter()
        .filter(|(text, at, remarks)| first(text) != ((*at).to_owned(), remarks.to_vec()))
        .map(|(text, at, remarks)| {
            format!("{text}\n  expected {at} {remarks:?}\n  read     {:?}", first(text))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nothing_else_is_taken_for_a_demand() {
    let wrong: Vec<String> = NOTHING
        .iter()
        .filter(|text| !read(text).is_empty())
        .map(|text| format!("{text}\n  {:?}", read(text)))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_policy_with_a_condition_is_read_once() {
    let text = "This bug is subject to a 90-day disclosure deadline. If a fix is made available to users before \
                the end of the 90-day deadline, this report will become public 30 days after the fix was made \
                available. Otherwise, it will become public at the deadline.";
    let demands = read(text);
    assert_eq!(demands.len(), 1, "{demands:?}");
    assert_eq!(demands[0].kind, DemandKind::Span);
    assert_eq!(demands[0].sentence, "This bug is subject to a 90-day disclosure deadline.");
}

#[test]
fn dates_are_those_of_the_readers_zone() {
    let received = "2026-11-23T23:30:00Z".parse().unwrap();
    let east = FixedOffset::east_opt(3600).unwrap();
    for (text, expected) in [
        ("We will publish on 14 January 2027.", "2027-01-13T23:00:00Z"),
        ("We will publish on 14 January 2027, 14:00.", "2027-01-14T13:00:00Z"),
        ("We will publish on 14 January 2027, 14:00 UTC.", "2027-01-14T14:00:00Z"),
        ("We will publish on 14 January 2027 at 14:00 +05:30.", "2027-01-14T08:30:00Z"),
        // It is the 24th already where the reader sits.
        ("We will publish tomorrow.", "2026-11-24T23:00:00Z"),
        ("We will publish on 24 November.", "2026-11-23T23:30:00Z"),
        ("We will publish in 30 days.", "2026-12-23T23:30:00Z"),
    ] {
        let at = propose(text, received, &east).first().map(|demand| demand.at);
        assert_eq!(at, Some(expected.parse().unwrap()), "{text}");
    }
}

#[test]
fn the_surest_comes_first_and_few_are_kept() {
    let text = "Would 1 March 2027 work for the disclosure? We will publish on 14 January 2027. A talk about this \
                may be held on 2 April 2027. If not fixed we may publish on 3 May 2027.";
    let dates: Vec<String> = read(text).iter().map(|demand| demand.at.date_naive().to_string()).collect();
    assert_eq!(dates.len(), MAX_DEMANDS);
    assert_eq!(dates[0], "2027-01-14");
    let flood: String = (1..=9_000)
        .map(|n| format!("Could we publish on {} {} 2027? ", n % 28 + 1, ["May", "June", "July"][n % 3]))
        .collect();
    let found = read(&format!("{flood} We will publish on 14 January 2027."));
    assert_eq!(found.len(), MAX_DEMANDS);
    assert_eq!(found[0].at.date_naive().to_string(), "2027-01-14");
}

#[test]
fn quotations_are_short_and_show_the_place() {
    let long = format!(
        "{} we will publish on 14 January 2027 {}",
        "so much to say,".repeat(60),
        "and more ".repeat(90)
    );
    let quoted = &read(&long)[0].sentence;
    assert!(quoted.contains("publish on 14 January 2027"), "{quoted}");
    assert!(quoted.starts_with('…') && quoted.ends_with('…'));
    assert!(quoted.chars().count() <= MAX_QUOTE + 2, "{}", quoted.chars().count());
    let short = "Hello there. We will publish on 14 January 2027. Bye.";
    assert_eq!(read(short)[0].sentence, "We will publish on 14 January 2027.");
}

#[test]
fn a_flood_of_anything_is_read_in_time() {
    let hostile = [
        "publish 14 January ".repeat(14_000),
        "1".repeat(1 << 18),
        "1-1-".repeat(1 << 16),
        "90 day ".repeat(37_000),
        "a. ".repeat(87_000),
        "A:\n".repeat(87_000),
        "(".repeat(1 << 18),
        "not before until if today publish already public it ".repeat(5_000),
        "\u{301}é’'".repeat(30_000),
        "Friday, ".repeat(32_000),
        "http://x ".repeat(28_000),
    ];
    for text in hostile.map(|text| format!("publish {text} x")) {
        let started = std::time::Instant::now();
        assert!(read(&text).len() <= MAX_DEMANDS);
        // Unoptimised and on a busy machine; what is not linear takes minutes.
        assert!(started.elapsed().as_secs() < 20, "{:.20}", text);
    }
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn nothing_panics_and_no_demand_lies_before_receipt(
        pieces in proptest::collection::vec(
            prop_oneof![
                "[a-z0-9.,:/ -]{0,8}",
                "\\PC{0,6}",
                proptest::sample::select(vec![
                    "publish ", "not ", "before ", "14 ", "January ", "2027 ", "90", "-day ", "deadline ", "29 February ",
                    "99999999999 ", "in ", "Ende ", "next ", "Friday ", "at 25:61 ", "31.12.9999 ", "month ", "hours ", "\n", "> ",
                ]).prop_map(str::to_owned),
            ],
            0..40,
        ),
        seconds in -62_000_000_000_i64..250_000_000_000,
    ) {
        let received = DateTime::from_timestamp(seconds, 0).unwrap();
        let zone = FixedOffset::east_opt(12 * 3600).unwrap();
        for demand in propose(&pieces.concat(), received, &zone) {
            prop_assert!(demand.at >= received);
            prop_assert!(demand.sentence.chars().count() <= MAX_QUOTE + 2);
            prop_assert!(demand.confidence <= 100);
        }
        for edge in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            propose(&pieces.concat(), edge, &zone);
        }
    }
}

#[test]
fn working_days_are_those_of_the_teams_calendar() {
    let mut calendar = Calendar { zone: chrono_tz::Europe::Berlin, ..Calendar::default() };
    let received = "2026-12-21T09:00:00Z".parse().unwrap();
    let demanded = |calendar: &Calendar| {
        let found = surest("We will publish the details within 10 working days.", received, calendar);
        found.unwrap().at.to_rfc3339()
    };
    assert_eq!(demanded(&calendar), "2027-01-04T09:00:00+00:00");
    for (date, name) in
        [("2026-12-24", "Christmas Eve"), ("2026-12-25", "Christmas"), ("2027-01-01", "New Year")]
    {
        calendar.holidays.insert(date.parse().unwrap(), name.to_owned());
    }
    assert_eq!(demanded(&calendar), "2027-01-07T09:00:00+00:00");
    // Who works never has no such day.
    calendar.work_days = [false; 7];
    assert_eq!(surest("We will publish the details within 10 working days.", received, &calendar), None);
}
