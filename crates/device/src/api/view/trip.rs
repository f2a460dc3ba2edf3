//! Before and on the way: market days, who is to be seen, what the phone says about itself.

use super::OperatorRow;
use crate::usecases::standing::Tone;
use serde::Serialize;
use xunji_domain::trace::VisitTrace;
use xunji_domain::words::Conclusion;

/// A market day that comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct MarketDay {
    /// Id of the market.
    pub market: String,
    /// 柳汀大集.
    pub name: String,
    /// `2026-10-21`.
    pub date: String,
    /// 九月十二; empty outside the table.
    pub lunar: String,
    /// Days from today; 0 is today.
    pub days: u32,
}

/// Who stands on today's markets.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ToVisit {
    /// Those not seen today, the most pressing first; at most 30.
    pub rows: Vec<OperatorRow>,
    /// Everybody of today's markets.
    pub total: usize,
    /// Seen today.
    pub visited: usize,
}

/// The last visit with its 检纹.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct VisitView {
    /// Id of the record.
    pub id: String,
    /// `2026-10-21`.
    pub day_text: String,
    /// Score in permille; `None` where nothing was applicable.
    #[ts(type = "number | null")]
    pub score_permille: Option<i64>,
    /// Conclusion that stands.
    pub conclusion: Conclusion,
    /// `A`, `B`, `C`; `None` is 不评级.
    pub grade: Option<String>,
    /// Names.
    pub inspectors: Vec<String>,
    /// A bar per item; empty where it is not known how the answers were given.
    pub trace: VisitTrace,
}

/// What the next inspection is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ChecklistBrief {
    /// Name.
    pub name: String,
    /// Items.
    pub items: usize,
    /// Of these 关键项.
    pub critical: usize,
}

/// One line of 出发前检查.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ReadyLine {
    /// `register`, `checklists`, `clock`, `storage`, `unsent` or `cards`.
    pub key: String,
    /// `pass` where nothing is to be done.
    pub tone: Tone,
    /// For people.
    pub text: String,
    /// Beside it; may be empty.
    pub detail: String,
}

/// 出发前检查.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Readiness {
    /// Every line, in a fixed order.
    pub lines: Vec<ReadyLine>,
    /// How many of them ask for a look.
    pub doubts: usize,
}
