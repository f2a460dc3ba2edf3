//! Records for tests, made by the rules of the trade: what a phone would sign and send. Pure.

use std::collections::BTreeMap;
use uuid::Uuid;
use xunji_domain::checklist::{Checklist, ItemCode, for_kind};
use xunji_domain::conclusion::{ConclusionRule, from_score};
use xunji_domain::county::{DemoCounty, MAIN_STATION};
use xunji_domain::grading::{GradeContext, grade};
use xunji_domain::ids::{AmendmentId, FindingId, InspectionId, OperatorId, ReviewId, StationId};
use xunji_domain::inspection::{
    Amendment, AnswerRow, ChecklistRef, Finding, InspectionContent, InspectorOnRecord, ItemChange,
    OperatorSnapshot, Party, Signature, SignedInspection, Stroke,
};
use xunji_domain::operator::{Operator, OperatorStatus};
use xunji_domain::org::Person;
use xunji_domain::scoring::score;
use xunji_domain::time::{ClockReading, Millis};
use xunji_domain::words::{Answer, AnsweredBy, Measure, OperatorKind};
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::digest::Digest;

/// 2026-10-25 06:00 in China: 柳汀大集 is held.
pub const MORNING: i64 = 1_792_879_200_000;

/// The demo county on that day.
pub fn county() -> DemoCounty {
    DemoCounty::on(chrono::NaiveDate::from_ymd_opt(2026, 10, 25).unwrap()).unwrap()
}

/// The station of the tests.
pub fn station(county: &DemoCounty) -> StationId {
    county.station(MAIN_STATION).unwrap().id
}

/// A person by name.
pub fn person(county: &DemoCounty, name: &str) -> Person {
    county.person(name).unwrap().clone()
}

/// An id made from a number.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0199_ffff_0000_7000_8000_0000_0000_0000 + n)
}

/// A clock that reads `minute` minutes after [`MORNING`].
pub fn reading(minute: i64) -> ClockReading {
    ClockReading {
        wall: Millis(MORNING + minute * 60_000),
        zone: 480,
        boottime: minute * 60_000,
        boot: "0".repeat(16),
        server_offset: None,
        server_offset_age: None,
        unlock: None,
    }
}

/// A stall that is not in the register yet; rare characters on its sign.
pub fn stall(county: &DemoCounty, n: u128) -> Operator {
    let station = station(county);
    Operator {
        id: OperatorId(id(n)),
        kind: OperatorKind::Stall,
        name: format!("老井㼆𠮷煎饼{n}"),
        owner: "谷小满".to_owned(),
        phone: "13800138000".to_owned(),
        address: "柳汀大集东头".to_owned(),
        station,
        grid: county
            .grids
            .iter()
            .find(|g| g.station == station)
            .unwrap()
            .id,
        slot: None,
        varieties: vec!["煎饼馃子".to_owned()],
        status: OperatorStatus::Active,
        licences: Vec::new(),
        demo: true,
        extra: serde_json::Map::new(),
    }
}

/// A visit to an operator by 检查员甲 and 检查员乙; `failed` items fail, the others conform.
pub fn visit(
    county: &DemoCounty,
    operator: &Operator,
    n: u128,
    failed: &[&str],
) -> InspectionContent {
    let list = for_kind(operator.kind).unwrap();
    let failed: Vec<ItemCode> = failed.iter().map(|code| ItemCode::from(*code)).collect();
    let answers: Vec<AnswerRow> = list
        .items
        .iter()
        .map(|item| answer(&item.code, &failed))
        .collect();
    let findings = (0..)
        .zip(&failed)
        .map(|(i, item)| finding(item, n * 100 + i))
        .collect();
    let mut content = InspectionContent {
        id: InspectionId(id(n)),
        record_no: format!("LT-20261025-01{n:02}"),
        operator: OperatorSnapshot {
            operator: operator.clone(),
        },
        operator_id: operator.id,
        station: operator.station,
        grid: operator.grid,
        market: None,
        checklist: ChecklistRef {
            id: list.id.clone(),
            version: list.version,
            digest: list.digest.clone(),
        },
        started_at: reading(5),
        ended_at: Some(reading(25)),
        zone: 480,
        position: None,
        notice_given: true,
        not_inspected: None,
        answers,
        findings,
        photos: Vec::new(),
        licences: Vec::new(),
        inspectors: ["检查员甲", "检查员乙"]
            .map(|name| on_record(&person(county, name)))
            .to_vec(),
        score: None,
        concluded: None,
        conclusion: None,
        conclusion_reason: String::new(),
        graded: None,
        party_opinion: String::new(),
        extra: serde_json::Map::new(),
    };
    conclude(&mut content, list);
    content
}

