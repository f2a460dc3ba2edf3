//! On which side of each boundary a signal begins.

use super::sample::{Case, DAY_MS, START, day, photo, reading, visit};
use crate::checklist::for_kind;
use crate::inspection::{LicenceCheck, PhotoOrigin};
use crate::licence::LicenceKind;
use crate::operator::Licence;
use crate::signals::{Card, Earlier, Group, Known, SignalCode as S, Visit, group};
use crate::time::Millis;
use crate::words::{Answer, Conclusion, InspectionState, OperatorKind};
use chrono::Duration;

fn has(case: &Case, code: S) -> bool {
    case.codes().contains(&code)
}

#[test]
fn nothing_is_said_of_a_quiet_record() {
    let case = Case::quiet();
    assert_eq!(case.signals(), []);
    assert_eq!(group(&[], case.conclusion), Group::Plain);
    assert_eq!(group(&[], Conclusion::Nonconforming), Group::Ordinary);
}

#[test]
fn short_begins_below_eight_seconds_an_item_or_forty_percent_of_the_median() {
    let similar = |n: i64, seconds: i64| (1..=n).map(|d| visit(d, seconds, false)).collect();
    let cases: [(i64, Vec<Visit>, bool); 7] = [
        (280, Vec::new(), false), // 35 × 8
        (279, Vec::new(), true),
        (384, similar(8, 960), false), // 40 % of 16 minutes
        (383, similar(8, 960), true),
        (383, similar(7, 960), false), // too few to compare with
        (0, Vec::new(), true),
        (3600, similar(8, 960), false),
    ];
    for (seconds, visits, wanted) in cases {
        let case = Case {
            visits,
            ..Case::quiet().taking(seconds)
        };
        assert_eq!(has(&case, S::Short), wanted, "{seconds} s");
    }
}

#[test]
fn a_short_list_says_nothing_about_pace() {
    for (left, wanted) in [(20, true), (19, false)] {
        let mut case = Case::quiet().taking(60);
        for row in case.content.answers.iter_mut().skip(left) {
            row.answer = Answer::NotApplicable;
        }
        assert_eq!(has(&case, S::Short), wanted, "{left} items");
    }
}

#[test]
fn only_visits_of_the_same_kind_and_station_within_ninety_days_are_similar() {
    let at = |days| visit(days, 960, false);
    let others = [
        Visit {
            kind: OperatorKind::Workshop,
            ..at(1)
        },
        Visit {
            station: crate::ids::StationId(uuid::Uuid::from_u128(9)),
            ..at(2)
        },
        Visit {
            inspected: false,
            ..at(3)
        },
        at(91),
        Visit {
            started_at: Millis(START + DAY_MS),
            ..at(4)
        },
    ];
    let case = Case {
        visits: others.into_iter().chain([at(90)]).collect(),
        ..Case::quiet().taking(100)
    };
    let short = &case.signals()[0];
    assert_eq!(short.spread.as_ref().unwrap().others, [960]);
}

#[test]
fn flat_begins_under_a_second_and_a_half_or_with_nine_tenths_alike() {
    let with = |times: &dyn Fn(i64) -> i64| {
        let mut case = Case::quiet();
        for (row, n) in case.content.answers.iter_mut().zip(0_i64..) {
            row.shown_ms = times(n);
        }
        has(&case, S::Flat)
    };
    assert!(with(&|n| if n < 18 { 1_499 } else { 40_000 }));
    assert!(!with(&|n| if n < 18 { 1_500 } else { 3_000 + n * 2_000 }));
    assert!(with(&|n| if n < 32 { 10_000 } else { 60_000 })); // 32 of 35
    assert!(!with(&|n| if n < 31 { 10_000 } else { 60_000 }));
    assert!(with(&|n| if n % 2 == 0 { 10_000 } else { 11_500 })); // 15 % apart
    assert!(!with(&|n| if n % 2 == 0 { 10_000 } else { 11_501 }));
}

#[test]
fn a_clock_set_back_by_five_minutes_is_named_and_the_visit_keeps_its_length() {
    for (back_s, wanted) in [(300, true), (299, false)] {
        let mut case = Case::quiet();
        let mut ended = reading(960);
        ended.wall = Millis(ended.wall.0 - back_s * 1000);
        case.content.ended_at = Some(ended);
        assert_eq!(has(&case, S::ClockBack), wanted, "{back_s} s");
        assert!(!has(&case, S::Short));
    }
    let mut restarted = Case::quiet();
    let mut ended = reading(-400);
    ended.boot = "two".to_owned();
    restarted.content.ended_at = Some(ended);
    assert!(has(&restarted, S::ClockBack));
}

#[test]
fn a_run_begins_with_six_clean_records_of_one_team() {
    let run = |n: i64| {
        (1..=n)
            .map(|days| visit(days, 960, true))
            .collect::<Vec<_>>()
    };
    let case = |visits| Case {
        visits,
        ..Case::quiet()
    };
    assert!(has(&case(run(5)), S::Streak));
    assert!(!has(&case(run(4)), S::Streak));
    let mut broken = run(5);
    broken[2].all_pass = false;
    assert!(!has(&case(broken), S::Streak));
    let mut closed = run(6);
    closed[2].inspected = false;
    assert!(has(&case(closed), S::Streak));
    let failing = case(run(9)).answering(3, Answer::Fail);
    assert!(!has(&failing, S::Streak));
}

