//! What holds for any cases.

use proptest::prelude::*;

use super::*;

fn any_case() -> impl Strategy<Value = Case> {
    let hour = || proptest::option::of(-100_i64..5_000);
    (
        0_i64..5_000,
        proptest::sample::select(State::ALL.to_vec()),
        proptest::sample::select(Resolution::ALL.to_vec()),
        proptest::collection::vec(hour(), 5),
        (proptest::option::of(0_u8..5), 0_u8..101, any::<bool>(), proptest::option::of(0_usize..7)),
    )
        .prop_map(|(ago, state, resolution, hours, (priority, noise, merged, phase))| {
            let mut case = report("2026-11-25T12:00");
            case.received_at -= super::hours(ago);
            case.touched_at = case.received_at;
            case.state = state;
            case.resolution = (state == State::Closed).then_some(resolution);
            case.priority = priority.and_then(Priority::new);
            case.noise.score = noise;
            case.merged_into = (merged && noise < 20).then(|| Merged { key: 1, id: "SEC-1".into() });
            case.found_in = phase.and_then(|phase| FoundIn::ALL.get(phase).copied());
            // Nothing has happened that is still to come.
            let instant = |after: i64| (case.received_at + super::hours(after)).min(now());
            case.acknowledged_at = hours[0].map(instant);
            let milestones =
                [Milestone::Prioritised, Milestone::Released, Milestone::RolledOut, Milestone::Vulnerable];
            let dated = milestones.into_iter().zip(&hours[1..]);
            case.reached =
                dated.filter_map(|(milestone, after)| Some((milestone, instant((*after)?)))).collect();
            if state == State::Closed {
                case.reached.insert(Milestone::Closed, instant(noise.into()));
            }
            case
        })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn figures_do_not_hang_on_the_order_of_the_cases(
        cases in proptest::collection::vec(any_case(), 0..40), turn in 0_usize..40
    ) {
        let mut turned = cases.clone();
        turned.rotate_left(turn % cases.len().max(1));
        turned.reverse();
        prop_assert_eq!(over(&cases, "2026-06-01T00:00", None), over(&turned, "2026-06-01T00:00", None));
    }

    #[test]
    fn sums_are_equal_and_shares_are_shares(cases in proptest::collection::vec(any_case(), 0..40)) {
        let all = over(&cases, "2020-01-01T00:00", None);
        let merged = cases.iter().filter(|case| case.merged_into.is_some()).count();
        prop_assert_eq!(all.received.cases + merged, cases.len());
        prop_assert_eq!(all.received.merged, merged);
        let weekly = |count: fn(&Week) -> usize| all.weeks.iter().map(count).sum::<usize>();
        prop_assert_eq!(weekly(|week| week.received), all.received.cases);
        prop_assert_eq!(weekly(|week| week.noise), all.received.noise);
        prop_assert_eq!(weekly(|week| week.to_prioritised.count), all.to_prioritised.count);
        prop_assert_eq!(all.weeks.last().map(|week| week.open), Some(all.backlog.open));
        let backlog = &all.backlog;
        prop_assert_eq!(backlog.by_age.iter().map(|(_, count)| count).sum::<usize>(), backlog.open);
        prop_assert_eq!(backlog.by_state.iter().map(|(_, count)| count).sum::<usize>(), backlog.open);
        let told = all.received.cases - all.received.noise;
        prop_assert_eq!(all.phases.iter().map(|group| group.cases).sum::<usize>(), told);
        prop_assert_eq!(all.components.iter().map(|group| group.cases).sum::<usize>(), told);
        for figure in all.figures() {
            if let Amount::Share(Some(share)) = figure.amount {
                prop_assert!((0.0..=1.0).contains(&share), "{:?}", figure);
            }
        }
    }

    #[test]
    fn two_halves_of_a_period_make_the_whole(
        cases in proptest::collection::vec(any_case(), 0..40), day in 0_i64..175
    ) {
        let calendar = Calendar::default();
        let (start, end) = (at("2026-06-01T00:00"), now() + TimeDelta::seconds(1));
        let middle = start + TimeDelta::days(day);
        let figures = |since, until| gather(&cases, Period { since, until }, &calendar);
        let (whole, first, second) = (figures(start, end), figures(start, middle), figures(middle, end));
        prop_assert_eq!(first.received.cases + second.received.cases, whole.received.cases);
        prop_assert_eq!(first.to_fixed.count + second.to_fixed.count, whole.to_fixed.count);
        for ((first, second), whole) in first.clocks.iter().zip(&second.clocks).zip(&whole.clocks) {
            prop_assert_eq!(first.within.part + second.within.part, whole.within.part);
            prop_assert_eq!(first.within.whole + second.within.whole, whole.within.whole);
            prop_assert_eq!(first.spread.count + second.spread.count, whole.spread.count);
        }
    }

    #[test]
    fn the_median_is_not_above_the_ninetieth(cases in proptest::collection::vec(any_case(), 1..40)) {
        let statistics = over(&cases, "2020-01-01T00:00", None);
        let spreads = statistics.clocks.iter().map(|clock| clock.spread).chain([statistics.to_prioritised]);
        for spread in spreads {
            prop_assert!(spread.median <= spread.p90);
            prop_assert_eq!(spread.median.is_some(), spread.count > 0);
        }
    }
}
