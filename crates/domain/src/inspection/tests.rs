//! The state of a record event by event, and what blocks signing.

#![allow(clippy::unwrap_used)]

use super::amendment::{ItemChange, makes_worse};
use super::content::Finding;
use super::fold::{Folded, InspectionEvent as E, Oddity, OpenItem, fold};
use crate::checklist::ItemCode;
use crate::ids::FindingId;
use crate::words::{Answer, InspectionState as S, Measure};
use proptest::prelude::*;

fn signed(version: &str) -> E {
    E::Signed {
        version: version.into(),
    }
}

fn approved(seen: &str) -> E {
    E::Approved { seen: seen.into() }
}

fn returned(seen: &str, items: &[&str]) -> E {
    let items = items
        .iter()
        .map(|item| OpenItem {
            item: (*item).into(),
            reason: "照片不清".into(),
        })
        .collect();
    E::Returned {
        seen: seen.into(),
        items,
    }
}

fn amended(parent: &str, version: &str, items: &[&str]) -> E {
    E::Amended {
        parent: parent.into(),
        version: version.into(),
        items: items.iter().map(|i| ItemCode::from(*i)).collect(),
    }
}

fn state(events: &[E]) -> (Option<S>, Vec<(usize, Oddity)>) {
    let Folded { state, odd, .. } = fold(events);
    (state, odd)
}

#[test]
fn the_ordinary_course() {
    assert_eq!(state(&[]), (None, vec![]));
    assert_eq!(state(&[signed("a")]), (Some(S::Signed), vec![]));
    assert_eq!(
        state(&[signed("a"), approved("a")]),
        (Some(S::Approved), vec![])
    );
    let sent_back = [signed("a"), returned("a", &["CY1.1"])];
    assert_eq!(state(&sent_back), (Some(S::Returned), vec![]));
    let mended = [
        signed("a"),
        returned("a", &["CY1.1"]),
        amended("a", "b", &["CY1.1"]),
    ];
    assert_eq!(state(&mended), (Some(S::Amended), vec![]));
    let done = [&mended[..], &[approved("b")]].concat();
    assert_eq!(state(&done), (Some(S::Approved), vec![]));
}

#[test]
fn a_half_mended_return_stays_returned() {
    let half = [
        signed("a"),
        returned("a", &["CY1.1", "CY1.2"]),
        amended("a", "b", &["CY1.1"]),
    ];
    let folded = fold(&half);
    assert_eq!(folded.state, Some(S::Returned));
    assert_eq!(folded.open.len(), 1);
    assert_eq!(folded.version.as_deref(), Some("b"));
}

#[test]
fn two_people_who_did_not_know_of_each_other() {
    // An approval of a version that is no longer the last leaves the record in the queue.
    let late = [signed("a"), amended("a", "b", &["CY1.1"]), approved("a")];
    assert_eq!(
        state(&late),
        (Some(S::Amended), vec![(2, Oddity::StaleReview)])
    );
    // An amendment after the approval re-opens the queue.
    let after = [signed("a"), approved("a"), amended("a", "b", &["CY1.1"])];
    assert_eq!(state(&after), (Some(S::Amended), vec![]));
    // Two amendments both stand.
    let two = [
        signed("a"),
        amended("a", "b", &["CY1.1"]),
        amended("a", "c", &["CY1.1"]),
    ];
    assert_eq!(fold(&two).version.as_deref(), Some("c"));
    // A second signed version is kept and named; the first stands.
    let twice = [signed("a"), signed("b"), approved("a")];
    assert_eq!(
        state(&twice),
        (Some(S::Approved), vec![(1, Oddity::SignedTwice)])
    );
    // Void meets approval.
    let void = [signed("a"), E::Voided, approved("a")];
    assert_eq!(
        state(&void),
        (Some(S::Voided), vec![(2, Oddity::IllegalTransition)])
    );
    let early = [approved("a"), signed("a")];
    assert_eq!(
        state(&early),
        (Some(S::Signed), vec![(0, Oddity::IllegalTransition)])
    );
}

fn any_event() -> impl Strategy<Value = E> {
    let version = prop::sample::select(vec!["a", "b", "c"]);
    prop_oneof![
        version.clone().prop_map(signed),
        version.clone().prop_map(approved),
        version.clone().prop_map(|v| returned(v, &["CY1.1"])),
        (version.clone(), version).prop_map(|(p, v)| amended(p, v, &["CY1.1"])),
        Just(E::Voided),
    ]
}

proptest! {
    /// The fold is total: any history has a state, every odd event is named once and in order, and
    /// odd events never change the state.
    #[test]
    fn odd_events_change_nothing(events in prop::collection::vec(any_event(), 0..12)) {
        let folded = fold(&events);
        let odd: Vec<usize> = folded.odd.iter().map(|(at, _)| *at).collect();
        prop_assert!(odd.windows(2).all(|w| w[0] < w[1]));
        let plain: Vec<E> = events
            .iter()
            .enumerate()
            .filter(|(at, _)| !odd.contains(at))
            .map(|(_, e)| e.clone())
            .collect();
        let again = fold(&plain);
        prop_assert_eq!(again.state, folded.state);
        prop_assert_eq!(again.version, folded.version);
        prop_assert!(again.odd.is_empty());
        prop_assert_eq!(folded.open.is_empty(), folded.state != Some(S::Returned));
    }
}

fn finding(measure: Measure, deadline: Option<&str>) -> Option<Finding> {
    Some(Finding {
        id: FindingId(uuid::Uuid::nil()),
        item: "CY1.1".into(),
        problem: "未公示".to_owned(),
        measure: Some(measure),
        deadline: deadline.map(|day| day.parse().unwrap()),
        no_photo_reason: String::new(),
    })
}

/// The operator signs again only when a finding is added or made worse.
#[test]
fn what_makes_a_finding_worse() {
    use Answer::{Fail, Pass};
    let on_site = || finding(Measure::OnSite, None);
    let due = |day| finding(Measure::Deadline, Some(day));
    let table = [
        ("mended", Fail, on_site(), Pass, None, false),
        ("added", Pass, None, Fail, on_site(), true),
        ("only reworded", Fail, on_site(), Fail, on_site(), false),
        (
            "a deadline for what was put right",
            Fail,
            on_site(),
            Fail,
            due("2026-11-01"),
            true,
        ),
        (
            "more time",
            Fail,
            due("2026-11-01"),
            Fail,
            due("2026-11-08"),
            false,
        ),
        (
            "less time",
            Fail,
            due("2026-11-08"),
            Fail,
            due("2026-11-01"),
            true,
        ),
        (
            "stopped",
            Fail,
            due("2026-11-01"),
            Fail,
            finding(Measure::Stop, None),
            true,
        ),
        (
            "lighter",
            Fail,
            finding(Measure::CaseLead, None),
            Fail,
            due("2026-11-01"),
            false,
        ),
        (
            "another office's",
            Fail,
            due("2026-11-01"),
            Fail,
            finding(Measure::HandOver, None),
            false,
        ),
    ];
    for (name, old_answer, old_finding, new_answer, new_finding, worse) in table {
        let change = ItemChange {
            item: "CY1.1".into(),
            old_answer,
            new_answer,
            old_finding,
            new_finding,
            added_photos: Vec::new(),
        };
        assert_eq!(makes_worse(&change), worse, "{name}");
    }
}
