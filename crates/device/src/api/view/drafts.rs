//! The inspection in work.

use super::{PersonView, PhotoView, PositionView};
use crate::store::local::early::Early;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use xunji_domain::conclusion::Concluded;
use xunji_domain::grading::Graded;
use xunji_domain::inspection::{AnswerRow, Finding, Stroke};
use xunji_domain::score_table::ScoreLine;
use xunji_domain::scoring::Score;
use xunji_domain::words::{Conclusion, OperatorKind};

/// How far a section is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct SectionProgress {
    /// Key of the section.
    pub section: String,
    /// Items with an answer.
    pub answered: usize,
    /// Items.
    pub total: usize,
}

/// How far the checklist is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Progress {
    /// Items with an answer.
    pub answered: usize,
    /// Items.
    pub total: usize,
    /// The same by section.
    pub by_section: Vec<SectionProgress>,
}

/// What stands in the way of signing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct BlockerView {
    /// Code.
    pub code: String,
    /// The item, where it is about one.
    pub item: Option<String>,
    /// What the item lacks: `problem`, `measure`, `deadline`, `photo`; only for `finding_incomplete`.
    pub missing: Option<String>,
    /// For people.
    pub sentence: String,
}

/// What a visit is held to and reminded of.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct VisitRules {
    /// What failed on the last visit: item, problem, measure, deadline.
    #[ts(type = "Record<string, unknown>[]")]
    pub last_failed: Vec<Value>,
    /// When the inspectors are here again.
    pub next_market: Option<NextMarket>,
    /// 按部分确认; `null` while the bureau has not switched it on.
    pub confirm: Option<ConfirmRules>,
}

/// The next market day near an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct NextMarket {
    /// `2026-10-26`.
    pub day: String,
    /// 柳汀大集.
    pub name: String,
}

/// What may be confirmed with its section on this visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ConfirmRules {
    /// Items that are answered alone, and why: 关键项, 数值项, 上次不符合, 抽中项.
    pub alone: BTreeMap<String, String>,
    /// Milliseconds each item has to be on the screen.
    pub reading_ms: BTreeMap<String, i64>,
}

/// Who has signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct SignatureView {
    /// Person id, or `party`.
    pub signer: String,
    /// `06:30`.
    pub at_text: String,
    /// Pen lines, `[x0, y0, dx, dy, …]` in thousandths of the pad's width.
    #[ts(type = "number[][]")]
    pub strokes: Vec<Stroke>,
}

/// How the inspected party stands on the record so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct PartyView {
    /// `signed`, `refused` or `absent`.
    pub kind: String,
    /// For people.
    pub text: String,
}

/// A certificate: as known, and as checked on this visit.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct LicenceRow {
    /// Code of the kind.
    pub kind: String,
    /// 食品摊点信息公示卡 …
    pub kind_text: String,
    /// As the register has it.
    #[ts(type = "Record<string, unknown> | null")]
    pub known: Value,
    /// As checked.
    #[ts(type = "Record<string, unknown> | null")]
    pub check: Value,
    /// 有效期至 …
    pub text: String,
}

