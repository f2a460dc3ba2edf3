//! The words of the trade, one identifier per word. Labels are Chinese and may change; the
//! serialised codes are for ever (they stand in signed records).

use serde::{Deserialize, Serialize};

/// Declares a closed vocabulary: variants, their wire codes (snake_case) and their Chinese labels.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
        #[serde(rename_all = "snake_case")]
        #[ts(export_to = "domain.ts")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every variant in the order of the word table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The Chinese word.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
}

words!(/// What kind of 三小 the operator is.
OperatorKind {
    /// 食品摊点: no fixed shop (条例第2条).
    Stall = "食品摊点",
    /// 小餐饮: a fixed shop below the province's area limit (条例第2条).
    SmallRestaurant = "小餐饮",
    /// 食品小作坊: a fixed place of production (条例第2条).
    Workshop = "食品小作坊",
});

words!(/// The inspector's answer to one item. 未检查 is an answer: it needs a reason and gives no grade.
Answer {
    /// 符合.
    Pass = "符合",
    /// 不符合: needs problem, measure, deadline and a photo or the reason why there is none.
    Fail = "不符合",
    /// 不适用 (合理缺项): does not count.
    NotApplicable = "不适用",
    /// 未检查: needs a reason.
    Unchecked = "未检查",
});

words!(/// How heavy an item weighs.
Severity {
    /// 关键项: may directly harm, or the activity is unlawful in itself.
    Critical = "关键项",
    /// 重点项: an important control.
    Major = "重点项",
    /// 一般项.
    Minor = "一般项",
});

words!(/// The result of the check (49号令第31条 asks for one; the numeric rule is a configurable proposal).
Conclusion {
    /// 符合.
    Conforming = "符合",
    /// 基本符合.
    MostlyConforming = "基本符合",
    /// 不符合.
    Nonconforming = "不符合",
    /// 未能检查: closed shop, nobody there.
    NotInspected = "未能检查",
});

words!(/// The stored grade. Faces are a skin and are never stored.
GradeLetter {
    /// 优秀.
    A = "A",
    /// 良好.
    B = "B",
    /// 一般.
    C = "C",
});

words!(/// Where an inspection stands.
InspectionState {
    /// 草稿: on one phone only.
    Draft = "草稿",
    /// 已签: final, waiting for review.
    Signed = "已签",
    /// 已通过.
    Approved = "已通过",
    /// 退回: named items are open for an amendment.
    Returned = "退回",
    /// 已补正: amended, waiting for review again.
    Amended = "已补正",
    /// 作废: kept with its reason.
    Voided = "作废",
});

words!(/// Who may do what. A reviewer is never one of the inspectors of that record.
Role {
    /// 检查员.
    Inspector = "检查员",
    /// 协管员: reports, never signs (条例第33条).
    Assistant = "协管员",
    /// 所长.
    Supervisor = "所长",
    /// 县局.
    Bureau = "县局",
    /// 管理员.
    Administrator = "管理员",
    /// 审计员: reads all, changes nothing.
    Auditor = "审计员",
});

words!(/// How an answer was given; part of the signed record.
AnsweredBy {
    /// Tapped on the item's own card.
    Card = "逐条",
    /// Tapped on the fixed dock.
    Dock = "按键区",
    /// Confirmed with the rest of its section.
    Section = "按部分确认",
});

words!(/// What an inspector orders for a finding.
Measure {
    /// 当场整改: put right while the inspectors watch; no deadline.
    OnSite = "当场整改",
    /// 责令限期改正: needs a deadline.
    Deadline = "责令限期改正",
    /// 停止经营: accident risk (49号令第31条第2款).
    Stop = "立即停止生产经营",
    /// 移送或立案调查.
    CaseLead = "依法调查处理",
    /// 转办 to another department.
    HandOver = "转办",
});

pub(crate) use words;
