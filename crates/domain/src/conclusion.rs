//! The suggested conclusion. 49号令第31条 asks for one and gives no numeric rule; the limit of failed
//! 一般项 is a configurable proposal and is printed with the result.

use crate::checklist::{Checklist, ItemCode};
use crate::scoring::{Score, score};
use crate::words::{Answer, Conclusion};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// How many failed 一般项 still make 基本符合.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct ConclusionRule {
    /// Never more than this many.
    pub most: u32,
    /// Share of the checked 一般项 in percent, rounded up.
    pub percent: u32,
}

impl Default for ConclusionRule {
    fn default() -> Self {
        Self {
            most: 8,
            percent: 20,
        }
    }
}

/// A suggested conclusion with its arithmetic. Part of signed records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Concluded {
    /// The suggestion; the inspector may differ with a reason.
    pub conclusion: Conclusion,
    /// Failed 一般项 that still make 基本符合: min(most, ceil(percent × checked 一般项)).
    pub minor_limit: u32,
    /// 一般项 that were checked (符合 or 不符合).
    pub checked_minor: u32,
    /// Failed 关键项.
    pub failed_critical: u32,
    /// Failed 重点项.
    pub failed_major: u32,
    /// Failed 一般项.
    pub failed_minor: u32,
    /// The rule that was used.
    pub rule: ConclusionRule,
    /// The arithmetic in Chinese, one sentence each.
    pub explain: Vec<String>,
}

/// Suggests a conclusion from the answers. Without a single item answered 符合 or 不符合 nothing was
/// inspected, and the result is 未能检查.
pub fn conclude(
    checklist: &Checklist,
    answers: &BTreeMap<ItemCode, Answer>,
    rule: &ConclusionRule,
) -> Concluded {
    from_score(&score(checklist, answers), rule)
}

/// The conclusion of a visit that could not be made: closed shop, nobody there.
pub fn not_inspected(reason: &str, rule: &ConclusionRule) -> Concluded {
    let mut concluded = from_score(&Score::default(), rule);
    concluded.explain = vec![format!("未能检查：{reason}")];
    concluded
}

/// The same as [`conclude`] for answers that are already counted.
pub fn from_score(score: &Score, rule: &ConclusionRule) -> Concluded {
    let share = (rule.percent * score.checked_minor).div_ceil(100);
    let minor_limit = rule.most.min(share);
    let conclusion = if score.passed + score.failed == 0 {
        Conclusion::NotInspected
    } else if score.failed_critical + score.failed_major > 0 || score.failed_minor > minor_limit {
        Conclusion::Nonconforming
    } else if score.failed_minor > 0 {
        Conclusion::MostlyConforming
    } else {
        Conclusion::Conforming
    };
    Concluded {
        conclusion,
        minor_limit,
        checked_minor: score.checked_minor,
        failed_critical: score.failed_critical,
        failed_major: score.failed_major,
        failed_minor: score.failed_minor,
        rule: *rule,
        explain: explain(score, rule, share, minor_limit, conclusion),
    }
}

fn explain(
    score: &Score,
    rule: &ConclusionRule,
    share: u32,
    limit: u32,
    conclusion: Conclusion,
) -> Vec<String> {
    if conclusion == Conclusion::NotInspected {
        return vec!["没有检查到适用项，结论为未能检查".to_owned()];
    }
    let mut lines = vec![format!(
        "一般项允许不符合数：{}项的{}%，向上取整为{share}项，上限{}项，取{limit}项",
        score.checked_minor, rule.percent, rule.most
    )];
    lines.push(match conclusion {
        Conclusion::Conforming => "没有不符合项，建议结论为符合".to_owned(),
        Conclusion::MostlyConforming => format!(
            "一般项不符合{}项，未超过{limit}项，建议结论为基本符合",
            score.failed_minor
        ),
        _ if score.failed_critical + score.failed_major > 0 => format!(
            "关键项不符合{}项、重点项不符合{}项，建议结论为不符合",
            score.failed_critical, score.failed_major
        ),
        _ => format!(
            "一般项不符合{}项，超过{limit}项，建议结论为不符合",
            score.failed_minor
        ),
    });
    if score.unchecked > 0 {
        lines.push(format!("另有{}项未检查，未计入结论", score.unchecked));
    }
    lines
}
