//! 疑点: what a reviewer should look at first, each with its arithmetic in a few words. A signal
//! reminds, it concludes nothing. Pure.

use super::integrity::edition;
use crate::storage::console::records::Listed;
use serde::Serialize;
use xunji_domain::inspection::{Party, PhotoOrigin};
use xunji_domain::words::{Answer, Conclusion, InspectionState, Severity};
use xunji_protocol::verdict::Flag;

/// Less time than this for a full checklist is worth a look: a careful visit takes 12 minutes.
const SHORT_VISIT_MIN: i64 = 6;
/// A checklist of at least so many items that were really answered.
const FULL_CHECKLIST: usize = 30;

/// How loud a signal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Look first.
    Fail,
    /// Look.
    Warn,
    /// Good to know.
    Plain,
}

/// One signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub text: String,
    /// How loud.
    pub tone: Tone,
}

/// Failed items by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FailedCounts {
    /// 关键项.
    pub critical: usize,
    /// 重点项.
    pub major: usize,
    /// 一般项.
    pub minor: usize,
}

/// Failed items of the present version.
pub(super) fn failed(listed: &Listed) -> FailedCounts {
    let list = edition(&listed.content);
    let mut counts = FailedCounts::default();
    for failed in &listed.summary.failed {
        match list
            .and_then(|l| l.item(&failed.item))
            .map(|item| item.severity)
        {
            Some(Severity::Critical) => counts.critical += 1,
            Some(Severity::Major) => counts.major += 1,
            Some(Severity::Minor) | None => counts.minor += 1,
        }
    }
    counts
}

/// Whole minutes between start and end.
pub(super) fn minutes(listed: &Listed) -> i64 {
    (listed.summary.ended_at.0 - listed.summary.started_at.0).max(0) / 60_000
}

/// Every signal of a record, the loudest first.
pub(super) fn signals(listed: &Listed) -> Vec<Signal> {
    let mut found = Vec::new();
    of_register(listed, &mut found);
    of_visit(listed, &mut found);
    of_evidence(listed, &mut found);
    found.sort_by_key(|signal| signal.tone);
    found
}

fn of_register(listed: &Listed, found: &mut Vec<Signal>) {
    for flag in &listed.summary.flags {
        let (code, text, tone) = match flag {
            Flag::SignedTwice => ("signed_twice", "签了两版", Tone::Fail),
            Flag::Branch => ("branch", "记录链有分叉", Tone::Fail),
            Flag::NumberTwice => ("number_twice", "记录号重复", Tone::Fail),
            Flag::IllegalTransition => ("illegal_transition", "先后有交叉", Tone::Warn),
            Flag::StaleVersion => ("stale_version", "有人按旧版本处理过", Tone::Warn),
            Flag::OutOfScope => ("out_of_scope", "外所设备提交", Tone::Warn),
            Flag::Conflict => ("conflict", "主体信息有两个值", Tone::Warn),
        };
        push(found, code, text, tone);
    }
    if listed.summary.state == InspectionState::Amended {
        let text = format!("已补正，第 {} 版", listed.summary.amendments + 1);
        push(found, "amended", text, Tone::Plain);
    }
}

fn of_visit(listed: &Listed, found: &mut Vec<Signal>) {
    let checked = listed
        .summary
        .answers
        .iter()
        .filter(|(_, a)| matches!(a, Answer::Pass | Answer::Fail))
        .count();
    let minutes = minutes(listed);
    if checked >= FULL_CHECKLIST && minutes < SHORT_VISIT_MIN {
        push(
            found,
            "short",
            format!("{checked} 项用时 {minutes} 分"),
            Tone::Fail,
        );
    }
    let failed = failed(listed);
    if failed.critical > 0 {
        push(
            found,
            "critical",
            format!("关键项 {} 项不符合", failed.critical),
            Tone::Fail,
        );
    }
    match &listed.party {
        Some(Party::Refused {
            witness, recording, ..
        }) => {
            let by = match (witness, recording) {
                (Some(_), _) => "有见证人",
                (None, Some(_)) => "有录音录像",
                (None, None) => "无见证",
            };
            push(found, "refused", format!("拒签，{by}"), Tone::Warn);
        }
        Some(Party::Absent) => push(found, "absent", "当事人不在场", Tone::Warn),
        Some(Party::Signed { .. }) => {}
        None => push(found, "unreadable", "正文无法读取", Tone::Fail),
    }
    if !listed.content.conclusion_reason.trim().is_empty() {
        push(found, "own_conclusion", "结论与系统建议不同", Tone::Warn);
    }
    if listed.summary.conclusion == Conclusion::NotInspected {
        push(found, "not_inspected", "未能检查", Tone::Plain);
    }
}

fn of_evidence(listed: &Listed, found: &mut Vec<Signal>) {
    let photos = &listed.content.photos;
    let damaged = photos.iter().filter(|p| p.damaged).count();
    if damaged > 0 {
        push(
            found,
            "damaged",
            format!("照片损坏 {damaged} 张"),
            Tone::Warn,
        );
    }
    let imported = photos
        .iter()
        .filter(|p| p.origin == PhotoOrigin::Imported)
        .count();
    if imported > 0 {
        push(
            found,
            "imported",
            format!("相册导入 {imported} 张"),
            Tone::Warn,
        );
    }
    if listed
        .content
        .licences
        .iter()
        .any(|l| l.check_digit_mismatch)
    {
        push(found, "check_digit", "证号末位核不上", Tone::Warn);
    }
    let unchecked = listed
        .summary
        .answers
        .iter()
        .filter(|(_, a)| *a == Answer::Unchecked)
        .count();
    if unchecked > 0 {
        push(
            found,
            "unchecked",
            format!("未检查 {unchecked} 项"),
            Tone::Warn,
        );
    }
}

fn push(found: &mut Vec<Signal>, code: &'static str, text: impl Into<String>, tone: Tone) {
    found.push(Signal {
        code,
        text: text.into(),
        tone,
    });
}