/// The inspection in work, whole.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct DraftView {
    /// Id.
    pub id: String,
    /// Record number.
    pub record_no: String,
    /// The operator as it was at the start.
    #[ts(type = "Record<string, unknown>")]
    pub operator: Value,
    /// Checklist.
    pub checklist_id: String,
    /// Its version.
    pub checklist_version: u32,
    /// `06:05`.
    pub started_text: String,
    /// Answers by item.
    #[ts(type = "Record<string, Record<string, unknown>>")]
    pub answers: BTreeMap<String, AnswerRow>,
    /// Findings by item, also those of items that no longer fail.
    #[ts(type = "Record<string, Record<string, unknown>>")]
    pub findings: BTreeMap<String, Finding>,
    /// Notes and numbers of items without an answer, by item.
    #[ts(type = "Record<string, Record<string, unknown>>")]
    pub early: BTreeMap<String, Early>,
    /// Photos.
    pub photos: Vec<PhotoView>,
    /// Certificates.
    pub licences: Vec<LicenceRow>,
    /// Inspectors.
    pub inspectors: Vec<PersonView>,
    /// 已出示执法证件并告知.
    pub notice_given: bool,
    /// 未能检查, with its reason.
    pub not_inspected: Option<String>,
    /// Score with its arithmetic.
    pub score: Score,
    /// The same as a table, one line per severity.
    pub score_table: Vec<ScoreLine>,
    /// Suggestion with its arithmetic.
    pub concluded: Concluded,
    /// Chosen by the inspector; `None` lets the suggestion stand.
    pub conclusion: Option<Conclusion>,
    /// Why it differs.
    pub conclusion_reason: String,
    /// Grade with its arithmetic.
    pub graded: Graded,
    /// Opinion of the inspected party.
    pub party_opinion: String,
    /// The inspected party.
    pub party: Option<PartyView>,
    /// What stands in the way of signing.
    pub blockers: Vec<BlockerView>,
    /// Who has signed.
    pub signatures: Vec<SignatureView>,
    /// This write voided signatures that were there.
    pub signatures_voided: bool,
    /// Hash of the content the signatures name; `None` before the first.
    pub document: Option<String>,
    /// How far the checklist is.
    pub progress: Progress,
    /// The change that made it final.
    pub signed_change: Option<String>,
    /// Where it began.
    pub position: PositionView,
}

/// What one tap changed.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct DraftDelta {
    /// The answer as it stands now.
    #[ts(type = "Record<string, unknown> | null")]
    pub answer: Option<AnswerRow>,
    /// The finding as it stands now.
    #[ts(type = "Record<string, unknown> | null")]
    pub finding: Option<Finding>,
    /// What was noted and read there before an answer.
    #[ts(type = "Record<string, unknown> | null")]
    pub early: Option<Early>,
    /// How far the checklist is.
    pub progress: Progress,
    /// Score.
    pub score: Score,
    /// How many blockers are left.
    pub blockers_count: usize,
    /// What answered items still lack.
    pub gaps: Vec<BlockerView>,
    /// This write voided signatures that were there.
    pub signatures_voided: bool,
}

/// A record that is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Finished {
    /// Record number.
    pub record_no: String,
    /// Hash of the change.
    pub hash: String,
    /// What is still on this phone alone.
    pub unsent: super::SyncSummary,
}

/// One line of 草稿.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct DraftRowView {
    /// Id.
    pub id: String,
    /// Name.
    pub operator_name: String,
    /// Kind.
    pub kind: OperatorKind,
    /// Items with an answer.
    pub answered: u32,
    /// Items.
    pub total: u32,
    /// `06:05`, with the day when it is another.
    pub started_text: String,
    /// `06:55`: when the last answer was committed; empty before the first.
    pub saved_text: String,
    /// The page to open.
    pub page: Option<String>,
    /// `06:56`: when the server got the copy of the draft as it stands; empty while it has none.
    pub copied_text: String,
    /// It is too large to be copied.
    pub too_large: bool,
    /// `检查员丙 07:10`: who goes on with it on another phone; empty when nobody does.
    pub taken_text: String,
}

/// Drafts of other phones that can be gone on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct OfferedDrafts {
    /// The server has been asked since this program was started.
    pub asked: bool,
    /// Those of today's people first.
    pub drafts: Vec<OfferedDraftView>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct OfferedDraftView {
    /// The visit.
    pub inspection: String,
    /// The log of the phone it is on.
    pub log: String,
    /// Name of the operator.
    pub operator_name: String,
    /// Its kind.
    pub kind: OperatorKind,
    /// Record number.
    pub record_no: String,
    /// Whose draft it is.
    pub author_name: String,
    /// One of today's people stands on it.
    pub own: bool,
    /// Items with an answer.
    pub answered: u32,
    /// Items.
    pub total: u32,
    /// Photos that stay on the other phone.
    pub photos: u32,
    /// When the visit began: `06:05`, with the day when it is another.
    pub started_text: String,
    /// When the copy came to the server, written the same.
    pub copied_text: String,
}

/// A draft that goes on here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct TakenOver {
    /// The draft.
    pub id: String,
    /// Record number, as on the other phone.
    pub record_no: String,
    /// Photos that stayed on the other phone.
    pub photos_left: u32,
}
