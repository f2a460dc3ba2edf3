//! The score of an inspection: weighted share of the items that conform, in permille. The weights are
//! the project's own proposal; no published rule gives points per item.

use crate::checklist::{Checklist, ItemCode};
use crate::words::{Answer, Measure, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Days an operator gets by default to put a critical or major item right.
pub const DEFAULT_DEADLINE_DAYS: u32 = 7;

/// The weight of one item in the score.
pub fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Critical => 10,
        Severity::Major => 5,
        Severity::Minor => 2,
    }
}

/// The measure proposed for a failed item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct DefaultMeasure {
    /// What is ordered.
    pub measure: Measure,
    /// Days until the deadline; `None` when it is put right at once.
    pub days: Option<u32>,
}

/// The measure the app proposes: a deadline for 关键项 and 重点项, on the spot for 一般项. The inspector decides.
pub fn default_measure(severity: Severity) -> DefaultMeasure {
    match severity {
        Severity::Critical | Severity::Major => DefaultMeasure {
            measure: Measure::Deadline,
            days: Some(DEFAULT_DEADLINE_DAYS),
        },
        Severity::Minor => DefaultMeasure {
            measure: Measure::OnSite,
            days: None,
        },
    }
}

/// Counts and the score, with the arithmetic. Part of signed records: integers only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Score {
    /// Floor of 1000 × earned ÷ possible; `None` when no item was answered 符合 or 不符合.
    pub permille: Option<u32>,
    /// Weight of the items that conform.
    pub earned: u32,
    /// Weight of the items answered 符合 or 不符合.
    pub possible: u32,
    /// Items in the checklist.
    pub total: u32,
    /// 符合.
    pub passed: u32,
    /// 不符合.
    pub failed: u32,
    /// 不适用.
    pub not_applicable: u32,
    /// 未检查, items without any answer included.
    pub unchecked: u32,
    /// Items without any answer: the draft is not finished.
    pub unanswered: u32,
    /// Failed 关键项.
    pub failed_critical: u32,
    /// Failed 重点项.
    pub failed_major: u32,
    /// Failed 一般项.
    pub failed_minor: u32,
    /// 一般项 answered 符合 or 不符合.
    pub checked_minor: u32,
    /// The arithmetic in Chinese, one sentence each.
    pub explain: Vec<String>,
}

/// Scores the answers. Items that are 不适用 or 未检查 weigh nothing on either side; answers to codes that
/// the checklist does not have are ignored.
pub fn score(checklist: &Checklist, answers: &BTreeMap<ItemCode, Answer>) -> Score {
    let mut score = Score::default();
    for item in &checklist.items {
        count(&mut score, item.severity, answers.get(&item.code).copied());
    }
    score.permille = (1000 * score.earned).checked_div(score.possible);
    score.explain = explain(&score);
    score
}

/// `89.5` for 895: tenths are exact, nothing is rounded up.
pub fn points_text(permille: u32) -> String {
    format!("{}.{}", permille / 10, permille % 10)
}

fn count(score: &mut Score, severity: Severity, answer: Option<Answer>) {
    score.total += 1;
    let minor = u32::from(severity == Severity::Minor);
    match answer {
        Some(Answer::Pass) => {
            score.passed += 1;
            score.earned += weight(severity);
            score.possible += weight(severity);
            score.checked_minor += minor;
        }
        Some(Answer::Fail) => {
            score.failed += 1;
            score.possible += weight(severity);
            score.checked_minor += minor;
            match severity {
                Severity::Critical => score.failed_critical += 1,
                Severity::Major => score.failed_major += 1,
                Severity::Minor => score.failed_minor += 1,
            }
        }
        Some(Answer::NotApplicable) => score.not_applicable += 1,
        Some(Answer::Unchecked) => score.unchecked += 1,
        None => {
            score.unchecked += 1;
            score.unanswered += 1;
        }
    }
}

fn explain(score: &Score) -> Vec<String> {
    let mut lines = vec![format!(
        "共{}项：符合{}项，不符合{}项，不适用{}项，未检查{}项",
        score.total, score.passed, score.failed, score.not_applicable, score.unchecked
    )];
    if score.failed > 0 {
        lines.push(format!(
            "不符合：关键项{}项，重点项{}项，一般项{}项",
            score.failed_critical, score.failed_major, score.failed_minor
        ));
    }
    let Some(permille) = score.permille else {
        lines.push("没有检查到适用项，不计分".to_owned());
        return lines;
    };
    lines.push(format!(
        "每项权重：关键项{}，重点项{}，一般项{}；不适用和未检查的不计入",
        weight(Severity::Critical),
        weight(Severity::Major),
        weight(Severity::Minor)
    ));
    lines.push(format!(
        "{} ÷ {} = {} 分",
        score.earned,
        score.possible,
        points_text(permille)
    ));
    lines
}
