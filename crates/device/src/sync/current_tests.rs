#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use xunji_domain::ids::{LogId, PersonId};
use xunji_domain::time::{ClockReading, Millis};
use xunji_domain::words::InspectionState;
use xunji_protocol::kinds::read_payload;
use xunji_protocol::kinds::{INSPECTION_AMENDED, OPERATOR_EDITED, OPERATOR_REGISTERED};
use xunji_protocol::verdict::{Cause, Closed, Effect};

const FEED: &str = "s";

fn id() -> Uuid {
    Uuid::from_u128(0xe)
}

fn entry(phone: &str) -> Operator {
    serde_json::from_value(json!({
        "id": id(), "kind": "stall", "name": "㼆记", "owner": "经营者甲", "phone": phone, "address": "",
        "station": Uuid::from_u128(1), "grid": Uuid::from_u128(2), "slot": null, "varieties": [],
        "status": "active", "licences": []
    }))
    .unwrap()
}

fn reading() -> Value {
    let at = ClockReading {
        wall: Millis(0),
        zone: 480,
        boottime: 0,
        boot: String::new(),
        server_offset: None,
        server_offset_age: None,
        unlock: None,
    };
    serde_json::to_value(at).unwrap()
}

fn own(seq: u64, kind: &str, body: Value, verdict: Option<VerdictRow>) -> OwnChange {
    let envelope = Envelope {
        log: LogId(Uuid::from_u128(1)),
        seq,
        prev: Digest::ZERO,
        captured_at: serde_json::from_value(reading()).unwrap(),
        author: PersonId(Uuid::from_u128(3)),
        kind: kind.to_owned(),
        schema_version: 1,
        records: vec![id()],
        body: Digest::ZERO,
        extra: Map::new(),
    };
    let payload = read_payload(kind, 1, body).unwrap();
    OwnChange {
        hash: Digest::of(&seq.to_be_bytes()),
        envelope,
        payload,
        verdict,
    }
}

fn edit(seq: u64, seen: &str, new: &str, verdict: Option<VerdictRow>) -> OwnChange {
    let write = json!({"field": "phone", "seen": seen, "new": new});
    own(
        seq,
        OPERATOR_EDITED,
        json!({"operator": id(), "writes": [write]}),
        verdict,
    )
}

fn closed() -> Option<VerdictRow> {
    let closed = Closed {
        reason: "写错了一户".into(),
        by_name: "所长甲".into(),
        at: xunji_domain::time::Millis(0),
    };
    verdict(Verdict::Quarantined, 7).map(|row| VerdictRow {
        closed: Some(closed),
        ..row
    })
}

fn verdict(verdict: Verdict, pos: u64) -> Option<VerdictRow> {
    Some(VerdictRow {
        seq: 1,
        hash: Digest::ZERO,
        verdict,
        cause: (verdict != Verdict::Applied).then_some(Cause::RuleBroken),
        detail: String::new(),
        flags: vec![],
        effects: vec![Effect {
            feed: FEED.into(),
            pos,
        }],
        closed: None,
    })
}

fn at(pos: u64) -> Passed {
    [(FEED.to_owned(), pos)].into_iter().collect()
}

/// The phone number shown, and the mark, at each moment of an edit's life.
#[test]
fn what_a_person_saw_never_flickers_back() {
    let applied = || verdict(Verdict::Applied, 7);
    let table = [
        ("before", "1", vec![], at(6), "1", Mark::Clean),
        (
            "saved",
            "1",
            vec![edit(1, "1", "2", None)],
            at(6),
            "2",
            Mark::Unsent,
        ),
        (
            "acknowledged, not yet pulled",
            "1",
            vec![edit(1, "1", "2", applied())],
            at(6),
            "2",
            Mark::Received,
        ),
        (
            "pulled, flag not yet written",
            "2",
            vec![edit(1, "1", "2", applied())],
            at(7),
            "2",
            Mark::Clean,
        ),
        (
            "a colleague wrote after it",
            "3",
            vec![edit(1, "1", "2", applied())],
            at(8),
            "3",
            Mark::Clean,
        ),
        (
            "a colleague wrote before it",
            "3",
            vec![edit(1, "1", "2", None)],
            at(6),
            "2",
            Mark::Unsent,
        ),
        (
            "edited twice, one acknowledged",
            "1",
            vec![edit(1, "1", "2", applied()), edit(2, "2", "4", None)],
            at(6),
            "4",
            Mark::Unsent,
        ),
        (
            "edited twice, one pulled",
            "2",
            vec![edit(1, "1", "2", applied()), edit(2, "2", "4", None)],
            at(7),
            "4",
            Mark::Unsent,
        ),
        (
            "held",
            "1",
            vec![edit(1, "1", "2", verdict(Verdict::Held, 7))],
            at(9),
            "2",
            Mark::Held,
        ),
        (
            "quarantined",
            "1",
            vec![edit(1, "1", "2", verdict(Verdict::Quarantined, 7))],
            at(9),
            "2",
            Mark::Quarantined,
        ),
        (
            "closed at the station",
            "1",
            vec![edit(1, "1", "2", closed())],
            at(9),
            "1",
            Mark::Clean,
        ),
        (
            "acknowledged before the first page",
            "1",
            vec![edit(1, "1", "2", applied())],
            Passed::new(),
            "2",
            Mark::Received,
        ),
    ];
    for (case, mirror, changes, passed, shown, mark) in table {
        let seen = operator(OperatorId(id()), Some(entry(mirror)), &changes, &passed).unwrap();
        assert_eq!(
            (seen.value.phone.as_str(), seen.mark),
            (shown, mark),
            "{case}"
        );
    }
}

