//! Records as they are listed and opened.

use super::PositionView;
use serde::Serialize;
use serde_json::Value;
use xunji_domain::trace::VisitTrace;
use xunji_domain::words::{Conclusion, OperatorKind};

/// Received of total; received means a receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Count {
    /// With a receipt.
    #[ts(type = "number")]
    pub received: u64,
    /// All.
    #[ts(type = "number")]
    pub total: u64,
}

/// One line of a list of records.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct RecordRow {
    /// Id.
    pub id: String,
    /// Record number.
    pub record_no: String,
    /// Name as signed.
    pub operator_name: String,
    /// Kind as signed.
    pub kind: OperatorKind,
    /// Code of the state.
    pub state: String,
    /// 已签, 退回 …
    pub state_text: String,
    /// What is to be said beside the state; empty when the server has it as it stands here.
    pub mark_text: String,
    /// `2026-10-21`.
    pub day_text: String,
    /// `06:05`.
    pub time_text: String,
    /// Conclusion that stands.
    pub conclusion: Option<Conclusion>,
    /// `A`, `B`, `C`; `None` is 不评级.
    pub grade: Option<String>,
    /// Items sent back.
    #[ts(type = "{ item: string, reason: string }[]")]
    pub open: Vec<Value>,
    /// No verdict has come back.
    pub unsent: bool,
    /// Originals; for records of others all count as received.
    pub photos: Count,
    /// Signed on this phone.
    pub mine: bool,
}

/// A page of a list of records.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct RecordList {
    /// How many records the list has.
    pub total: usize,
    /// The page, the latest first.
    pub rows: Vec<RecordRow>,
}

/// One version of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct VersionView {
    /// Hash of the change that made it.
    pub hash: String,
    /// `2026-10-21 06:05`.
    pub at_text: String,
    /// 现场签字, 补正 with its reason.
    pub text: String,
}

/// A record, opened.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct RecordView {
    /// As in the list.
    pub row: RecordRow,
    /// The summary as it stands.
    #[ts(type = "Record<string, unknown>")]
    pub summary: Value,
    /// The content as signed, where its body is on this phone.
    #[ts(type = "Record<string, unknown> | null")]
    pub content: Value,
    /// The content with the amendments of this phone applied.
    #[ts(type = "Record<string, unknown> | null")]
    pub present: Value,
    /// Where the visit began; `None` where its body is not on this phone.
    pub position: Option<PositionView>,
    /// Versions known here, the first one first.
    pub versions: Vec<VersionView>,
    /// Items sent back.
    #[ts(type = "{ item: string, reason: string }[]")]
    pub open: Vec<Value>,
    /// 检纹: a bar per item; empty where it is not known how the answers were given.
    pub trace: VisitTrace,
    /// Amendments made on this phone.
    #[ts(type = "Record<string, unknown>[]")]
    pub amendments: Vec<Value>,
    /// Why it is empty, when it was erased by a rule.
    pub erased_text: Option<String>,
    /// Whether the bytes kept here are those that were signed.
    pub integrity_note: String,
    /// Who unlocked the phone.
    pub unlock_text: String,
}