#[test]
fn last_time_s_failure_is_followed() {
    let item = for_kind(OperatorKind::Stall).unwrap().items[3].code.clone();
    let earlier = Earlier {
        day: day() - Duration::days(25),
        answers: vec![(item, Answer::Fail)],
    };
    let cases = [
        (Answer::NotApplicable, 9_000, Some(S::LastFailedSkipped)),
        (Answer::Unchecked, 9_000, Some(S::LastFailedSkipped)),
        (Answer::Pass, 2_999, Some(S::LastFailedQuick)),
        (Answer::Pass, 3_000, None),
        (Answer::Fail, 2_999, Some(S::Repeat)),
    ];
    for (answer, shown_ms, wanted) in cases {
        let mut case = Case::quiet().answering(3, answer);
        case.content.answers[3].shown_ms = shown_ms;
        let known = Known {
            earlier: Some(&earlier),
            ..Known::default()
        };
        let family = [S::LastFailedSkipped, S::LastFailedQuick, S::Repeat];
        let found: Vec<S> = case
            .with(known)
            .iter()
            .map(|s| s.code)
            .filter(|c| family.contains(c))
            .collect();
        assert_eq!(
            found,
            wanted.into_iter().collect::<Vec<_>>(),
            "{answer:?} {shown_ms}"
        );
    }
}

#[test]
fn a_certificate_is_over_on_the_day_after_its_last() {
    for (last, wanted) in [(0, false), (-1, true)] {
        let mut case = Case::quiet();
        case.content.licences.push(LicenceCheck {
            licence: Licence {
                kind: LicenceKind::SmallRestaurantRegistration,
                number: "371234".to_owned(),
                holder: String::new(),
                valid_from: None,
                valid_to: Some(day() + Duration::days(last)),
                scope: String::new(),
            },
            same_as_last: true,
            check_digit_mismatch: false,
            at: reading(90),
        });
        assert_eq!(has(&case, S::LicenceExpired), wanted, "{last}");
    }
}

#[test]
fn a_card_is_compared_with_the_roster_and_its_last_day() {
    let mut case = Case::quiet();
    let card = |number: &str| Card {
        person: case.content.inspectors[0].person,
        card_no: Some(number.to_owned()),
        valid_to: None,
    };
    let named = |cards: &[Card], case: &Case| {
        let known = Known {
            cards,
            ..Known::default()
        };
        case.with(known).iter().any(|s| s.code == S::CardMismatch)
    };
    assert!(!named(&[card("DEMO-0011")], &case));
    assert!(named(&[card("DEMO-0099")], &case));
    let cards = [card("DEMO-0011")];
    for (last, wanted) in [(0, false), (-1, true)] {
        case.content.inspectors[0].card_valid_to = Some(day() + Duration::days(last));
        assert_eq!(named(&cards, &case), wanted, "{last}");
    }
}

#[test]
fn late_begins_a_day_after_the_visit_or_with_the_report() {
    for (after_s, after_report, wanted) in [
        (960 + 86_399, false, false),
        (960 + 86_400, false, true),
        (1_000, true, true),
    ] {
        let case = Case {
            received_after_s: after_s,
            after_report,
            ..Case::quiet()
        };
        assert_eq!(has(&case, S::Late), wanted, "{after_s}");
    }
}

#[test]
fn evidence_and_standing_are_named() {
    let mut case = Case::quiet();
    case.content.photos = vec![
        photo(PhotoOrigin::Imported, false),
        photo(PhotoOrigin::Camera, true),
    ];
    case.content.conclusion_reason = "当场已改正".to_owned();
    case.state = InspectionState::Amended;
    case.party = None;
    case.raised = vec![S::NumberTwice];
    let case = case.answering(2, Answer::Unchecked);
    let wanted = [
        S::NumberTwice,
        S::Unreadable,
        S::OwnConclusion,
        S::Imported,
        S::Damaged,
        S::Unchecked,
        S::Amended,
    ];
    assert_eq!(case.codes(), wanted);
}

#[test]
fn amended_and_not_inspected_are_ordinary() {
    let amended = Case {
        state: InspectionState::Amended,
        ..Case::quiet()
    };
    assert_eq!(amended.codes(), [S::Amended]);
    assert_eq!(
        group(&amended.signals(), amended.conclusion),
        Group::Ordinary
    );
    let mut closed = Case {
        conclusion: Conclusion::NotInspected,
        ..Case::quiet()
    };
    closed.content.answers.clear();
    closed.content.not_inspected = Some("关门歇业".to_owned());
    assert_eq!(closed.codes(), [S::NotInspected]);
    assert_eq!(closed.signals()[0].why, "关门歇业");
}
