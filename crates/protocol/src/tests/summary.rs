//! An amendment changes the summary the way the fold of its events says.

use super::*;
use crate::state::{Erasure, InspectionSummary};
use crate::summary::{amended, erased};
use xunji_domain::checklist::for_kind;
use xunji_domain::inspection::Amendment;
use xunji_domain::words::{Answer, Conclusion, InspectionState, OperatorKind};

fn summary() -> InspectionSummary {
    serde_json::from_value(json!({
        "id": id(0x1), "record_no": "LT-20261021-0301", "operator": id(0x0e), "operator_name": "㼆记",
        "operator_kind": "stall", "station": id(0x57), "grid": id(0x9d), "market": null, "checklist": "TD-6/1",
        "started_at": 1, "ended_at": 2, "day": "2026-10-21", "conclusion": "nonconforming",
        "graded": {"letter": null, "reasons": [], "permille": null, "capped": false, "explain": []},
        "score_permille": 700, "answers": [["TD1.1", "fail"], ["TD1.2", "pass"]],
        "failed": [{"item": "TD1.1", "problem": "未亮证", "measure": "on_site", "deadline": null}],
        "inspectors": [], "state": "returned", "version": Digest::of(b"1"), "signed_change": Digest::of(b"1"),
        "body": Digest::of(b"b"), "log": log_id(),
        "open": [{"item": "TD1.1", "reason": "照片看不清"}, {"item": "TD1.2", "reason": "请核对"}],
        "review": id(0x4e), "reviewer_name": "所长甲", "amendments": 0, "flags": [], "photos": ["aa"],
        "received_at": 3, "future": "kept"
    }))
    .unwrap()
}

fn amendment(items: Value) -> Amendment {
    serde_json::from_value(json!({
        "id": id(0xa3), "inspection": id(0x1), "parent": Digest::of(b"1").to_hex(), "review": id(0x4e),
        "reason": "重拍", "items": items, "photos": [], "inspectors": [], "signatures": [],
        "party_signature": null, "at": reading()
    }))
    .unwrap()
}

#[test]
fn the_record_leaves_returned_only_when_nothing_is_open() {
    let mended = json!({"item": "TD1.1", "old_answer": "fail", "new_answer": "pass", "old_finding": null,
        "new_finding": null});
    let other = json!({"item": "TD1.2", "old_answer": "pass", "new_answer": "fail", "old_finding": null,
        "new_finding": {"id": id(0xf), "item": "TD1.2", "problem": "过期"}});
    let first = amended(
        &summary(),
        Digest::of(b"2"),
        &amendment(json!([mended])),
        None,
    );
    assert_eq!(
        (first.state, first.open.len(), first.amendments),
        (InspectionState::Returned, 1, 1)
    );
    assert!(first.failed.is_empty());
    assert_eq!(first.answers[0].1, Answer::Pass);
    assert_eq!(first.version, Digest::of(b"2"));
    assert_eq!(
        first.signed_change,
        Digest::of(b"1"),
        "the signed version stays named"
    );

    let second = amended(&first, Digest::of(b"3"), &amendment(json!([other])), None);
    assert_eq!(
        (second.state, second.amendments),
        (InspectionState::Amended, 2)
    );
    assert_eq!(second.failed.len(), 1);
    assert_eq!(second.extra["future"], json!("kept"));
}

#[test]
fn an_erased_record_keeps_its_number_and_nothing_anybody_wrote() {
    let by = Erasure {
        rule: "inspection".to_owned(),
        rule_text: "五年".to_owned(),
        order: "1号".to_owned(),
        by_name: "管理员甲".to_owned(),
        at: xunji_domain::time::Millis(9),
        change: Digest::of(b"e"),
    };
    let left = erased(&summary(), by.clone());
    assert_eq!(left.record_no, summary().record_no);
    assert_eq!(
        (left.day, left.conclusion, left.version),
        (summary().day, summary().conclusion, summary().version)
    );
    let text = serde_json::to_string(&left).unwrap();
    for gone in [
        "㼆记",
        "TD1.1",
        "未亮证",
        "照片看不清",
        "所长甲",
        "\"aa\"",
        "kept",
    ] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    assert_eq!(erased(&left, by), left, "twice is once");
    assert!(
        !serde_json::to_string(&summary())
            .unwrap()
            .contains("erased")
    );
}

/// All conform, and the inspectors concluded otherwise, for a reason of their own.
fn concluded_otherwise() -> InspectionSummary {
    let list = for_kind(OperatorKind::Stall).unwrap();
    let answers = list.items.iter().map(|i| (i.code.clone(), Answer::Pass));
    InspectionSummary {
        answers: answers.collect(),
        failed: Vec::new(),
        conclusion: Conclusion::Nonconforming,
        ..summary()
    }
}

#[test]
fn a_conclusion_of_their_own_outlives_an_amendment_that_leaves_the_suggestion() {
    let list = for_kind(OperatorKind::Stall);
    let reworded = json!({"item": "TD1.1", "old_answer": "pass", "new_answer": "pass", "old_finding": null,
        "new_finding": null});
    let next = amended(
        &concluded_otherwise(),
        Digest::of(b"2"),
        &amendment(json!([reworded])),
        list,
    );
    assert_eq!(next.conclusion, Conclusion::Nonconforming);
    let failing = json!({"item": "TD1.2", "old_answer": "pass", "new_answer": "fail", "old_finding": null,
        "new_finding": {"id": id(0xf), "item": "TD1.2", "problem": "过期"}});
    let conforming = InspectionSummary {
        conclusion: Conclusion::Conforming,
        ..concluded_otherwise()
    };
    let next = amended(
        &conforming,
        Digest::of(b"2"),
        &amendment(json!([failing])),
        list,
    );
    assert_ne!(
        next.conclusion,
        Conclusion::Conforming,
        "another suggestion takes its place"
    );
}
