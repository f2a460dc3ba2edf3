//! What blocks signing, and nothing else does: the evidence rule asks, it does not block.

use super::content::{Finding, InspectionContent, Party, PhotoPurpose};
use crate::checklist::{Checklist, ItemCode};
use crate::words::{Answer, Measure};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeSet;

/// One reason why the record cannot be signed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Blocker {
    /// An item has no answer.
    Unanswered {
        /// The item.
        item: ItemCode,
    },
    /// 未检查 without its reason.
    UncheckedReason {
        /// The item.
        item: ItemCode,
    },
    /// A failed item lacks something.
    FindingIncomplete {
        /// The item.
        item: ItemCode,
        /// `problem`, `measure`, `deadline` or `photo`.
        missing: String,
    },
    /// Fewer than two distinct inspectors with valid cards (49号令第23条).
    TooFewInspectors {
        /// How many are valid.
        valid: usize,
    },
    /// The inspectors have not said who they are (49号令第24条).
    NoticeMissing,
    /// Neither signature nor refusal of the inspected party.
    PartyMissing,
    /// A refusal without reason, or without witness and recording (49号令第34条).
    RefusalIncomplete,
    /// The conclusion differs from the suggestion without a reason.
    ConclusionReason,
}

impl Blocker {
    /// Whether an answered item lacks something.
    pub fn is_gap(&self) -> bool {
        matches!(
            self,
            Self::UncheckedReason { .. } | Self::FindingIncomplete { .. }
        )
    }

    /// What the main key says is missing.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unanswered { item } => format!("{item} 还没有作答"),
            Self::UncheckedReason { item } => format!("{item} 选了未检查，须填原因"),
            Self::FindingIncomplete { item, missing } => {
                let what = match missing.as_str() {
                    "problem" => "问题描述",
                    "measure" => "处理措施",
                    "deadline" => "改正期限",
                    _ => "照片，或不拍照的原因",
                };
                format!("{item} 不符合，还缺{what}")
            }
            Self::TooFewInspectors { valid } => format!(
                "现有证件有效的检查员 {valid} 名；现场检查须有两名以上执法人员，不足两名不能签字"
            ),
            Self::NoticeMissing => "还没有确认已出示执法证件并告知".to_owned(),
            Self::PartyMissing => "经营者还没有签字；拒签的，请记录拒签".to_owned(),
            Self::RefusalIncomplete => "拒签须写明原因，并有见证人或录音录像编号".to_owned(),
            Self::ConclusionReason => "结论与系统建议不同，须写明理由".to_owned(),
        }
    }
}

/// Everything that blocks signing, in the order in which an inspector would mend it. `day` is the
/// day of the inspection in the station's zone; `party` is `None` before anybody signed or refused.
pub fn signing_blockers(
    content: &InspectionContent,
    checklist: &Checklist,
    party: Option<&Party>,
    day: NaiveDate,
) -> Vec<Blocker> {
    let mut found = Vec::new();
    if !content.notice_given {
        found.push(Blocker::NoticeMissing);
    }
    if content.not_inspected.is_none() {
        answers(content, checklist, &mut found);
    }
    if content.concluded.as_ref().is_some_and(|suggested| {
        content.conclusion != Some(suggested.conclusion)
            && content.conclusion_reason.trim().is_empty()
    }) {
        found.push(Blocker::ConclusionReason);
    }
    let valid: BTreeSet<_> = content
        .inspectors
        .iter()
        .filter(|i| !i.card_no.is_empty() && i.card_valid_to.is_some_and(|to| day <= to))
        .map(|i| i.person)
        .collect();
    if valid.len() < 2 {
        found.push(Blocker::TooFewInspectors { valid: valid.len() });
    }
    match party {
        None => found.push(Blocker::PartyMissing),
        Some(Party::Absent) if content.not_inspected.is_none() => found.push(Blocker::PartyMissing),
        Some(Party::Refused {
            reason,
            witness,
            recording,
        }) => {
            let seen = witness.as_ref().is_some_and(|w| !w.name.trim().is_empty())
                || recording
                    .as_ref()
                    .is_some_and(|r| !r.number.trim().is_empty());
            if reason.trim().is_empty() || !seen {
                found.push(Blocker::RefusalIncomplete);
            }
        }
        Some(_) => {}
    }
    found
}

fn answers(content: &InspectionContent, checklist: &Checklist, found: &mut Vec<Blocker>) {
    for item in &checklist.items {
        let Some(row) = content.answers.iter().find(|a| a.item == item.code) else {
            found.push(Blocker::Unanswered {
                item: item.code.clone(),
            });
            continue;
        };
        match row.answer {
            Answer::Unchecked if row.note.trim().is_empty() => {
                found.push(Blocker::UncheckedReason {
                    item: item.code.clone(),
                });
            }
            Answer::Fail => {
                let finding = content.findings.iter().find(|f| f.item == item.code);
                for missing in finding_gaps(content, &item.code, finding) {
                    found.push(Blocker::FindingIncomplete {
                        item: item.code.clone(),
                        missing: missing.to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
}

fn finding_gaps(
    content: &InspectionContent,
    item: &ItemCode,
    finding: Option<&Finding>,
) -> Vec<&'static str> {
    let mut gaps = Vec::new();
    if finding.is_none_or(|f| f.problem.trim().is_empty()) {
        gaps.push("problem");
    }
    match finding.and_then(|f| f.measure.map(|m| (m, f.deadline))) {
        None => gaps.push("measure"),
        Some((Measure::Deadline, None)) => gaps.push("deadline"),
        Some(_) => {}
    }
    let pictured = content.photos.iter().any(|p| {
        matches!(&p.purpose, PhotoPurpose::Items { items } if items.contains(item)) && !p.damaged
    });
    if !pictured && finding.is_none_or(|f| f.no_photo_reason.trim().is_empty()) {
        gaps.push("photo");
    }
    gaps
}
