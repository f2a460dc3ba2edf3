//! Time: a visit too short for its list, a trace without ups and downs, a clock that was set back.

use super::facts::{Known, Record, Visit};
use super::text::{about, duration, tenths};
use super::{Signal, SignalCode, Spread};
use crate::time::{ClockReading, Millis};
use crate::words::Answer;

/// Fewer judged items say nothing about pace.
const ENOUGH_ITEMS: usize = 20;
/// Less than this for an item, looking included, is no look: a careful visit takes 17 seconds.
const SECONDS_PER_ITEM: i64 = 8;
/// So many similar visits make a median worth comparing with.
const ENOUGH_VISITS: usize = 8;
/// Less than this share of the median is short.
const SHORT_PERCENT: i64 = 40;
/// How far back visits are compared.
pub const COMPARED_DAYS: i64 = 90;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Half of the items under this time on the screen were not read.
const UNREAD_MS: i64 = 1_500;
/// A line is flat when this share of it …
const FLAT_PERCENT: usize = 90;
/// … lies this near its median.
const FLAT_NEAR_PERCENT: i64 = 15;
/// Smaller steps are the network setting the time.
const CLOCK_STEP_MS: i64 = 5 * 60 * 1000;

/// Visits of the same station within the 90 days before a moment, that moment's own not among them.
pub(super) fn compared<'a>(
    record: &'a Record<'_>,
    known: &Known<'a>,
) -> impl Iterator<Item = &'a Visit> {
    let until = record.content.started_at.time().0;
    let (id, station) = (record.content.id, record.content.station);
    known.visits.iter().filter(move |visit| {
        let age = until - visit.started_at.0;
        visit.station == station && visit.id != id && (0..=COMPARED_DAYS * DAY_MS).contains(&age)
    })
}

pub(super) fn short(record: &Record<'_>, known: &Known<'_>) -> Option<Signal> {
    let judged = judged_ms(record).len();
    if judged < ENOUGH_ITEMS {
        return None;
    }
    let spread = spread(record, known);
    let items = i64::try_from(judged).unwrap_or(i64::MAX);
    let hurried = spread.this < items.saturating_mul(SECONDS_PER_ITEM);
    let below = spread
        .median
        .filter(|_| spread.others.len() >= ENOUGH_VISITS)
        .is_some_and(|median| spread.this * 100 < median * SHORT_PERCENT);
    if !hurried && !below {
        return None;
    }
    let each = tenths(spread.this * 1000 / items);
    let compared = match spread.median {
        Some(median) => format!(
            "近 {COMPARED_DAYS} 天同类 {} 次，中位数 {}",
            spread.others.len(),
            about(median)
        ),
        None => format!("近 {COMPARED_DAYS} 天没有同类可比"),
    };
    Some(Signal {
        spread: Some(spread.clone()),
        ..Signal::new(
            SignalCode::Short,
            format!("用时 {}", duration(spread.this)),
            format!("{judged} 项，平均 {each} 秒一项；{compared}"),
        )
    })
}

fn spread(record: &Record<'_>, known: &Known<'_>) -> Spread {
    let kind = record.content.operator.operator.kind;
    let mut others: Vec<i64> = compared(record, known)
        .filter(|visit| visit.inspected && visit.kind == kind)
        .map(|visit| visit.seconds)
        .collect();
    others.sort_unstable();
    Spread {
        this: record.seconds(),
        median: median(&others),
        others,
    }
}

