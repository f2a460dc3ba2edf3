//! Copies of drafts, and the change that says who took one over: one row per case.

use super::*;
use xunji_domain::ids::{DeviceId, InspectionId};
use xunji_protocol::limits::MAX_DRAFT_COPIES;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::drafts::{CopyHead, CopyKept};

impl Stage {
    fn takes_over(&mut self, change: impl FnOnce(&mut Self, &mut DraftTakenOver)) -> Change {
        let by = person(&self.county, "检查员甲");
        let from = person(&self.county, "检查员乙");
        let mut said = DraftTakenOver {
            inspection: InspectionId(id(5)),
            record_no: "LT-20261025-0901".to_owned(),
            from_log: xunji_domain::ids::LogId(id(6)),
            from_version: 3,
            from_digest: Digest::of(b"draft"),
            from_author: from.id,
            from_author_name: from.name,
            taker: by.id,
            taker_name: by.name,
            photos_left: 0,
        };
        change(self, &mut said);
        self.phone.append(DRAFT_TAKEN_OVER, &[id(5)], &said)
    }
}

#[rustfmt::skip]
const TAKEOVERS: &[Row] = &[
    ("a colleague's draft", |s| vec![s.takes_over(|_, _| {})], APPLIED),
    ("twice", |s| vec![s.takes_over(|_, _| {}), s.takes_over(|_, _| {})], APPLIED),
    ("in another's name", |s| vec![s.takes_over(|_, said| said.taker = said.from_author)], NOT_ALLOWED),
    ("by somebody who signs nothing", |s| vec![s.takes_over(|s, said| {
        let aide = s.county.people.iter().find(|p| p.role == xunji_domain::words::Role::Bureau).unwrap().id;
        (s.phone.author, said.taker) = (aide, aide);
    })], NOT_ALLOWED),
    ("of nobody known", |s| vec![s.takes_over(|_, said| said.from_author.0 = id(88))],
        (Verdict::Applied, None, &[Flag::OutOfScope])),
    ("of no copy", |s| vec![s.takes_over(|_, said| said.from_version = 0)], RULE),
    ("of another visit than its envelope names", |s| vec![s.takes_over(|_, said| said.inspection.0 = id(9))], RULE),
];

#[test]
fn takeovers() {
    for (name, make, want) in TAKEOVERS {
        let mut stage = Stage::new();
        let changes = make(&mut stage);
        let row = stage.last(changes).row;
        assert_eq!(
            (row.verdict, row.cause, row.flags.as_slice()),
            *want,
            "{name}"
        );
    }
}

fn head(version: u64) -> CopyHead {
    serde_json::from_value(json!({
        "inspection": id(5), "log": id(6), "version": version, "author": id(7), "author_name": "", "inspectors": [],
        "captured_at": sample::reading(0), "digest": Digest::of(b"draft"), "operator_name": "", "operator_kind": "stall",
        "record_no": "", "started_at": 0, "answered": 0, "total": 0, "photos": 0,
    }))
    .unwrap()
}

#[test]
fn copies() {
    let (own, other) = (DeviceId(id(1)), DeviceId(id(2)));
    let stands = |version| {
        Some(CopyKept {
            version,
            digest: Digest::of(b"draft"),
            stored_at: Millis(0),
        })
    };
    let rows = |stands, others| CopyRows {
        owner: Some(own),
        author_known: true,
        stands,
        others,
    };
    let full = MAX_DRAFT_COPIES as u64;
    let table = [
        ("the first", own, rows(None, 0), CopyFate::Kept),
        ("a newer one", own, rows(stands(4), 0), CopyFate::Kept),
        ("the same again", own, rows(stands(5), 0), CopyFate::Older),
        (
            "one that came late",
            own,
            rows(stands(6), 0),
            CopyFate::Older,
        ),
        (
            "one too many",
            own,
            rows(None, full),
            CopyFate::Refused(Code::DraftsFull),
        ),
        (
            "a newer one of a full log",
            own,
            rows(stands(4), full),
            CopyFate::Kept,
        ),
        (
            "in another's log",
            other,
            rows(None, 0),
            CopyFate::Refused(Code::Forbidden),
        ),
        (
            "of a log that is not here",
            own,
            CopyRows {
                owner: None,
                ..rows(None, 0)
            },
            CopyFate::Refused(Code::Forbidden),
        ),
        (
            "of nobody known",
            own,
            CopyRows {
                author_known: false,
                ..rows(None, 0)
            },
            CopyFate::Refused(Code::Forbidden),
        ),
    ];
    for (name, from, rows, want) in table {
        assert_eq!(copy(from, &head(5), &rows), want, "{name}");
    }
}
