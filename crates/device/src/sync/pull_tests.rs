#![allow(clippy::unwrap_used)]
use super::*;
use serde_json::json;
use xunji_domain::time::Millis;
use xunji_protocol::state::OPERATOR;
use xunji_protocol::steps::pull::{PageEnd, PageHeader, PageRecord};
use xunji_protocol::verdict::Cause;

fn entry(feed: &str, pos: u64, kind: &str, id: u128, gone: bool) -> FeedEntry {
    let id = Uuid::from_u128(id);
    FeedEntry {
        feed: feed.into(),
        pos,
        kind: kind.into(),
        id,
        rev: pos,
        epoch: 1,
        digest: Digest::ZERO,
        gone,
    }
}

fn page(feeds: &[&str], records: Vec<PageRecord>, passed: &[(&str, u64)]) -> Page {
    Page {
        header: PageHeader {
            protocol: 1,
            feeds: feeds.iter().map(|f| (*f).to_owned()).collect(),
            server_time: Millis(0),
        },
        records,
        end: PageEnd {
            cursor: "c".into(),
            more: true,
            heads: None,
            passed: passed
                .iter()
                .map(|(feed, pos)| Effect {
                    feed: (*feed).into(),
                    pos: *pos,
                })
                .collect(),
        },
    }
}

fn passed(of: &[(&str, u64)]) -> Passed {
    of.iter()
        .map(|(feed, pos)| ((*feed).to_owned(), *pos))
        .collect()
}

fn verdict(verdict: Verdict, effects: &[(&str, u64)]) -> VerdictRow {
    VerdictRow {
        seq: 1,
        hash: Digest::of(b"c"),
        verdict,
        cause: None,
        detail: String::new(),
        flags: vec![],
        effects: effects
            .iter()
            .map(|(feed, pos)| Effect {
                feed: (*feed).into(),
                pos: *pos,
            })
            .collect(),
        closed: None,
    }
}

#[test]
fn states_are_kept_and_what_moved_out_is_removed_unless_pinned() {
    let records = vec![
        PageRecord {
            entry: entry("s", 1, OPERATOR, 1, false),
            state: Some(b"{}".to_vec()),
        },
        PageRecord {
            entry: entry("s", 2, OPERATOR, 2, true),
            state: None,
        },
        PageRecord {
            entry: entry("s", 3, OPERATOR, 3, true),
            state: None,
        },
    ];
    let pinned = [Uuid::from_u128(3)].into_iter().collect();
    let plan = plan_page(
        page(&["b", "s"], records, &[("s", 3)]),
        &passed(&[("s", 0)]),
        &pinned,
    );
    assert_eq!(plan.upserts.len(), 1);
    assert_eq!(plan.removals.iter().map(|e| e.pos).collect::<Vec<_>>(), [2]);
    assert_eq!(plan.cursor, "c");
    assert!(plan.more && plan.lost_feeds.is_empty());
    let kept: Passed = plan.passed.into_iter().map(|e| (e.feed, e.pos)).collect();
    assert_eq!(
        kept,
        passed(&[("b", 0), ("s", 3)]),
        "a feed in scope is known from its first page on"
    );
}

#[test]
fn a_feed_that_is_no_longer_named_is_lost() {
    let plan = plan_page(
        page(&["b", "s.2"], vec![], &[]),
        &passed(&[("b", 4), ("s.1", 9)]),
        &BTreeSet::new(),
    );
    assert_eq!(plan.lost_feeds, ["s.1"]);
}

#[test]
fn a_later_verdict_is_told() {
    let row = VerdictRow {
        cause: Some(Cause::BodyMissing),
        ..verdict(Verdict::Held, &[])
    };
    let state = serde_json::to_vec(&row).unwrap();
    let records = vec![
        PageRecord {
            entry: entry("l", 1, VERDICT, 1, false),
            state: Some(state),
        },
        PageRecord {
            entry: entry("l", 2, VERDICT, 2, false),
            state: Some(json!({"verdict": "dreamt"}).to_string().into()),
        },
    ];
    let plan = plan_page(page(&["l"], records, &[]), &Passed::new(), &BTreeSet::new());
    assert_eq!(plan.verdicts, [row]);
    assert_eq!(
        plan.upserts.len(),
        2,
        "what this program cannot read is kept for the upgrade"
    );
}

#[test]
fn a_change_is_confirmed_when_all_its_effects_are_passed() {
    let at = passed(&[("b", 2), ("s", 7)]);
    let table = [
        ("passed", verdict(Verdict::Applied, &[("s", 7)]), &at, true),
        (
            "acknowledged and not yet pulled",
            verdict(Verdict::Applied, &[("s", 8)]),
            &at,
            false,
        ),
        (
            "one of two",
            verdict(Verdict::Applied, &[("b", 1), ("s", 8)]),
            &at,
            false,
        ),
        (
            "the feed left the scope",
            verdict(Verdict::Applied, &[("s.old", 99)]),
            &at,
            true,
        ),
        (
            "no page was ever read",
            verdict(Verdict::Applied, &[("s", 1)]),
            &Passed::new(),
            false,
        ),
        (
            "held stays visible",
            verdict(Verdict::Held, &[]),
            &at,
            false,
        ),
        (
            "quarantined stays visible",
            verdict(Verdict::Quarantined, &[]),
            &at,
            false,
        ),
    ];
    for (case, row, passed, expected) in table {
        assert_eq!(is_confirmed(&row, passed), expected, "{case}");
    }
    assert_eq!(
        confirmed(&[verdict(Verdict::Applied, &[("s", 7)])], &at),
        [Digest::of(b"c")]
    );
}
