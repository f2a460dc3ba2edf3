//! The grade A, B, C or none, with the boundaries of the proposal in one place. Faces are a skin.

use crate::scoring::{Score, points_text};
use crate::words::{GradeLetter, words};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Permille from which a record is an A.
pub const A_FROM: u32 = 900;
/// Permille from which a record is at least a B.
pub const B_FROM: u32 = 750;
/// Permille from which a record has a grade at all.
pub const C_FROM: u32 = 600;
/// Failed 关键项 from which there is no grade.
pub const CRITICAL_LIMIT: u32 = 2;
/// No grade in the first months of a licence (2012 指导意见).
pub const NEW_LICENCE_MONTHS: u32 = 3;
/// No grade in the months after an accident (2012 指导意见).
pub const ACCIDENT_MONTHS: u32 = 6;
/// Percent of the items that must be applicable.
pub const APPLICABLE_PERCENT: u32 = 60;

words!(/// Why a record has no grade (不评级).
UngradedReason {
    /// Every item is 不适用, or none was checked.
    NothingChecked = "没有检查到适用项",
    /// At least one item is 未检查.
    UncheckedItems = "有未检查项",
    /// Fewer than 60 % of the items apply.
    FewApplicable = "适用项不足六成",
    /// Two or more 关键项 failed: 限期整改.
    TwoCritical = "关键项不符合两项以上",
    /// Below 60 points: 限期整改.
    LowScore = "得分低于60分",
    /// The licence is younger than three months.
    NewLicence = "取得登记或备案不满三个月",
    /// An accident within the last six months.
    RecentAccident = "六个月内发生过食品安全事故",
});

/// A grade, or the first reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "grade", content = "reason", rename_all = "snake_case")]
#[ts(export_to = "domain.ts")]
pub enum Grade {
    /// 优秀.
    A,
    /// 良好.
    B,
    /// 一般.
    C,
    /// 不评级.
    Ungraded(UngradedReason),
}

impl Grade {
    /// `A`, `B`, `C` or `不评级`.
    pub fn label(self) -> &'static str {
        match self {
            Self::A => GradeLetter::A.label(),
            Self::B => GradeLetter::B.label(),
            Self::C => GradeLetter::C.label(),
            Self::Ungraded(_) => "不评级",
        }
    }
}

/// What the grade needs to know beside the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeContext {
    /// The day of the inspection.
    pub on: NaiveDate,
    /// First day of the licence; `None` when unknown or when there is none.
    pub licence_from: Option<NaiveDate>,
    /// The last food safety accident; `None` when none is known.
    pub last_accident: Option<NaiveDate>,
}

/// A grade with its arithmetic. Part of signed records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Graded {
    /// The letter; `None` is 不评级, and `reasons` says why.
    pub letter: Option<GradeLetter>,
    /// Every reason why there is no letter, the weightiest first; empty with a letter.
    pub reasons: Vec<UngradedReason>,
    /// The score the grade rests on.
    pub permille: Option<u32>,
    /// The letter would have been A, but one 关键项 failed.
    pub capped: bool,
    /// The arithmetic in Chinese, one sentence each.
    pub explain: Vec<String>,
}

impl Graded {
    /// The grade as the word table names it.
    pub fn grade(&self) -> Grade {
        match self.letter {
            Some(GradeLetter::A) => Grade::A,
            Some(GradeLetter::B) => Grade::B,
            Some(GradeLetter::C) => Grade::C,
            None => Grade::Ungraded(
                self.reasons
                    .first()
                    .copied()
                    .unwrap_or(UngradedReason::NothingChecked),
            ),
        }
    }
}

/// Grades a score: no grade on any reason against it, else the band of the score, capped at B when one
/// 关键项 failed.
pub fn grade(score: &Score, context: &GradeContext) -> Graded {
    let reasons = reasons(score, context);
    let permille = score.permille;
    let band = permille.and_then(band);
    let capped = score.failed_critical == 1 && band == Some(GradeLetter::A);
    let capped = capped && reasons.is_empty();
    let letter = match (reasons.is_empty(), capped) {
        (false, _) => None,
        (true, true) => Some(GradeLetter::B),
        (true, false) => band,
    };
    let explain = explain(permille, letter, &reasons, capped);
    Graded {
        letter,
        reasons,
        permille,
        capped,
        explain,
    }
}

fn band(permille: u32) -> Option<GradeLetter> {
    match permille {
        A_FROM.. => Some(GradeLetter::A),
        B_FROM.. => Some(GradeLetter::B),
        C_FROM.. => Some(GradeLetter::C),
        _ => None,
    }
}

fn reasons(score: &Score, context: &GradeContext) -> Vec<UngradedReason> {
    let applicable = score.total.saturating_sub(score.not_applicable);
    let few = applicable * 100 < score.total * APPLICABLE_PERCENT;
    let checks = [
        (score.permille.is_none(), UngradedReason::NothingChecked),
        (score.unchecked > 0, UngradedReason::UncheckedItems),
        (
            score.failed_critical >= CRITICAL_LIMIT,
            UngradedReason::TwoCritical,
        ),
        (
            score.permille.is_some_and(|p| p < C_FROM),
            UngradedReason::LowScore,
        ),
        (few, UngradedReason::FewApplicable),
        (
            within(context.licence_from, NEW_LICENCE_MONTHS, context.on),
            UngradedReason::NewLicence,
        ),
        (
            within(context.last_accident, ACCIDENT_MONTHS, context.on),
            UngradedReason::RecentAccident,
        ),
    ];
    checks
        .into_iter()
        .filter_map(|(hit, reason)| hit.then_some(reason))
        .collect()
}

/// Whether `on` lies less than `months` whole months after `from`. The day on which the months are
/// full no longer counts.
fn within(from: Option<NaiveDate>, months: u32, on: NaiveDate) -> bool {
    from.and_then(|day| day.checked_add_months(Months::new(months)))
        .is_some_and(|full| on < full)
}

fn explain(
    permille: Option<u32>,
    letter: Option<GradeLetter>,
    reasons: &[UngradedReason],
    capped: bool,
) -> Vec<String> {
    let mut lines = vec![format!(
        "{}分及以上为A，{}分及以上为B，{}分及以上为C",
        A_FROM / 10,
        B_FROM / 10,
        C_FROM / 10
    )];
    if capped {
        lines.push("有1项关键项不符合，等级最高为B".to_owned());
    }
    match (letter, permille) {
        (Some(letter), Some(permille)) => lines.push(format!(
            "得分{}分，等级为{}",
            points_text(permille),
            letter.label()
        )),
        _ => {
            let words: Vec<&str> = reasons.iter().map(|reason| reason.label()).collect();
            lines.push(format!("不评级：{}", words.join("；")));
        }
    }
    lines
}
