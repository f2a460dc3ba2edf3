//! A record that nothing is to be said of, for tests to change in one place.

use crate::checklist::for_kind;
use crate::ids::{GridId, InspectionId, OperatorId, PersonId, StationId};
use crate::inspection::{
    AnswerRow, ChecklistRef, InspectionContent, InspectorOnRecord, OperatorSnapshot, Party,
    PhotoOrigin, PhotoPurpose, PhotoRef, Signature,
};
use crate::operator::{Operator, OperatorStatus};
use crate::signals::{Known, Record, Signal, SignalCode, Visit, signals};
use crate::time::{ClockReading, Millis};
use crate::words::{Answer, AnsweredBy, Conclusion, InspectionState, OperatorKind};
use chrono::NaiveDate;
use uuid::Uuid;

/// 2026-10-14 06:30 in China.
pub const START: i64 = 1_791_930_600_000;
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 14).unwrap()
}

pub fn reading(after_s: i64) -> ClockReading {
    ClockReading {
        wall: Millis(START + after_s * 1000),
        zone: 480,
        boottime: 50_000 + after_s * 1000,
        boot: "one".to_owned(),
        server_offset: None,
        server_offset_age: None,
        unlock: None,
    }
}

/// What a case changes.
#[derive(Clone)]
pub struct Case {
    pub content: InspectionContent,
    pub party: Option<Party>,
    pub conclusion: Conclusion,
    pub state: InspectionState,
    pub received_after_s: i64,
    pub after_report: bool,
    pub raised: Vec<SignalCode>,
    pub visits: Vec<Visit>,
}

impl Case {
    /// A stall of 35 items, 16 minutes, all 符合, looked at for 6 to 30 seconds each.
    pub fn quiet() -> Self {
        Self {
            content: content(),
            party: Some(Party::Signed {
                name: "谷小满".to_owned(),
                relation: "经营者本人".to_owned(),
                signature: Signature {
                    strokes: Vec::new(),
                    document: String::new(),
                    at: reading(970),
                },
            }),
            conclusion: Conclusion::Conforming,
            state: InspectionState::Signed,
            received_after_s: 3 * 3600,
            after_report: false,
            raised: Vec::new(),
            visits: Vec::new(),
        }
    }

    pub fn taking(mut self, seconds: i64) -> Self {
        self.content.ended_at = Some(reading(seconds));
        for row in &mut self.content.answers {
            row.at = reading(seconds.min(300));
        }
        self
    }

    pub fn answering(mut self, n: usize, answer: Answer) -> Self {
        self.content.answers[n].answer = answer;
        self
    }

    pub fn record(&self) -> Record<'_> {
        Record {
            content: &self.content,
            party: self.party.as_ref(),
            day: day(),
            conclusion: self.conclusion,
            state: self.state,
            amendments: 1,
            received_at: reading(self.received_after_s).wall,
            after_report: self.after_report,
            raised: &self.raised,
        }
    }

    pub fn signals(&self) -> Vec<Signal> {
        self.with(Known::default())
    }

    pub fn with(&self, known: Known<'_>) -> Vec<Signal> {
        signals(
            &self.record(),
            &Known {
                visits: &self.visits,
                ..known
            },
        )
    }

    pub fn codes(&self) -> Vec<SignalCode> {
        self.signals().iter().map(|s| s.code).collect()
    }
}

fn content() -> InspectionContent {
    let list = for_kind(OperatorKind::Stall).unwrap();
    let answers = list.items.iter().zip(0_i64..).map(|(item, n)| AnswerRow {
        item: item.code.clone(),
        answer: Answer::Pass,
        note: String::new(),
        readings: Vec::new(),
        shown_ms: 6_000 + n * 7_919 % 24_000,
        answered_by: AnsweredBy::Card,
        at: reading(20 + n * 25),
    });
    InspectionContent {
        id: InspectionId(Uuid::from_u128(1)),
        record_no: "LT-20261014-0101".to_owned(),
        operator: OperatorSnapshot {
            operator: operator(),
        },
        operator_id: OperatorId(Uuid::from_u128(2)),
        station: StationId(Uuid::from_u128(3)),
        grid: GridId(Uuid::from_u128(4)),
        market: None,
        checklist: ChecklistRef {
            id: list.id.clone(),
            version: list.version,
            digest: list.digest.clone(),
        },
        started_at: reading(0),
        ended_at: Some(reading(960)),
        zone: 480,
        position: None,
        notice_given: true,
        not_inspected: None,
        answers: answers.collect(),
        findings: Vec::new(),
        photos: Vec::new(),
        licences: Vec::new(),
        inspectors: vec![inspector("检查员丙", 11), inspector("检查员丁", 12)],
        score: None,
        concluded: None,
        conclusion: Some(Conclusion::Conforming),
        conclusion_reason: String::new(),
        graded: None,
        party_opinion: String::new(),
        extra: serde_json::Map::new(),
    }
}

fn operator() -> Operator {
    Operator {
        id: OperatorId(Uuid::from_u128(2)),
        kind: OperatorKind::Stall,
        name: "柳汀白露凉皮凉面".to_owned(),
        owner: "白露生".to_owned(),
        phone: String::new(),
        address: String::new(),
        station: StationId(Uuid::from_u128(3)),
        grid: GridId(Uuid::from_u128(4)),
        slot: None,
        varieties: Vec::new(),
        status: OperatorStatus::Active,
        licences: Vec::new(),
        demo: true,
        extra: serde_json::Map::new(),
    }
}

pub fn inspector(name: &str, person: u128) -> InspectorOnRecord {
    InspectorOnRecord {
        person: PersonId(Uuid::from_u128(person)),
        name: name.to_owned(),
        card_no: format!("DEMO-{person:04}"),
        card_valid_to: NaiveDate::from_ymd_opt(2027, 1, 1),
    }
}

pub fn photo(origin: PhotoOrigin, damaged: bool) -> PhotoRef {
    PhotoRef {
        id: crate::ids::PhotoId(Uuid::from_u128(70)),
        sha256: "5d20e7b1".repeat(8),
        size: 3_000_000,
        purpose: PhotoPurpose::Storefront,
        origin,
        damaged,
        at: reading(60),
    }
}

/// An earlier visit of the same team, `days` before, that took so long.
pub fn visit(days: i64, seconds: i64, all_pass: bool) -> Visit {
    Visit {
        id: InspectionId(Uuid::from_u128(1000 + u128::try_from(days).unwrap())),
        station: StationId(Uuid::from_u128(3)),
        kind: OperatorKind::Stall,
        team: vec![PersonId(Uuid::from_u128(11)), PersonId(Uuid::from_u128(12))],
        started_at: Millis(START - days * DAY_MS),
        day: day() - chrono::Duration::days(days),
        seconds,
        inspected: true,
        all_pass,
    }
}
