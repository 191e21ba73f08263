//! The arithmetic of drill time with real time handed in, and the file.

use std::os::unix::fs::PermissionsExt as _;

use proptest::prelude::*;

use super::*;

/// A real instant, in milliseconds.
const REAL: i64 = 1_800_000_000_000;
const HOUR: i64 = 3_600_000;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A drill of 23 November, whose day takes an hour; its clock was set at [`REAL`].
fn drill(paused: bool) -> (tempfile::TempDir, Pace) {
    let directory = tempfile::tempdir().unwrap();
    let state = State {
        real_ms: REAL,
        drill: at("2026-11-23T08:00:00Z").timestamp(),
        day_ms: HOUR.unsigned_abs(),
        paused,
    };
    write(directory.path(), &state).unwrap();
    let pace = Pace::open(directory.path()).unwrap();
    (directory, pace)
}

#[test]
fn an_hour_is_a_day_and_a_stop_is_a_stop() {
    let (_directory, pace) = drill(false);
    assert_eq!(pace.now_at(REAL), at("2026-11-23T08:00:00Z"));
    assert_eq!(pace.now_at(REAL + 41), at("2026-11-23T08:00:00Z"));
    assert_eq!(pace.now_at(REAL + 42), at("2026-11-23T08:00:01Z"));
    assert_eq!(pace.now_at(REAL + HOUR), at("2026-11-24T08:00:00Z"));
    pace.change_at(REAL + HOUR, |state| state.paused = true).unwrap();
    assert!(pace.is_paused());
    assert_eq!(pace.now_at(REAL + 5 * HOUR), at("2026-11-24T08:00:00Z"));
    pace.change_at(REAL + 5 * HOUR, |state| state.paused = false).unwrap();
    assert_eq!(pace.now_at(REAL + 6 * HOUR), at("2026-11-25T08:00:00Z"));
    pace.change_at(REAL + 6 * HOUR, |state| state.day_ms = 1).unwrap();
    assert_eq!(pace.now_at(REAL + 6 * HOUR + 2), at("2026-11-27T08:00:00Z"));
}

#[test]
fn it_is_set_forward_alone_and_never_runs_back() {
    let (_directory, pace) = drill(false);
    pace.set_at(REAL, at("2026-11-20T08:00:00Z")).unwrap();
    assert_eq!(pace.now_at(REAL), at("2026-11-23T08:00:00Z"));
    pace.set_at(REAL, at("2026-12-01T08:00:00.5Z")).unwrap();
    assert_eq!(pace.now_at(REAL), at("2026-12-01T08:00:01Z"));
    let later = pace.now_at(REAL + HOUR);
    assert_eq!(later, at("2026-12-02T08:00:01Z"));
    // The machine's clock was set back.
    assert_eq!(pace.now_at(REAL - 9 * HOUR), later);
    pace.set_at(REAL, DateTime::<Utc>::MAX_UTC).unwrap();
    assert_eq!(pace.now_at(i64::MAX).timestamp(), LATEST);
}

#[test]
fn a_change_that_changes_nothing_loses_no_time() {
    let (directory, pace) = drill(false);
    let before = std::fs::read(directory.path().join(FILE)).unwrap();
    for late in [10, 20, 30, 40] {
        pace.change_at(REAL + late, |state| state.paused = false).unwrap();
        pace.set_at(REAL + late, at("2026-11-23T08:00:00Z")).unwrap();
    }
    assert_eq!(std::fs::read(directory.path().join(FILE)).unwrap(), before);
}

#[test]
fn it_is_known_how_long_something_takes() {
    let (_directory, pace) = drill(false);
    let until = |real: i64, text: &str| pace.real_until_at(real, at(text));
    assert_eq!(until(REAL, "2026-11-24T08:00:00Z"), Some(Duration::from_secs(3_600)));
    assert_eq!(until(REAL, "2026-11-23T08:00:01Z"), Some(Duration::from_millis(42)));
    assert_eq!(until(REAL, "2026-11-23T08:00:00.1Z"), Some(Duration::from_millis(42)));
    assert_eq!(until(REAL + 30, "2026-11-23T08:00:01Z"), Some(Duration::from_millis(12)));
    assert_eq!(until(REAL, "2026-11-23T08:00:00Z"), Some(Duration::ZERO));
    assert_eq!(until(REAL, "1970-01-01T00:00:00Z"), Some(Duration::ZERO));
    assert_eq!(pace.real_until_at(REAL, DateTime::<Utc>::MAX_UTC), None);
    pace.change_at(REAL, |state| state.paused = true).unwrap();
    assert_eq!(until(REAL, "2026-11-24T08:00:00Z"), None);
    assert_eq!(until(REAL, "2026-11-22T08:00:00Z"), None);
}

