//! Golden bytes of the copies of drafts, and what is not taken for one.

use super::golden::wire;
use super::*;
use crate::canonical::canonical_bytes;
use crate::frame::{BODY, FrameWriter, HEADER};
use crate::kinds::DraftTakenOver;
use crate::limits::MAX_DRAFT_COPY;
use crate::steps::drafts::{
    CopyBody, CopyError, CopyHead, CopyKept, EarlyNote, FetchRequest, Offer, Offers, OffersRequest,
    Taken, read_copy, write_copy,
};
use xunji_domain::ids::{InspectionId, StationId};
use xunji_domain::inspection::{AnswerRow, ChecklistRef, Reading};
use xunji_domain::words::{Answer, AnsweredBy, OperatorKind};

fn body() -> CopyBody {
    CopyBody {
        operator: serde_json::from_value(operator()).unwrap(),
        checklist: ChecklistRef {
            id: "TD-6".to_owned(),
            version: 1,
            digest: "d".repeat(64),
        },
        station: StationId(id(0x57)),
        market: None,
        started_at: reading(),
        position: None,
        notice_given: true,
        not_inspected: None,
        conclusion: None,
        conclusion_reason: String::new(),
        party_opinion: String::new(),
        inspectors: Vec::new(),
        answers: vec![AnswerRow {
            item: "LICENCE1.1".into(),
            answer: Answer::Pass,
            note: "亮在摊前".to_owned(),
            readings: Vec::new(),
            shown_ms: 1200,
            answered_by: AnsweredBy::Card,
            at: reading(),
        }],
        findings: Vec::new(),
        early: vec![EarlyNote {
            item: "CLEAN1.1".into(),
            note: String::new(),
            readings: vec![Reading {
                key: "cold_store".to_owned(),
                value: "-12.5".to_owned(),
            }],
        }],
        licences: Vec::new(),
        photos: Vec::new(),
        extra: Map::new(),
    }
}

fn head(body: &[u8]) -> CopyHead {
    CopyHead {
        inspection: InspectionId(id(0x15)),
        log: log_id(),
        version: 7,
        author: PersonId(id(0xa)),
        author_name: "检查员甲".to_owned(),
        inspectors: vec![PersonId(id(0xa)), PersonId(id(0xb))],
        captured_at: reading(),
        digest: Digest::of(body),
        operator_name: "㼆记𠮷祥饼铺".to_owned(),
        operator_kind: OperatorKind::Stall,
        record_no: "LT-20251021-0301".to_owned(),
        started_at: Millis(1_761_000_000_000),
        answered: 1,
        total: 27,
        photos: 2,
        extra: Map::from_iter([("later".to_owned(), json!("kept"))]),
    }
}

fn copy() -> Vec<u8> {
    let body = canonical_bytes(&body()).unwrap();
    write_copy(&head(&body), &body).unwrap()
}

#[test]
fn copy_on_the_wire() {
    insta::assert_snapshot!(String::from_utf8(copy()).unwrap());
}

#[test]
fn questions_and_answers() {
    let (inspection, log) = (InspectionId(id(0x15)), log_id());
    let kept = CopyKept {
        version: 7,
        digest: Digest::of(b"draft"),
        stored_at: Millis(1_761_000_100_000),
    };
    let offers = Offers {
        drafts: vec![Offer {
            head: head(b"draft"),
            stored_at: Millis(1_761_000_100_000),
        }],
        taken: vec![Taken {
            inspection,
            by_name: "检查员丙".to_owned(),
            at: Millis(1_761_000_200_000),
        }],
    };
    let taken_over = DraftTakenOver {
        inspection,
        record_no: "LT-20251021-0301".to_owned(),
        from_log: log,
        from_version: 7,
        from_digest: Digest::of(b"draft"),
        from_author: PersonId(id(0xa)),
        from_author_name: "检查员甲".to_owned(),
        taker: PersonId(id(0xc)),
        taker_name: "检查员丙".to_owned(),
        photos_left: 2,
    };
    let lines = [
        wire(&kept),
        wire(&OffersRequest {}),
        wire(&offers),
        wire(&FetchRequest { inspection, log }),
        wire(&taken_over),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_copy_is_read_whole_with_its_exact_bytes_or_not_at_all() {
    let whole = copy();
    let read = read_copy(&whole).unwrap();
    assert_eq!(read.to_frame().unwrap(), whole);
    assert_eq!(
        serde_json::from_slice::<CopyBody>(&read.body).unwrap(),
        body()
    );
    for cut in 0..whole.len() {
        assert!(read_copy(&whole[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn what_does_not_match_its_head_is_not_a_copy() {
    let framed = |head: &CopyHead, body: &[u8]| {
        let mut frame = FrameWriter::default();
        frame.line(HEADER, &serde_json::to_vec(head).unwrap());
        frame.line(BODY, body);
        frame.finish(json!({})).unwrap()
    };
    let mut zero = head(b"{}");
    zero.version = 0;
    for wrong in [framed(&head(b"{}"), b"[]"), framed(&zero, b"{}")] {
        assert!(matches!(read_copy(&wrong), Err(CopyError::Malformed(_))));
    }
    let long = vec![b'1'; MAX_DRAFT_COPY + 1];
    assert!(matches!(
        write_copy(&head(&long), &long),
        Err(CopyError::TooLarge)
    ));
    assert!(matches!(
        read_copy(&framed(&head(&long), &long)),
        Err(CopyError::TooLarge)
    ));
}
