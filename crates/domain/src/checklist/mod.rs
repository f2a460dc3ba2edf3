//! Checklists (检查表) as data: the built-in editions, their sections and items. An inspection keeps
//! the edition it was filled with; a new edition never touches an old draft.
//!
//! Item codes are for ever; labels and texts may change with a new version.

mod basis;
mod load;
#[cfg(test)]
mod tests;

pub use basis::{Basis, BasisTag, Law, basis_text, printed_bases};
pub use load::{ChecklistError, all, by_edition, edition, for_kind, parse};

use crate::licence::LicenceKind;
use crate::words::{OperatorKind, Severity, words};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The code of one item, such as `CY1.1`. Never reused, never renamed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export_to = "domain.ts")]
pub struct ItemCode(pub String);

impl ItemCode {
    /// Wraps a code as written in a checklist.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ItemCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for ItemCode {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

/// One edition of one checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Checklist {
    /// Id, such as `XCY-6`.
    pub id: String,
    /// Version, from 1.
    pub version: u32,
    /// Province as the first two digits of GB/T 2260, `37` for Shandong.
    pub province: String,
    /// First day on which this edition may be used.
    #[ts(type = "string")]
    pub effective_from: NaiveDate,
    /// Whom it checks.
    pub operator_kind: OperatorKind,
    /// Chinese name, such as `小餐饮 六项标准`.
    pub name: String,
    /// Sections in the order in which they are filled.
    pub sections: Vec<Section>,
    /// Items in the order in which they are filled.
    pub items: Vec<Item>,
    /// SHA-256 of the TOML bytes this edition was read from, lower-case hex; set by `parse`.
    #[serde(default)]
    pub digest: String,
}

impl Checklist {
    /// SHA-256 of the TOML bytes, lower-case hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The item with a code.
    pub fn item(&self, code: &ItemCode) -> Option<&Item> {
        self.items.iter().find(|item| &item.code == code)
    }

    /// The items of one section, in order.
    pub fn items_of(&self, section: SectionKey) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(move |item| item.section == section)
    }

    /// The label a section has in this checklist.
    pub fn section_label(&self, key: SectionKey) -> Option<&str> {
        self.sections
            .iter()
            .find(|section| section.key == key)
            .map(|section| section.label.as_str())
    }
}

/// The stable key of a section. Order and label belong to the checklist: 单据留存 and 原料公示 stand the
/// other way round for stalls, and 场所清洁 is third for workshops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[ts(export_to = "domain.ts")]
pub enum SectionKey {
    /// 亮证经营.
    Licence,
    /// 安全承诺.
    Pledge,
    /// 单据留存.
    Receipts,
    /// 原料公示.
    IngredientsPosted,
    /// 原料查验.
    IngredientCheck,
    /// 操作规范.
    Operation,
    /// 检验验证.
    Testing,
    /// 标签合规.
    Label,
    /// (厨房)场所清洁.
    Clean,
}

/// One section (部分) of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Section {
    /// Stable key.
    pub key: SectionKey,
    /// Chinese label in this checklist.
    pub label: String,
}

/// One item (检查项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Item {
    /// Code, such as `CY1.1`.
    pub code: ItemCode,
    /// The section it stands in.
    pub section: SectionKey,
    /// What is checked (检查内容).
    pub text: String,
    /// How heavy it weighs.
    pub severity: Severity,
    /// What the item asks to be recorded. It asks, it does not block.
    pub evidence: Vec<EvidenceRule>,
    /// Numbers the card asks for.
    #[serde(default)]
    pub readings: Vec<Reading>,
    /// Licences that can be taken down at this item.
    #[serde(default)]
    pub licences: Vec<LicenceKind>,
    /// Legal basis.
    pub basis: Vec<Basis>,
    /// Common problem phrases (常用语), the project's own wording.
    #[serde(default)]
    pub phrases: Vec<String>,
}

impl Item {
    /// Whether the evidence rule names a kind.
    pub fn asks(&self, kind: EvidenceKind) -> bool {
        self.evidence.iter().any(|rule| rule.kind == kind)
    }
}

words!(/// What kind of evidence an item asks for.
EvidenceKind {
    /// 图: a quiet camera hint on the card.
    Photo = "照片",
    /// 图✗: the photo that signing asks for when the item failed.
    PhotoOnFail = "不符合时照片",
    /// 证: certificate fields.
    Licence = "证照信息",
    /// 数: numbers, see the item's readings.
    Number = "数值",
    /// 文: text.
    Text = "文字",
    /// 签: signature.
    Signature = "签名",
    /// 测: quick test.
    QuickTest = "快检",
    /// 位置: where it was.
    Position = "位置",
    /// 引用: another checklist says how.
    Reference = "引用",
});

/// One line of an item's evidence rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct EvidenceRule {
    /// What is asked for.
    pub kind: EvidenceKind,
    /// What exactly, such as `在岗/持证`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A number the card asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Reading {
    /// Stable key inside the item.
    pub key: String,
    /// Chinese label.
    pub label: String,
    /// Unit: `人`, `℃`, `天`; `年月日` for a day, written as eight digits.
    pub unit: String,
}