#[test]
fn a_stall_registered_here_shows_before_and_after_the_server_knows_it() {
    let made = || {
        own(
            1,
            OPERATOR_REGISTERED,
            serde_json::to_value(entry("1")).unwrap(),
            None,
        )
    };
    let both = [made(), edit(2, "1", "2", None)];
    let here = operator(OperatorId(id()), None, &both, &Passed::new()).unwrap();
    assert_eq!((here.value.phone.as_str(), here.mark), ("2", Mark::Unsent));
    let known = operator(OperatorId(id()), Some(entry("9")), &[made()], &at(3)).unwrap();
    assert_eq!(known.value.phone, "9", "the server's entry stands");
    assert_eq!(
        operator(OperatorId(Uuid::from_u128(99)), None, &both, &Passed::new()),
        None
    );
}

fn returned() -> InspectionSummary {
    serde_json::from_value(json!({
        "id": id(), "record_no": "LT-20261021-0301", "operator": id(), "operator_name": "㼆记",
        "operator_kind": "stall", "station": id(), "grid": id(), "market": null, "checklist": "TD-6/1",
        "started_at": 1, "ended_at": 2, "day": "2026-10-21", "conclusion": "nonconforming",
        "graded": {"letter": null, "reasons": [], "permille": null, "capped": false, "explain": []},
        "score_permille": null, "answers": [], "failed": [], "inspectors": [], "state": "returned",
        "version": Digest::of(b"signed"), "signed_change": Digest::of(b"signed"), "body": Digest::of(b"b"),
        "log": id(), "open": [{"item": "TD1.1", "reason": "照片看不清"}], "review": id(),
        "reviewer_name": "所长甲", "amendments": 0, "flags": [], "photos": [], "received_at": 3
    }))
    .unwrap()
}

#[test]
fn an_own_amendment_shows_over_the_return_until_the_mirror_has_it() {
    let body = json!({
        "id": id(), "inspection": id(), "parent": Digest::of(b"signed").to_hex(), "review": id(),
        "reason": "重拍", "items": [{"item": "TD1.1", "old_answer": "fail", "new_answer": "pass",
        "old_finding": null, "new_finding": null}], "photos": [], "inspectors": [], "signatures": [],
        "party_signature": null, "at": reading()
    });
    let sent = |verdict| own(4, INSPECTION_AMENDED, body.clone(), verdict);
    let shown = |mirror, change, passed| {
        inspection(InspectionId(id()), Some(mirror), &[change], &passed).unwrap()
    };

    let unsent = shown(returned(), sent(None), at(6));
    assert_eq!(
        (unsent.value.state, unsent.mark),
        (InspectionState::Amended, Mark::Unsent)
    );
    let received = shown(returned(), sent(verdict(Verdict::Applied, 7)), at(6));
    assert_eq!(
        (received.value.state, received.mark),
        (InspectionState::Amended, Mark::Received)
    );
    // The mirror was read after it had the effect, the local file before: not counted twice.
    let again = shown(received.value.clone(), sent(None), at(7));
    assert_eq!(again.value.amendments, 1);
    // Approved since: the own change no longer speaks.
    let approved = InspectionSummary {
        state: InspectionState::Approved,
        ..received.value
    };
    let done = shown(approved, sent(verdict(Verdict::Applied, 7)), at(9));
    assert_eq!(
        (done.value.state, done.mark),
        (InspectionState::Approved, Mark::Clean)
    );
}

#[test]
fn a_change_of_a_newer_program_is_no_overlay_and_no_error() {
    let made = own(
        1,
        OPERATOR_EDITED,
        json!({"operator": id(), "writes": []}),
        None,
    );
    let mut envelope = made.envelope.clone();
    envelope.kind = "operator.telepathed".to_owned();
    let bytes = serde_json::to_vec(&envelope).unwrap();
    assert!(
        read_own(
            &bytes,
            Digest::ZERO,
            b"00000000000000000000000000000000{}",
            None
        )
        .is_none()
    );
    assert!(read_own(b"{", Digest::ZERO, b"", None).is_none());
}