pub(super) fn flat(record: &Record<'_>) -> Option<Signal> {
    let mut times = judged_ms(record);
    times.sort_unstable();
    let median = median(&times).filter(|_| times.len() >= ENOUGH_ITEMS)?;
    let near = median * FLAT_NEAR_PERCENT / 100;
    let within: Vec<i64> = times
        .iter()
        .copied()
        .filter(|ms| (ms - median).abs() <= near)
        .collect();
    let (text, why) = if median < UNREAD_MS {
        (
            format!("半数检查项不到 {} 秒", tenths(UNREAD_MS)),
            format!("{} 项停留时间的中位数 {} 秒", times.len(), tenths(median)),
        )
    } else if within.len() * 100 >= times.len() * FLAT_PERCENT {
        let ends = (within.first().copied(), within.last().copied());
        (
            "检纹平，各项用时几乎一样".to_owned(),
            format!(
                "{} 项中 {} 项停留 {}–{} 秒",
                times.len(),
                within.len(),
                tenths(ends.0.unwrap_or(median)),
                tenths(ends.1.unwrap_or(median))
            ),
        )
    } else {
        return None;
    };
    Some(Signal::new(SignalCode::Flat, text, why))
}

pub(super) fn clock_back(record: &Record<'_>) -> Option<Signal> {
    let content = record.content;
    let mut readings = vec![&content.started_at];
    readings.extend(content.answers.iter().map(|answer| &answer.at));
    readings.extend(content.photos.iter().map(|photo| &photo.at));
    readings.extend(&content.ended_at);
    // What came after the visit (补正) is another story.
    if let Some(ended) = &content.ended_at {
        readings.retain(|r| r.boot != ended.boot || r.boottime <= ended.boottime);
    }
    let back = set_back(&readings).max(ended_before(content.started_at.wall, &content.ended_at));
    (back >= CLOCK_STEP_MS).then(|| {
        Signal::new(
            SignalCode::ClockBack,
            format!("时钟回拨 {}", duration(back / 1000)),
            format!(
                "检查中手机时钟回拨，按开机计时用时 {}",
                duration(record.seconds())
            ),
        )
    })
}

pub(super) fn clock_off(record: &Record<'_>) -> Option<Signal> {
    let content = record.content;
    let ends = std::iter::once(&content.started_at).chain(&content.ended_at);
    let off = ends
        .filter_map(ClockReading::off_by)
        .max_by_key(|off| off.unsigned_abs())?;
    let way = if off > 0 { "慢" } else { "快" };
    let apart = far(i64::try_from(off.unsigned_abs() / 1000).unwrap_or(i64::MAX));
    Some(Signal::new(
        SignalCode::ClockOff,
        format!("手机时钟比服务器{way} {apart}"),
        "时间已按服务器时间更正，手机原来的读数留在记录里",
    ))
}

/// A duration that may be years.
fn far(seconds: i64) -> String {
    match seconds / (24 * 60 * 60) {
        0 | 1 => duration(seconds),
        days => format!("{days} 天"),
    }
}

/// By how much the wall clock fell behind the time since boot between two readings of one boot.
fn set_back(readings: &[&ClockReading]) -> i64 {
    let Some(boot) = readings.first().map(|reading| &reading.boot) else {
        return 0;
    };
    let mut same: Vec<_> = readings.iter().filter(|r| r.boot == *boot).collect();
    same.sort_by_key(|reading| reading.boottime);
    let (mut highest, mut back) = (i64::MIN, 0);
    for reading in same {
        let ahead = reading.wall.0 - reading.boottime;
        highest = highest.max(ahead);
        back = back.max(highest - ahead);
    }
    back
}

/// Across a restart only the order of the walls is left to see.
fn ended_before(started: Millis, ended: &Option<ClockReading>) -> i64 {
    ended.as_ref().map_or(0, |ended| started.0 - ended.wall.0)
}

fn judged_ms(record: &Record<'_>) -> Vec<i64> {
    record
        .content
        .answers
        .iter()
        .filter(|row| matches!(row.answer, Answer::Pass | Answer::Fail))
        .map(|row| row.shown_ms.max(0))
        .collect()
}

/// The middle of sorted values; of two middles the mean.
pub(super) fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    match sorted.len() % 2 {
        1 => Some(upper),
        _ => Some((*sorted.get(sorted.len() / 2 - 1)? + upper) / 2),
    }
}
