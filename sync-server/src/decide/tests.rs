//! One row per line of the table in the module's head.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../../../tests/src/conformance/phone.rs"]
#[allow(dead_code, reason = "shared with the conformance suite")]
mod phone;
#[path = "../../../tests/src/conformance/sample.rs"]
#[allow(dead_code, reason = "shared with the conformance suite")]
mod sample;

mod decisions;
mod drafts;
mod erasing;

use super::*;
use phone::Phone;
use sample::{amendment, county, id, person, sign, sign_amendment, stall, visit};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;
use xunji_domain::county::DemoCounty;
use xunji_domain::ids::ReviewId;
use xunji_domain::inspection::OpenItem;
use xunji_domain::operator::{FieldWrite, Operator};
use xunji_domain::words::InspectionState;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::keys::public_key;
use xunji_protocol::kinds::*;
use xunji_protocol::verdict::{Cause, Flag, Verdict};

/// A county, a phone of 柳汀所 and the rows as they stand.
struct Stage {
    county: DemoCounty,
    phone: Phone,
    rows: Snapshot,
}

impl Stage {
    fn new() -> Self {
        let county = county();
        let phone = Phone::new(1, person(&county, "检查员甲").id);
        let device = Owner::Device {
            device: phone.device,
            station: sample::station(&county),
            active: true,
        };
        let log = LogRow {
            owner: device,
            key: public_key(&phone.log_key),
            head: phone.head,
            branched: false,
            holes: BTreeMap::new(),
        };
        let rows = Snapshot {
            log,
            known: BTreeMap::new(),
            people: county.people.iter().map(|p| (p.id, p.clone())).collect(),
            stations: county.stations.iter().map(|s| s.id).collect(),
            operators: BTreeMap::new(),
            inspections: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            stopped: BTreeMap::new(),
            numbers: BTreeMap::new(),
            revs: BTreeMap::new(),
        };
        Self {
            county,
            phone,
            rows,
        }
    }

    fn stall(&self) -> Operator {
        stall(&self.county, 1)
    }

    fn register(&mut self) -> Change {
        let stall = self.stall();
        self.phone
            .append(OPERATOR_REGISTERED, &[stall.id.0], &stall)
    }

    fn edit(&mut self, field: &str, seen: serde_json::Value, new: serde_json::Value) -> Change {
        let operator = self.stall().id;
        let writes = vec![FieldWrite {
            field: field.to_owned(),
            seen,
            new,
        }];
        self.phone.append(
            OPERATOR_EDITED,
            &[operator.0],
            &OperatorEdited { operator, writes },
        )
    }

    fn sign(&mut self, n: u128, failed: &[&str]) -> Change {
        let record = sign(visit(&self.county, &self.stall(), n, failed));
        self.phone
            .append(INSPECTION_SIGNED, &[record.content.id.0], &record)
    }

    fn review(&mut self, n: u128, seen: Digest, decision: ReviewDecision) -> Change {
        let reviewer = person(&self.county, "所长甲");
        self.phone.author = reviewer.id;
        let review = Review {
            id: ReviewId(id(900 + n)),
            inspection: xunji_domain::ids::InspectionId(id(n)),
            seen: seen.to_hex(),
            reviewer: reviewer.id,
            reviewer_name: reviewer.name,
            at: Millis(sample::MORNING),
            decision,
        };
        let change = self.phone.append(INSPECTION_REVIEWED, &[id(n)], &review);
        self.phone.author = person(&self.county, "检查员甲").id;
        change
    }

    fn amend(
        &mut self,
        n: u128,
        parent: Digest,
        amendment_no: u128,
        review: Option<ReviewId>,
    ) -> Change {
        let content = visit(&self.county, &self.stall(), n, &[FAILED]);
        let amendment = amendment(&content, amendment_no, parent, review, FAILED);
        self.phone.append(INSPECTION_AMENDED, &[id(n)], &amendment)
    }

    fn decide(&self, changes: Vec<Change>) -> Decision {
        let context = Context {
            bureau: self.county.bureau.id,
            epoch: 1,
            // What is decided was written before.
            now: Millis(sample::MORNING + 86_400_000),
        };
        let incoming: Vec<Incoming> = changes
            .into_iter()
            .map(|c| Incoming::new(c, None, newest_version))
            .collect();
        decide(&incoming, &self.rows, context).unwrap()
    }