/// All signatures under a record.
pub fn sign(content: InspectionContent) -> SignedInspection {
    let document = Digest::of(&canonical_bytes(&content).unwrap()).to_hex();
    let signature = Signature {
        strokes: vec![Stroke(vec![100, 100, 5, 5, 9, -3])],
        document,
        at: reading(26),
    };
    SignedInspection {
        inspector_signatures: content
            .inspectors
            .iter()
            .map(|_| signature.clone())
            .collect(),
        party: Party::Signed {
            name: "谷小满".to_owned(),
            relation: "经营者本人".to_owned(),
            signature,
        },
        content,
    }
}

/// An amendment of one item that failed and now conforms.
pub fn amendment(
    content: &InspectionContent,
    n: u128,
    parent: Digest,
    review: Option<ReviewId>,
    item: &str,
) -> Amendment {
    let item = ItemCode::from(item);
    let old_finding = content.findings.iter().find(|f| f.item == item).cloned();
    sign_amendment(Amendment {
        id: AmendmentId(id(n)),
        inspection: content.id,
        parent: parent.to_hex(),
        review,
        reason: "现场复核，已改正".to_owned(),
        items: vec![ItemChange {
            item,
            old_answer: Answer::Fail,
            new_answer: Answer::Pass,
            old_finding,
            new_finding: None,
            added_photos: Vec::new(),
        }],
        photos: Vec::new(),
        inspectors: content.inspectors.clone(),
        signatures: Vec::new(),
        party_signature: None,
        at: reading(90),
        extra: serde_json::Map::new(),
    })
}

/// Both inspectors sign an amendment as it stands.
pub fn sign_amendment(mut amendment: Amendment) -> Amendment {
    amendment.signatures.clear();
    let signature = Signature {
        strokes: Vec::new(),
        document: Digest::of(&canonical_bytes(&amendment).unwrap()).to_hex(),
        at: reading(90),
    };
    amendment.signatures = vec![signature.clone(), signature];
    amendment
}

fn conclude(content: &mut InspectionContent, list: &Checklist) {
    let answers: BTreeMap<ItemCode, Answer> = content
        .answers
        .iter()
        .map(|a| (a.item.clone(), a.answer))
        .collect();
    let scored = score(list, &answers);
    let concluded = from_score(&scored, &ConclusionRule::default());
    let on = content.started_at.wall.date(480).unwrap();
    content.graded = Some(grade(
        &scored,
        &GradeContext {
            on,
            licence_from: None,
            last_accident: None,
        },
    ));
    content.conclusion = Some(concluded.conclusion);
    content.concluded = Some(concluded);
    content.score = Some(scored);
}

fn answer(item: &ItemCode, failed: &[ItemCode]) -> AnswerRow {
    AnswerRow {
        item: item.clone(),
        answer: if failed.contains(item) {
            Answer::Fail
        } else {
            Answer::Pass
        },
        note: String::new(),
        readings: Vec::new(),
        shown_ms: 1_500,
        answered_by: AnsweredBy::Card,
        at: reading(10),
    }
}

fn finding(item: &ItemCode, n: u128) -> Finding {
    Finding {
        id: FindingId(id(n)),
        item: item.clone(),
        problem: "未按要求公示".to_owned(),
        measure: Some(Measure::OnSite),
        deadline: None,
        no_photo_reason: "摊主正在营业，当场改正".to_owned(),
    }
}

fn on_record(person: &Person) -> InspectorOnRecord {
    InspectorOnRecord {
        person: person.id,
        name: person.name.clone(),
        card_no: person.card_no.clone().unwrap(),
        card_valid_to: person.card_valid_to,
    }
}
