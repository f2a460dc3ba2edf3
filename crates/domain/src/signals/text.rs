//! Words and figures of the sentences.

use crate::checklist::ItemCode;
use chrono::{Datelike, NaiveDate};

/// `48 秒`, `2 分 10 秒`, `1 小时 2 分`: as exact as a reviewer needs it.
pub fn duration(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, s) => format!("{s} 秒"),
        (0, m, 0) => format!("{m} 分"),
        (0, m, s) => format!("{m} 分 {s} 秒"),
        (h, 0, _) => format!("{h} 小时"),
        (h, m, _) => format!("{h} 小时 {m} 分"),
    }
}

/// To the nearest minute from ten minutes on: a median of half minutes says nothing.
pub(super) fn about(seconds: i64) -> String {
    match seconds < 600 {
        true => duration(seconds),
        false => duration((seconds + 30) / 60 * 60),
    }
}

/// Milliseconds as seconds with one digit, rounded.
pub(super) fn tenths(ms: i64) -> String {
    let tenths = (ms + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `55.4%`; — where there is nothing to divide by.
pub(super) fn percent(part: usize, whole: usize) -> String {
    match (part * 1000 + whole / 2).checked_div(whole) {
        Some(permille) => format!("{}.{}%", permille / 10, permille % 10),
        None => "—".to_owned(),
    }
}

/// `9 月 19 日`.
pub(super) fn day(day: NaiveDate) -> String {
    format!("{} 月 {} 日", day.month(), day.day())
}

/// A code as people say it, without the letters of its checklist: `3.4`.
pub(super) fn code(item: &ItemCode) -> &str {
    item.as_str()
        .trim_start_matches(|c: char| c.is_ascii_alphabetic())
}

/// `3.4`, or `3.4 等 2 项`.
pub(super) fn some(items: &[ItemCode]) -> String {
    match items {
        [] => String::new(),
        [one] => code(one).to_owned(),
        [first, ..] => format!("{} 等 {} 项", code(first), items.len()),
    }
}

/// `3.4、5.1`.
pub(super) fn all(items: &[ItemCode]) -> String {
    let codes: Vec<&str> = items.iter().map(code).collect();
    codes.join("、")
}
