//! What the record says of itself: how it was closed, what it concluded, how it came in.

use super::facts::Record;
use super::text::{all, duration};
use super::{Signal, SignalCode};
use crate::checklist::{ItemCode, edition};
use crate::inspection::Party;
use crate::words::{Answer, Conclusion, InspectionState, Severity};

/// Later than this after the end of the visit is late: phones reach a network every evening.
const LATE_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) fn party(record: &Record<'_>) -> Option<Signal> {
    match record.party {
        Some(Party::Refused {
            reason,
            witness,
            recording,
        }) => {
            let (by, how) = match (witness, recording) {
                (Some(witness), _) => ("有见证人", format!("见证人 {}", witness.name)),
                (None, Some(recording)) => ("有录音录像", format!("录音录像 {}", recording.number)),
                (None, None) => ("无见证", "没有见证人，也没有录音录像".to_owned()),
            };
            let reason = match reason.trim() {
                "" => "没有写明理由",
                reason => reason,
            };
            let why = format!("理由：{reason}；{how}");
            Some(Signal::new(SignalCode::Refused, format!("拒签，{by}"), why))
        }
        Some(Party::Absent) => Some(Signal::bare(SignalCode::Absent)),
        Some(Party::Signed { .. }) => None,
        None => Some(Signal::new(
            SignalCode::Unreadable,
            SignalCode::Unreadable.label(),
            "现场签字的正文在服务器上无法读取，原件在手机和备份中",
        )),
    }
}

pub(super) fn critical(record: &Record<'_>) -> Option<Signal> {
    let list = edition(&record.content.checklist)?;
    let items: Vec<ItemCode> = list
        .items
        .iter()
        .filter(|item| item.severity == Severity::Critical)
        .filter(|item| matches!(record.answer(&item.code), Some((Answer::Fail, _))))
        .map(|item| item.code.clone())
        .collect();
    (!items.is_empty()).then(|| Signal {
        items: items.clone(),
        ..Signal::new(
            SignalCode::Critical,
            format!("关键项 {} 项不符合", items.len()),
            format!("不符合的关键项：{}", all(&items)),
        )
    })
}

pub(super) fn own_conclusion(record: &Record<'_>) -> Option<Signal> {
    let reason = record.content.conclusion_reason.trim();
    if reason.is_empty() {
        return None;
    }
    let suggested = match &record.content.concluded {
        Some(concluded) => format!("系统建议{}", concluded.conclusion.label()),
        None => "系统没有建议".to_owned(),
    };
    Some(Signal::new(
        SignalCode::OwnConclusion,
        SignalCode::OwnConclusion.label(),
        format!(
            "{suggested}，检查员定为{}；理由：{reason}",
            record.conclusion.label()
        ),
    ))
}

pub(super) fn unchecked(record: &Record<'_>) -> Option<Signal> {
    let answers = &record.content.answers;
    let items: Vec<ItemCode> = answers
        .iter()
        .filter(|row| row.answer == Answer::Unchecked)
        .map(|row| row.item.clone())
        .collect();
    (!items.is_empty()).then(|| Signal {
        items: items.clone(),
        ..Signal::new(
            SignalCode::Unchecked,
            format!("未检查 {} 项", items.len()),
            format!(
                "{} 项中 {} 项未检查：{}",
                answers.len(),
                items.len(),
                all(&items)
            ),
        )
    })
}

pub(super) fn late(record: &Record<'_>) -> Option<Signal> {
    let ended = record.content.ended_at.as_ref()?.time().0;
    let took = record.received_at.0 - ended;
    let (text, why) = match (took >= LATE_MS, record.after_report) {
        (false, false) => return None,
        (false, true) => (
            "日报做成后才到".to_owned(),
            "当天的日检查情况汇总里还没有这一份",
        ),
        (true, true) => (late_text(took), "当天的日检查情况汇总里还没有这一份"),
        (true, false) => (late_text(took), "检查结束一天以后服务器才收到"),
    };
    Some(Signal::new(SignalCode::Late, text, why))
}

fn late_text(took: i64) -> String {
    match took / LATE_MS {
        0 => format!("晚到 {}", duration(took / 1000)),
        days => format!("晚到 {days} 天"),
    }
}

pub(super) fn standing(record: &Record<'_>) -> Option<Signal> {
    if record.state == InspectionState::Amended {
        let text = format!("已补正，第 {} 版", record.amendments + 1);
        return Some(Signal::new(SignalCode::Amended, text, ""));
    }
    let reason = record.content.not_inspected.as_deref().unwrap_or_default();
    (record.conclusion == Conclusion::NotInspected).then(|| {
        Signal::new(
            SignalCode::NotInspected,
            SignalCode::NotInspected.label(),
            reason,
        )
    })
}
