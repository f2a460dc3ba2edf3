//! The score as a table: one line per severity, so that the arithmetic can be followed with a finger before
//! anybody signs. The sum of its lines is the score.

use crate::checklist::{Checklist, ItemCode};
use crate::scoring::weight;
use crate::words::{Answer, Severity};
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// One severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct ScoreLine {
    /// 关键项, 重点项 or 一般项.
    pub severity: Severity,
    /// Points of one item.
    pub weight: u32,
    /// Items answered 符合 or 不符合.
    pub checked: u32,
    /// 符合.
    pub passed: u32,
    /// Points earned.
    pub earned: u32,
    /// Points that could be earned.
    pub possible: u32,
}

/// The lines in order of weight. Items that are 不适用 or 未检查 stand in none.
pub fn score_table(checklist: &Checklist, answers: &BTreeMap<ItemCode, Answer>) -> Vec<ScoreLine> {
    let of = |severity| {
        let counted = checklist
            .items
            .iter()
            .filter(|item| item.severity == severity);
        let (mut passed, mut failed) = (0, 0);
        for item in counted {
            match answers.get(&item.code) {
                Some(Answer::Pass) => passed += 1,
                Some(Answer::Fail) => failed += 1,
                _ => {}
            }
        }
        let weight = weight(severity);
        ScoreLine {
            severity,
            weight,
            checked: passed + failed,
            passed,
            earned: passed * weight,
            possible: (passed + failed) * weight,
        }
    };
    [Severity::Critical, Severity::Major, Severity::Minor]
        .map(of)
        .into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::checklist::for_kind;
    use crate::scoring::score;
    use crate::words::OperatorKind;

    #[test]
    fn the_lines_add_up_to_the_score() {
        let list = for_kind(OperatorKind::SmallRestaurant).unwrap();
        let kinds = [
            Answer::Pass,
            Answer::Pass,
            Answer::Fail,
            Answer::NotApplicable,
            Answer::Unchecked,
        ];
        let answers: BTreeMap<ItemCode, Answer> = list
            .items
            .iter()
            .map(|i| i.code.clone())
            .zip(kinds.into_iter().cycle())
            .collect();
        let (lines, score) = (score_table(list, &answers), score(list, &answers));
        let sum = |part: fn(&ScoreLine) -> u32| lines.iter().map(part).sum::<u32>();
        assert_eq!(
            (sum(|l| l.earned), sum(|l| l.possible)),
            (score.earned, score.possible)
        );
        assert_eq!(
            (sum(|l| l.passed), sum(|l| l.checked)),
            (score.passed, score.passed + score.failed)
        );
        assert!(
            lines
                .iter()
                .all(|l| l.checked > 0 && l.possible == l.checked * l.weight)
        );
    }
}
