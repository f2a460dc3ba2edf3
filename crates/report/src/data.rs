//! What a day report says, as plain data. Integers and strings only: the caller hashes the
//! canonical JSON of [`DayReportData`], and that hash is printed and drawn as QR.
//!
//! Nothing here is computed or masked: figures, order and masks are the caller's, so that what is
//! hashed is exactly what is printed. The public variant carries values already masked.

use serde::{Deserialize, Serialize};
use xunji_domain::words::{
    Conclusion, GradeLetter, InspectionState, Measure, OperatorKind, Severity,
};

/// One version of the 日检查情况汇总 of one station and one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReportData {
    /// Who, when, which version.
    pub head: Head,
    /// 总体情况.
    pub figures: KeyFigures,
    /// 检查明细, every signed record of the day in printed order.
    pub rows: Vec<InspectionRow>,
    /// 发现问题 in printed order.
    pub findings: Vec<FindingEntry>,
    /// 反复出现问题的主体.
    pub repeat_offenders: Vec<RepeatOffender>,
    /// 逾期与到期整改.
    pub due: Vec<DueRectification>,
    /// 未检查及原因.
    pub not_inspected: Vec<NotInspectedEntry>,
    /// 需协调事项; the section is left out when empty.
    #[serde(default)]
    pub to_coordinate: Vec<String>,
    /// 明日计划; empty leaves the section out.
    #[serde(default)]
    pub tomorrow: String,
}

/// Who reports on what, and how far the data reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// `槐安县市场监督管理局`.
    pub bureau: String,
    /// `柳汀所`; printed right after the bureau.
    pub station: String,
    /// `2026年10月14日`.
    pub date_text: String,
    /// `农历九月初五`; empty when unknown.
    pub lunar_text: String,
    /// `星期三`.
    pub weekday_text: String,
    /// `柳汀大集（逢五排十）·集日`.
    pub scope: String,
    /// 编号: `柳汀〔2026〕日104号`.
    pub number: String,
    /// 1 is the first edition; later ones print 补充汇总 第n版.
    pub version: u32,
    /// 生成时间, as printed.
    pub generated_at_text: String,
    /// 数据截止, as printed.
    pub cut_off_text: String,
    /// 已收: signed records of the day on the server.
    pub received: u32,
    /// 未收: records the server has been told of but does not hold.
    pub not_received: u32,
    /// Records that arrived after the version before this one.
    pub late_count: u32,
    /// 编制.
    pub compiled_by: String,
    /// 审核; empty leaves a line to sign on.
    pub reviewed_by: String,
    /// 内部版 or 公开脱敏版.
    pub variant: Variant,
    /// Prints 演示数据 on every page.
    pub demo: bool,
}

/// For whom the report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// 内部版.
    Internal,
    /// 公开脱敏版: the caller has masked every value.
    Public,
}

/// The figures of the day. Visits are 户次, operators are 户 (distinct). A figure that a report may
/// do without (sampling, cases, follow-ups) is left out of print when it is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFigures {
    /// 出动 人次.
    pub people: u32,
    /// 出动 组.
    pub teams: u32,
    /// 市场 个次.
    pub markets: u32,
    /// 检查, all kinds.
    pub total: Visits,
    /// 食品摊点.
    pub stall: Visits,
    /// 小餐饮.
    pub small_restaurant: Visits,
    /// 食品小作坊.
    pub workshop: Visits,
    /// 结论.
    pub conclusions: ConclusionCounts,
    /// 等级.
    pub grades: GradeCounts,
    /// 发现问题 项.
    pub findings: SeverityCounts,
    /// 当场整改 项.
    pub corrected_on_site: u32,
    /// 责令限期改正 份.
    pub rectification_orders: u32,
    /// 无证 户.
    pub unlicensed: u32,
    /// 拒签 份.
    pub refused_signature: u32,
    /// 立即停止生产经营 户.
    #[serde(default)]
    pub stopped: u32,
    /// 依法调查处理 件.
    #[serde(default)]
    pub case_leads: u32,
    /// 转办 件.
    #[serde(default)]
    pub handed_over: u32,
    /// 抽检 批次.
    #[serde(default)]
    pub samples: u32,
    /// 快检 批次.
    #[serde(default)]
    pub quick_tests: u32,
    /// 快检阳性 批次.
    #[serde(default)]
    pub quick_tests_positive: u32,
    /// 复查 户.
    #[serde(default)]
    pub follow_ups: u32,
    /// 复查合格 户.
    #[serde(default)]
    pub follow_ups_passed: u32,
}