#[test]
fn two_handles_on_one_directory_agree() {
    let (directory, one) = drill(true);
    let other = Pace::open(directory.path()).unwrap();
    assert_eq!(one, other);
    one.set_at(REAL, at("2026-11-30T08:00:00Z")).unwrap();
    assert_eq!(other.now_at(REAL), at("2026-11-30T08:00:00Z"));
    other.change_at(REAL, |state| state.paused = false).unwrap();
    other.set_day(Duration::from_secs(60)).unwrap();
    assert!(!one.is_paused());
    assert_eq!(one.day_takes(), Duration::from_secs(60));
    assert_eq!(one.now_at(REAL + HOUR), other.now_at(REAL + HOUR));
}

#[test]
fn it_is_made_private_and_within_bounds() {
    let directory = tempfile::tempdir().unwrap();
    let start = at("2026-11-23T08:00:00Z");
    let pace = Pace::create(directory.path(), start, Duration::ZERO, true).unwrap();
    assert_eq!((pace.now(), pace.day_takes(), pace.is_paused()), (start, Duration::from_millis(1), true));
    pace.set_day(Duration::MAX).unwrap();
    assert_eq!(pace.day_takes(), Duration::from_secs(366 * 86_400));
    let files: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 1, "no temporary file stays");
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    for extreme in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        let pace = Pace::create(directory.path(), extreme, Duration::MAX, true).unwrap();
        assert!((EARLIEST..=LATEST).contains(&pace.now().timestamp()));
    }
    assert!(Pace::create(&directory.path().join("none"), start, Duration::MAX, true).is_err());
}

#[test]
fn a_file_that_cannot_be_used_is_named_and_later_the_last_time_counts() {
    let (directory, pace) = drill(true);
    let file = directory.path().join(FILE);
    for garbage in [
        &b""[..],
        b"{",
        b"\xff\xfe",
        b"[1,2]",
        b"{\"real_ms\":1e300,\"drill\":0,\"day_ms\":1,\"paused\":false}",
        b"{\"real_ms\":0,\"drill\":0,\"day_ms\":0,\"paused\":false}",
        b"{\"real_ms\":0,\"drill\":-1,\"day_ms\":1,\"paused\":false}",
        b"{\"real_ms\":0,\"drill\":9223372036854775807,\"day_ms\":1,\"paused\":false}",
        b"{\"real_ms\":0,\"drill\":0,\"day_ms\":18446744073709551615,\"paused\":false}",
    ] {
        std::fs::write(&file, garbage).unwrap();
        let error = Pace::open(directory.path()).unwrap_err();
        assert!(error.contains("clock.json") && error.contains("start the drill anew"), "{error}");
        assert_eq!(pace.now_at(REAL + HOUR), at("2026-11-23T08:00:00Z"));
    }
    std::fs::remove_file(&file).unwrap();
    assert!(Pace::open(directory.path()).is_err());
    assert_eq!(pace.now_at(REAL + HOUR), at("2026-11-23T08:00:00Z"));
    // What is known is written again with the next change.
    pace.set_at(REAL, at("2026-11-24T08:00:00Z")).unwrap();
    assert_eq!(Pace::open(directory.path()).unwrap().now_at(REAL), at("2026-11-24T08:00:00Z"));
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn no_numbers_are_too_absurd(
        (real_ms, drill, day_ms, paused) in any::<(i64, i64, u64, bool)>(),
        (then, goal) in any::<(i64, i64)>(),
    ) {
        let state = State {
            real_ms,
            drill: drill.rem_euclid(LATEST + 1),
            day_ms: day_ms % LONGEST + 1,
            paused,
        };
        prop_assert!(state.is_sound());
        let now = state.at(then);
        prop_assert!((state.drill..=LATEST).contains(&now));
        prop_assert!(paused || state.at(then.saturating_add(1)) >= now);
        let goal = goal.rem_euclid(LATEST + 1);
        if !paused && goal > state.drill
            && let Ok(real) = i64::try_from(state.real_at(goal)) {
            prop_assert!(state.at(real) >= goal);
            prop_assert!(state.at(real.saturating_sub(1)) < goal || day_ms % LONGEST < 86_400);
        }
    }
}
