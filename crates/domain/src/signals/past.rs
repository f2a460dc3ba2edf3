//! Against earlier visits: the team's run of clean records, and what failed here last time.

use super::facts::{Known, Record};
use super::pace::compared;
use super::text::{all, day, percent, some, tenths};
use super::{Signal, SignalCode};
use crate::checklist::ItemCode;
use crate::words::{Answer, Conclusion};

/// So many clean records in a row are worth a look. With the usual half of all visits clean, chance
/// alone makes six in a row about once in forty.
const RUN: usize = 6;
/// A failure of last time that is called mended faster than this was hardly looked at.
const QUICK_MS: i64 = 3_000;

pub(super) fn streak(record: &Record<'_>, known: &Known<'_>) -> Option<Signal> {
    let clean = |answer: &Answer| *answer != Answer::Fail;
    let answers = &record.content.answers;
    if record.conclusion != Conclusion::Conforming || !answers.iter().all(|a| clean(&a.answer)) {
        return None;
    }
    let team = record.team();
    let mut before: Vec<_> = compared(record, known).filter(|v| v.inspected).collect();
    before.sort_by_key(|visit| std::cmp::Reverse(visit.started_at));
    let run: Vec<_> = before
        .iter()
        .filter(|visit| visit.team == team)
        .take_while(|visit| visit.all_pass)
        .collect();
    let first = run.last()?;
    let length = run.len() + 1;
    if length < RUN {
        return None;
    }
    let same_time = || before.iter().filter(|v| v.started_at >= first.started_at);
    let (all, passed) = (
        same_time().count() + 1,
        same_time().filter(|v| v.all_pass).count() + 1,
    );
    let names: Vec<&str> = record
        .content
        .inspectors
        .iter()
        .map(|i| i.name.as_str())
        .collect();
    Some(Signal::new(
        SignalCode::Streak,
        format!("连续 {length} 户全符合"),
        format!(
            "{} {}起 {length}/{length} 户全符合；全所同期 {passed}/{all} 户，{}",
            names.join("、"),
            day(first.day),
            percent(passed, all)
        ),
    ))
}

/// Items that failed last time and pass a test now, in the order of last time's answers.
fn then_failed(
    record: &Record<'_>,
    known: &Known<'_>,
    now: impl Fn(Answer, i64) -> bool,
) -> Vec<ItemCode> {
    let answers = known
        .earlier
        .map(|e| e.answers.as_slice())
        .unwrap_or_default();
    answers
        .iter()
        .filter(|(_, answer)| *answer == Answer::Fail)
        .filter(|(item, _)| {
            record
                .answer(item)
                .is_some_and(|(answer, ms)| now(answer, ms))
        })
        .map(|(item, _)| item.clone())
        .collect()
}

pub(super) fn last_failed_skipped(record: &Record<'_>, known: &Known<'_>) -> Option<Signal> {
    let left_out = |answer| matches!(answer, Answer::NotApplicable | Answer::Unchecked);
    let items = then_failed(record, known, |answer, _| left_out(answer));
    let on = day(known.earlier?.day);
    let now: Vec<Answer> = items
        .iter()
        .filter_map(|item| record.answer(item).map(|(answer, _)| answer))
        .collect();
    let word = match now.first()? {
        first if now.iter().all(|answer| answer == first) => first.label(),
        _ => "不适用或未检查",
    };
    Some(Signal {
        items: items.clone(),
        ..Signal::new(
            SignalCode::LastFailedSkipped,
            format!("上次不符合 {}，本次{word}", some(&items)),
            format!("{on} {} 不符合，本次答{word}", all(&items)),
        )
    })
}

pub(super) fn last_failed_quick(record: &Record<'_>, known: &Known<'_>) -> Option<Signal> {
    let items = then_failed(record, known, |answer, ms| {
        answer == Answer::Pass && ms < QUICK_MS
    });
    let on = day(known.earlier?.day);
    let slowest = items
        .iter()
        .filter_map(|item| record.answer(item).map(|(_, ms)| ms))
        .max()?;
    Some(Signal {
        items: items.clone(),
        ..Signal::new(
            SignalCode::LastFailedQuick,
            format!(
                "上次不符合 {}，本次 {} 秒答符合",
                some(&items),
                tenths(slowest)
            ),
            format!(
                "{on} {} 不符合，本次停留最长 {} 秒即答符合",
                all(&items),
                tenths(slowest)
            ),
        )
    })
}

pub(super) fn repeat(record: &Record<'_>, known: &Known<'_>) -> Option<Signal> {
    let items = then_failed(record, known, |answer, _| answer == Answer::Fail);
    if items.is_empty() {
        return None;
    }
    let on = day(known.earlier?.day);
    Some(Signal {
        items: items.clone(),
        ..Signal::new(
            SignalCode::Repeat,
            format!("{} 再次不符合", some(&items)),
            format!("{on} {} 已不符合，本次仍不符合", all(&items)),
        )
    })
}