    fn last(&self, changes: Vec<Change>) -> NewVerdict {
        self.decide(changes).plan.verdicts.pop().unwrap()
    }
}

const FAILED: &str = "TD1.1";

fn approved() -> ReviewDecision {
    ReviewDecision::Approved {
        originals_missing: Vec::new(),
    }
}

fn returned() -> ReviewDecision {
    ReviewDecision::Returned {
        items: vec![OpenItem {
            item: FAILED.into(),
            reason: "照片不清".to_owned(),
        }],
    }
}

/// What a row of the table says: verdict, cause, flags.
type Want = (Verdict, Option<Cause>, &'static [Flag]);

const APPLIED: Want = (Verdict::Applied, None, &[]);
const NOT_ALLOWED: Want = (Verdict::Quarantined, Some(Cause::NotAllowed), &[]);
const RULE: Want = (Verdict::Quarantined, Some(Cause::RuleBroken), &[]);

/// Name, the changes that come in one segment, and what the last of them gets.
type Row = (&'static str, fn(&mut Stage) -> Vec<Change>, Want);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("a new entry", |s| vec![s.register()], APPLIED),
    ("the same entry from a copied phone", |s| vec![s.register(), s.register()], APPLIED),
    ("the id of an entry with another phone number", |s| {
        let mut other = s.stall();
        other.phone = "13900139000".to_owned();
        vec![s.register(), s.phone.append(OPERATOR_REGISTERED, &[other.id.0], &other)]
    }, (Verdict::Applied, None, &[Flag::Conflict])),
    ("an entry of a station nobody knows", |s| {
        let mut lost = s.stall();
        lost.station.0 = id(77);
        vec![s.phone.append(OPERATOR_REGISTERED, &[lost.id.0], &lost)]
    }, RULE),
    ("an entry of another station", |s| {
        let mut far = s.stall();
        far.station = s.county.station("杏埠所").unwrap().id;
        vec![s.phone.append(OPERATOR_REGISTERED, &[far.id.0], &far)]
    }, (Verdict::Applied, None, &[Flag::OutOfScope])),
    ("an edit that saw what stands", |s| vec![s.register(), s.edit("phone", json!("13800138000"), json!("1"))], APPLIED),
    ("two edits of one person, offline", |s| vec![
        s.register(), s.edit("phone", json!("13800138000"), json!("1")), s.edit("phone", json!("1"), json!("2")),
    ], APPLIED),
    ("equal edits of two people", |s| vec![
        s.register(), s.edit("phone", json!("13800138000"), json!("1")), s.edit("phone", json!("13800138000"), json!("1")),
    ], APPLIED),
    ("different edits of two people", |s| vec![
        s.register(), s.edit("phone", json!("13800138000"), json!("1")), s.edit("phone", json!("13800138000"), json!("2")),
    ], (Verdict::Applied, None, &[Flag::Conflict])),
    ("an edit of an entry that is not here", |s| vec![s.edit("phone", json!(""), json!("1"))],
        (Verdict::Held, Some(Cause::RecordMissing), &[])),
    ("an edit of a field that may not be edited", |s| vec![s.register(), s.edit("station", json!(""), json!(""))], RULE),
    ("a value that does not fit", |s| vec![s.register(), s.edit("phone", json!("13800138000"), json!([1]))], RULE),
    ("a record whose operator is not here: references are soft", |s| vec![s.sign(20, &[])], APPLIED),
    ("a record signed twice", |s| vec![s.sign(20, &[]), s.sign(20, &[FAILED])],
        (Verdict::Quarantined, Some(Cause::RuleBroken), &[Flag::SignedTwice])),
    ("a number seen twice", |s| {
        let mut other = visit(&s.county, &s.stall(), 21, &[]);
        other.record_no = visit(&s.county, &s.stall(), 20, &[]).record_no;
        vec![s.sign(20, &[]), s.phone.append(INSPECTION_SIGNED, &[other.id.0], &sign(other.clone()))]
    }, (Verdict::Applied, None, &[Flag::NumberTwice])),
    ("a record changed after it was signed", |s| {
        let mut record = sign(visit(&s.county, &s.stall(), 20, &[]));
        record.content.party_opinion.push_str("无异议");
        vec![s.phone.append(INSPECTION_SIGNED, &[record.content.id.0], &record)]
    }, RULE),
    ("a record of one inspector", |s| {
        let mut content = visit(&s.county, &s.stall(), 20, &[]);
        content.inspectors.truncate(1);
        vec![s.phone.append(INSPECTION_SIGNED, &[content.id.0], &sign(content.clone()))]
    }, RULE),
    ("an envelope that does not name its record", |s| {
        let record = sign(visit(&s.county, &s.stall(), 20, &[]));
        vec![s.phone.append(INSPECTION_SIGNED, &[], &record)]
    }, RULE),
    ("an author nobody knows", |s| { s.phone.author.0 = id(5); vec![s.register()] }, NOT_ALLOWED),
    ("a record by an assistant", |s| {
        s.phone.author = person(&s.county, "协管员甲").id;
        vec![s.sign(20, &[])]
    }, NOT_ALLOWED),
    ("a revoked phone", |s| {
        let station = sample::station(&s.county);
        s.rows.log.owner = Owner::Device { device: s.phone.device, station, active: false };
        vec![s.register()]
    }, NOT_ALLOWED),
    ("a review from a phone", |s| { let c = s.sign(20, &[]); let seen = c.hash; vec![c, s.review(20, seen, approved())] }, NOT_ALLOWED),
    ("a kind of a newer program", |s| vec![s.phone.append("task.done", &[id(1)], &json!({"x": 1}))],
        (Verdict::Held, Some(Cause::TooNew), &[])),
    ("a body that is not what it says", |s| vec![s.phone.append(OPERATOR_REGISTERED, &[id(1)], &json!({"id": 5}))],
        (Verdict::Quarantined, Some(Cause::Malformed), &[])),
    ("a body that travels as a file", |s| {
        let stall = s.stall();
        vec![s.phone.append_as_file(OPERATOR_REGISTERED, &[stall.id.0], &stall).0]
    }, (Verdict::Held, Some(Cause::BodyMissing), &[])),
    ("an amendment of a record that is not here", |s| vec![s.amend(20, Digest::ZERO, 30, None)],
        (Verdict::Held, Some(Cause::RecordMissing), &[])),
    ("an amendment of their own accord", |s| {
        let signed = s.sign(20, &[FAILED]);
        let parent = signed.hash;
        vec![signed, s.amend(20, parent, 30, None)]
    }, APPLIED),
    ("two amendments of one version: both stand", |s| {
        let signed = s.sign(20, &[FAILED]);
        let parent = signed.hash;
        vec![signed, s.amend(20, parent, 30, None), s.amend(20, parent, 31, None)]
    }, (Verdict::Applied, None, &[Flag::StaleVersion])),
    ("one amendment signed twice", |s| {
        let signed = s.sign(20, &[FAILED]);
        let parent = signed.hash;
        vec![signed, s.amend(20, parent, 30, None), s.amend(20, parent, 30, None)]
    }, (Verdict::Quarantined, Some(Cause::RuleBroken), &[Flag::SignedTwice])),
    ("an amendment without reason", |s| {
        let signed = s.sign(20, &[FAILED]);
        let mut amendment = amendment(&visit(&s.county, &s.stall(), 20, &[FAILED]), 30, signed.hash, None, FAILED);
        amendment.reason.clear();
        vec![signed, s.phone.append(INSPECTION_AMENDED, &[id(20)], &sign_amendment(amendment))]
    }, RULE),
    ("an amendment that is not the one its signatures name", |s| {
        let signed = s.sign(20, &[FAILED]);
        let mut amendment = amendment(&visit(&s.county, &s.stall(), 20, &[FAILED]), 30, signed.hash, None, FAILED);
        amendment.reason.push('。');
        vec![signed, s.phone.append(INSPECTION_AMENDED, &[id(20)], &amendment)]
    }, RULE),
];

#[test]
fn the_table_holds() {
    for (name, changes, (verdict, cause, flags)) in TABLE {
        let mut stage = Stage::new();
        let changes = changes(&mut stage);
        let row = stage.last(changes).row;
        assert_eq!(
            (row.verdict, row.cause, row.flags.as_slice()),
            (*verdict, *cause, *flags),
            "{name}: {}",
            row.detail
        );
    }
}

#[test]
fn reviews_of_the_bureau_follow_the_fold() {
    let mut s = Stage::new();
    s.rows.log.owner = Owner::Bureau;
    let signed = s.sign(20, &[FAILED]);
    let first = signed.hash;
    let back = s.review(20, first, returned());
    let amended = s.amend(20, first, 30, Some(ReviewId(id(920))));
    let stale = s.review(20, first, approved());
    let decision = s.decide(vec![signed, back, amended.clone(), stale]);
    let verdicts: Vec<_> = decision
        .plan
        .verdicts
        .iter()
        .map(|v| (v.row.verdict, v.row.flags.clone()))
        .collect();
    let fine = (Verdict::Applied, Vec::new());
    assert_eq!(
        verdicts,
        [
            fine.clone(),
            fine.clone(),
            fine,
            (Verdict::Applied, vec![Flag::StaleVersion])
        ]
    );
    let Some(Derived::Inspection(summary, content)) =
        decision.plan.records.last().map(|r| r.derived.clone())
    else {
        panic!("no record");
    };
    assert_eq!(
        (summary.state, summary.version),
        (InspectionState::Amended, amended.hash)
    );
    assert_eq!(
        (
            summary.failed.len(),
            content.findings.len(),
            summary.open.len()
        ),
        (0, 0, 0)
    );
    assert!(
        summary.score_permille == Some(1000),
        "the amended answers are scored anew"
    );
}

#[test]
fn an_inspector_never_reviews_the_own_record() {
    let mut s = Stage::new();
    s.rows.log.owner = Owner::Bureau;
    let mut content = visit(&s.county, &s.stall(), 20, &[]);
    content.inspectors[1].person = person(&s.county, "所长甲").id;
    let signed = s
        .phone
        .append(INSPECTION_SIGNED, &[content.id.0], &sign(content));
    let seen = signed.hash;
    let review = s.review(20, seen, approved());
    let row = s.last(vec![signed, review]).row;
    assert_eq!(
        (row.verdict, row.cause),
        (Verdict::Quarantined, Some(Cause::NotAllowed))
    );
}

#[test]
fn a_certificate_read_on_site_becomes_known() {
    let mut s = Stage::new();
    let register = s.register();
    let mut content = visit(&s.county, &s.stall(), 20, &[]);
    let licence = xunji_domain::operator::Licence {
        kind: xunji_domain::licence::LicenceKind::StallCard,
        number: "TD37992100001".to_owned(),
        holder: "谷小满".to_owned(),
        valid_from: None,
        valid_to: None,
        scope: String::new(),
    };
    content
        .licences
        .push(xunji_domain::inspection::LicenceCheck {
            licence: licence.clone(),
            same_as_last: false,
            check_digit_mismatch: false,
            at: sample::reading(9),
        });
    let signed = s
        .phone
        .append(INSPECTION_SIGNED, &[content.id.0], &sign(content));
    let decision = s.decide(vec![register, signed]);
    assert!(
        decision
            .plan
            .verdicts
            .iter()
            .all(|v| v.row.verdict == Verdict::Applied && v.row.flags.is_empty())
    );
    let known = decision.plan.records.iter().find_map(|r| match &r.derived {
        Derived::Operator(operator) => Some(operator.licences.clone()),
        _ => None,
    });
    assert_eq!(known, Some(vec![licence]));
}

#[test]
fn both_values_of_a_conflict_are_kept() {
    let mut s = Stage::new();
    let seen = json!("13800138000");
    let changes = vec![
        s.register(),
        s.edit("phone", seen.clone(), json!("13900000001")),
        s.edit("phone", seen.clone(), json!("13900000002")),
    ];
    let plan = s.decide(changes).plan;
    let conflict = plan.records.iter().find_map(|r| match &r.derived {
        Derived::Conflict(conflict) => Some(conflict.clone()),
        _ => None,
    });
    let conflict = conflict.unwrap();
    assert_eq!(conflict.seen, seen);
    assert_eq!(
        (conflict.standing, conflict.written),
        (json!("13900000001"), json!("13900000002"))
    );
    assert_eq!(
        plan.records.len(),
        2,
        "one state per record and plan: the entry and the conflict"
    );
}

#[test]
fn places_of_changes() {
    let mut s = Stage::new();
    let first = s.register();
    let copy = s.phone.clone();
    let second = s.edit("phone", json!("13800138000"), json!("1"));
    s.phone = copy;
    let fork = s.edit("phone", json!("13800138000"), json!("2"));
    let mut late = s.phone.clone();
    let beyond = late.append(OPERATOR_EDITED, &[], &json!({}));
    let context = Context {
        bureau: s.county.bureau.id,
        epoch: 1,
        now: Millis(sample::MORNING + 86_400_000),
    };
    let at = |rows: &Snapshot, changes: &[&Change]| {
        let incoming: Vec<Incoming> = changes
            .iter()
            .map(|c| Incoming::new((*c).clone(), None, newest_version))
            .collect();
        decide(&incoming, rows, context).map(|d| {
            (
                d.branch,
                d.plan.changes.iter().map(|c| c.main).collect::<Vec<_>>(),
            )
        })
    };
    assert_eq!(
        at(&s.rows, &[&first, &second]),
        Ok((false, vec![true, true]))
    );
    assert_eq!(at(&s.rows, &[&second]), Err(Misplaced::Gap { next_seq: 1 }));
    let known = |change: &Change, main: bool| {
        let first = s.last(vec![first.clone()]).row;
        (
            change.hash,
            Known {
                seq: change.envelope.seq,
                main,
                first,
            },
        )
    };
    let mut rows = s.rows.clone();
    rows.known
        .extend([known(&first, true), known(&second, true)]);
    rows.log.head = xunji_protocol::log::LogHead {
        log: s.rows.log.id(),
        seq: 2,
        hash: second.hash,
    };
    assert_eq!(
        at(&rows, &[&first, &second]),
        Ok((false, vec![])),
        "known: nothing is stored again"
    );
    assert_eq!(
        at(&rows, &[&fork]),
        Ok((true, vec![false])),
        "a used seq is a branch"
    );
    assert_eq!(
        at(&rows, &[&beyond]),
        Err(Misplaced::Gap { next_seq: 1 }),
        "its parent is not here: go back"
    );
    rows.known.extend([known(&fork, false)]);
    assert_eq!(
        at(&rows, &[&beyond]),
        Ok((true, vec![false])),
        "a branch goes on as a branch"
    );
}

#[test]
fn deciding_again_waits_for_its_cause() {
    let mut s = Stage::new();
    let register = s.register();
    let edit = Incoming::new(
        s.edit("phone", json!("13800138000"), json!("1")),
        None,
        newest_version,
    );
    let context = Context {
        bureau: s.county.bureau.id,
        epoch: 1,
        now: Millis(sample::MORNING + 86_400_000),
    };
    let waited_for = format!("record:{}", s.stall().id.0);
    let held = s.last(vec![register.clone(), edit.change.clone()]).row;
    assert_eq!(
        held.verdict,
        Verdict::Applied,
        "in one segment nothing waits"
    );
    let stopped = |cause: Cause, detail: String, waits_for: &str| Stopped {
        log: register.envelope.log,
        station: Some(sample::station(&s.county)),
        last: VerdictRow {
            verdict: Verdict::Held,
            cause: Some(cause),
            detail,
            effects: Vec::new(),
            ..held.clone()
        },
        waits_for: Some(waits_for.to_owned()),
    };
    let hash = edit.change.hash;
    let waits = stopped(
        Cause::RecordMissing,
        s.stall().id.0.to_string(),
        &waited_for,
    );
    let mut rows = s.rows.clone();
    rows.stopped.insert(hash, waits.clone());
    assert!(decide_again(&edit, false, &rows, context).is_none());
    rows.stopped
        .insert(hash, stopped(Cause::BodyMissing, String::new(), "body:…"));
    let moved = decide_again(&edit, false, &rows, context).unwrap();
    assert_eq!(
        (moved.verdicts[0].row.verdict, &moved.verdicts[0].waits_for),
        (Verdict::Held, &Some(waited_for.clone())),
        "its body came, its record did not"
    );
    rows.stopped.insert(hash, waits);
    rows.operators.insert(s.stall().id, s.stall());
    let plan = decide_again(&edit, false, &rows, context).unwrap();
    assert_eq!(plan.verdicts[0].row.verdict, Verdict::Applied);
    let later = plan.verdicts[0].later.clone().unwrap();
    assert_eq!(later.log, register.envelope.log);
    assert!(
        plan.log.is_none() && plan.changes.is_empty(),
        "the change is stored already"
    );
    let ids: Vec<Uuid> = plan.records.iter().map(|r| r.key.1).collect();
    assert_eq!(ids, [s.stall().id.0]);
}