/// 户次 and 户 of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visits {
    /// 户次.
    pub visits: u32,
    /// 户, distinct operators.
    pub operators: u32,
}

/// Inspections by conclusion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConclusionCounts {
    /// 符合.
    pub conforming: u32,
    /// 基本符合.
    pub mostly_conforming: u32,
    /// 不符合.
    pub nonconforming: u32,
    /// 未能检查.
    pub not_inspected: u32,
}

/// Inspections by grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeCounts {
    /// A.
    pub a: u32,
    /// B.
    pub b: u32,
    /// C.
    pub c: u32,
    /// 不评级.
    pub ungraded: u32,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityCounts {
    /// 关键项.
    pub critical: u32,
    /// 重点项.
    pub major: u32,
    /// 一般项.
    pub minor: u32,
}

/// One line of 检查明细.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionRow {
    /// `06:22`, start of the visit.
    pub time: String,
    /// 类型.
    pub kind: OperatorKind,
    /// 名称.
    pub name: String,
    /// 证号, masked; empty prints 无证.
    pub licence_no: String,
    /// 结论.
    pub conclusion: Conclusion,
    /// 等级; `None` prints 不评.
    pub grade: Option<GradeLetter>,
    /// 问题数.
    pub findings: u32,
    /// 处置, e.g. `当场整改2`; empty prints —.
    pub disposition: String,
    /// 检查员.
    pub inspectors: Vec<String>,
    /// 记录号.
    pub record_no: String,
    /// Signed prints 待审, the others their own word.
    pub state: InspectionState,
    /// Arrived after the version before this one: prints 晚到 beside the state.
    pub late: bool,
}

/// One finding with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingEntry {
    /// 编号, unique in this report.
    pub number: String,
    /// 商户.
    pub operator: String,
    /// 类型.
    pub kind: OperatorKind,
    /// 问题, in the inspector's words.
    pub problem: String,
    /// 级别.
    pub severity: Severity,
    /// 依据, each as it is to be printed.
    pub basis: Vec<String>,
    /// 措施.
    pub measure: Measure,
    /// What was ordered in words; may be empty.
    pub measure_note: String,
    /// 期限, as printed; empty when there is none.
    pub deadline: String,
    /// 责任人; empty leaves it out.
    pub responsible: String,
    /// 地点 where the visit began, with its accuracy and what is doubtful about it; empty leaves it out. A public variant
    /// has none. Left out of the hashed data too, so that reports from before it keep their fingerprints.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// 记录号.
    pub record_no: String,
    /// The first two are printed.
    pub photos: Vec<PhotoRef>,
    /// Why there is no photo; printed only when `photos` is empty.
    pub no_photo_reason: String,
}

/// A picture by its hash; the bytes come beside the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoRef {
    /// SHA-256 of the stored file, 64 lower-case hex digits; the first 8 are printed.
    pub sha256: String,
    /// `06:41 操作台`; may be empty.
    pub caption: String,
}

/// An operator with the same problem again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatOffender {
    /// 名称.
    pub name: String,
    /// 类型.
    pub kind: OperatorKind,
    /// What comes back, and since when.
    pub problem: String,
    /// How many times within the caller's window.
    pub times: u32,
}

/// A rectification that is overdue or falls due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueRectification {
    /// 名称.
    pub name: String,
    /// 问题.
    pub problem: String,
    /// 期限, as printed.
    pub deadline: String,
    /// Overdue, today or tomorrow.
    pub due: Due,
    /// 责任人; may be empty.
    pub responsible: String,
}

/// How urgent a rectification is on the day of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// 已逾期.
    Overdue,
    /// 今日到期.
    Today,
    /// 明日到期.
    Tomorrow,
}

/// A planned operator that was not inspected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotInspectedEntry {
    /// 名称.
    pub name: String,
    /// 类型.
    pub kind: OperatorKind,
    /// 原因.
    pub reason: String,
}
