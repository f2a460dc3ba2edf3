//! The register, markets, checklists, numbers.

use super::{ChecklistBrief, RecordRow, VisitView};
use crate::usecases::standing::Standing;
use serde::Serialize;
use serde_json::Value;
use xunji_domain::checklist::{Item, Section};
use xunji_domain::words::{Conclusion, OperatorKind};

/// The last visit, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct LastVisit {
    /// `2026-10-21`.
    pub day_text: String,
    /// Conclusion.
    pub conclusion: Option<Conclusion>,
    /// Grade.
    pub grade: Option<String>,
}

/// One line of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct OperatorRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OperatorKind,
    /// 经营者.
    pub owner: String,
    /// Market and slot, or address.
    pub place: String,
    /// 有效, 即将到期, 已过期, 未登记证照.
    pub licence_state: String,
    /// The last visit.
    pub last: Option<LastVisit>,
    /// What is worth knowing before going there.
    pub standing: Standing,
    /// The characters of the name that were searched for: where they begin and how many.
    pub hit: Option<(usize, usize)>,
    /// Own writes that the server has not confirmed.
    pub pending: bool,
}

/// A page of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct OperatorList {
    /// How many match.
    pub total: usize,
    /// On the telephone keypad: the keys that still find something; empty otherwise.
    pub next_keys: String,
    /// The page.
    pub rows: Vec<OperatorRow>,
}

/// A field with two values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ConflictView {
    /// The field.
    pub field: String,
    /// For people.
    pub text: String,
}

/// A known certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct LicenceView {
    /// What stands on it.
    #[ts(type = "Record<string, unknown>")]
    pub licence: Value,
    /// 食品摊点信息公示卡 …
    pub kind_text: String,
    /// 有效期至 …
    pub state_text: String,
    /// Days until the last valid day.
    #[ts(type = "number | null")]
    pub days_left: Option<i64>,
}

/// An entry of the register, opened.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct OperatorView {
    /// The entry.
    #[ts(type = "Record<string, unknown>")]
    pub operator: Value,
    /// The last visits, the latest first.
    pub last: Vec<RecordRow>,
    /// The last visit with its 检纹; `None` before the first.
    pub last_visit: Option<VisitView>,
    /// What an inspection of this operator asks.
    pub checklist: Option<ChecklistBrief>,
    /// What is worth knowing before going there.
    pub standing: Standing,
    /// What failed at the last visit.
    #[ts(
        type = "{ item: string, problem: string, measure: string | null, deadline: string | null }[]"
    )]
    pub last_failed: Vec<Value>,
    /// Fields with two values.
    pub conflicts: Vec<ConflictView>,
    /// Known certificates.
    pub licences: Vec<LicenceView>,
    /// Own writes that the server has not confirmed.
    pub pending: bool,
    /// Whether this phone may write it.
    pub editable: bool,
}

/// A market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct MarketView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// When it is held.
    pub text: String,
}

/// One item with its printed basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ChecklistItem {
    /// The item.
    #[serde(flatten)]
    pub item: Item,
    /// Its legal basis as printed.
    pub basis_text: String,
}

/// A checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ChecklistView {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// Name.
    pub name: String,
    /// Whom it checks.
    pub operator_kind: OperatorKind,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Items in order.
    pub items: Vec<ChecklistItem>,
}

/// What a number looks like to its rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct NumberAnswer {
    /// The rule's word.
    #[serde(flatten)]
    pub check: xunji_domain::licence::NumberCheck,
    /// For people; empty when there is nothing to say.
    pub sentence: String,
}
