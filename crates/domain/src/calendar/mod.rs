//! Market days: which day is 集日, by lunar date, solar date, weekday or every day. The clock stays
//! outside: every function is given its day.

mod lunar;
#[cfg(test)]
mod tests;

pub use lunar::{FIRST_DAY, LAST_DAY, LunarDate, lunar, lunar_text};

use crate::ids::{GridId, MarketId, StationId};
use crate::words::words;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

words!(/// The calendar a market follows.
MarketCalendar {
    /// Days of the lunar month: usual in the country.
    Lunar = "农历",
    /// Days of the solar month.
    Solar = "公历",
    /// Days of the week, 1 is Monday.
    Weekday = "星期",
    /// Every day.
    Daily = "每日",
});

words!(/// What a market does in a month without its 30th (or 31st) day: local custom, to be confirmed.
ShortMonth {
    /// The market falls out.
    Skip = "缺日不集",
    /// It is held on the last day of the month.
    LastDay = "改在月末",
    /// It is held on the first day of the next month.
    NextFirst = "顺延至初一",
});

/// When a market is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct MarketRule {
    /// The calendar the days belong to.
    pub calendar: MarketCalendar,
    /// Days of the month (1–31) or of the week (1–7); empty for a daily market.
    #[serde(default)]
    pub days: Vec<u8>,
    /// Custom in short months.
    #[serde(default = "skip")]
    pub short_month: ShortMonth,
}

/// 集市.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    /// Id.
    pub id: MarketId,
    /// 柳汀大集.
    pub name: String,
    /// Twelve-digit code of its town.
    pub town: String,
    /// The responsible station.
    pub station: StationId,
    /// The grid it lies in.
    pub grid: GridId,
    /// What an inspector should know about the place.
    #[serde(default)]
    pub note: String,
    /// When it is held.
    pub rule: MarketRule,
}

fn skip() -> ShortMonth {
    ShortMonth::Skip
}

/// Whether a market is held on a day. A lunar market has no days outside the table ([`FIRST_DAY`] to
/// [`LAST_DAY`]).
pub fn is_market_day(rule: &MarketRule, date: NaiveDate) -> bool {
    match rule.calendar {
        MarketCalendar::Daily => true,
        MarketCalendar::Weekday => holds(rule, date.weekday().number_from_monday()),
        MarketCalendar::Solar => {
            let length = u32::from(date.num_days_in_month());
            let before = date
                .with_day(1)
                .and_then(|first| first.pred_opt())
                .map_or(31, |last| last.day());
            in_month(rule, date.day(), length, before)
        }
        MarketCalendar::Lunar => {
            let Some(day) = lunar(date) else { return false };
            let before = date
                .checked_sub_days(Days::new(u64::from(day.day)))
                .and_then(lunar)
                .map_or(30, |last| last.month_length);
            in_month(rule, day.day, day.month_length, before)
        }
    }
}

/// The first market day after `date`, at most 400 days ahead.
pub fn next_market_day(rule: &MarketRule, date: NaiveDate) -> Option<NaiveDate> {
    (1..=400)
        .filter_map(|ahead| date.checked_add_days(Days::new(ahead)))
        .find(|day| is_market_day(rule, *day))
}

/// The last market day before `today`, at most 400 days back.
pub fn latest_past_market_day(rule: &MarketRule, today: NaiveDate) -> Option<NaiveDate> {
    (1..=400)
        .filter_map(|back| today.checked_sub_days(Days::new(back)))
        .find(|day| is_market_day(rule, *day))
}

/// `星期日`.
pub fn weekday_text(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

/// `2026年11月22日 农历十月十四 星期日`; the lunar part is left out outside the table.
pub fn full_text(date: NaiveDate) -> String {
    let solar = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    match lunar_text(date) {
        Some(text) => format!("{solar} 农历{text} {}", weekday_text(date)),
        None => format!("{solar} {}", weekday_text(date)),
    }
}

/// The rule in words: `农历逢五、逢十`, `农历每月2、17日`, `每日`, `星期六`.
pub fn rule_text(rule: &MarketRule) -> String {
    const WEEK: [&str; 8] = ["", "一", "二", "三", "四", "五", "六", "日"];
    match rule.calendar {
        MarketCalendar::Daily => "每日".to_owned(),
        MarketCalendar::Weekday => {
            let days: Vec<String> = rule
                .days
                .iter()
                .map(|d| format!("星期{}", WEEK.get(usize::from(*d)).unwrap_or(&"")))
                .collect();
            days.join("、")
        }
        MarketCalendar::Lunar | MarketCalendar::Solar => {
            if let Some(every_ten) = every_ten_days(&rule.days) {
                return format!("{}{every_ten}", rule.calendar.label());
            }
            let days: Vec<String> = rule.days.iter().map(u8::to_string).collect();
            format!("{}每月{}日", rule.calendar.label(), days.join("、"))
        }
    }
}

/// As people say it where a market is held every ten days: `逢五、逢十`. `None` for any other days.
fn every_ten_days(days: &[u8]) -> Option<String> {
    const DIGITS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let first: Vec<u8> = days
        .iter()
        .copied()
        .filter(|day| (1..=10).contains(day))
        .collect();
    let whole = |day: &u8| days.contains(&(day + 10)) && days.contains(&(day + 20));
    if first.is_empty() || first.len() * 3 != days.len() || !first.iter().all(whole) {
        return None;
    }
    let said = first
        .iter()
        .filter_map(|day| DIGITS.get(usize::from(day - 1)))
        .map(|digit| format!("逢{digit}"));
    Some(said.collect::<Vec<_>>().join("、"))
}

fn holds(rule: &MarketRule, day: u32) -> bool {
    rule.days.iter().any(|d| u32::from(*d) == day)
}

/// Whether day `day` of a month with `length` days is a market day, when the month before had `before`.
fn in_month(rule: &MarketRule, day: u32, length: u32, before: u32) -> bool {
    let missing = |length: u32| rule.days.iter().any(|d| u32::from(*d) > length);
    holds(rule, day)
        || match rule.short_month {
            ShortMonth::Skip => false,
            ShortMonth::LastDay => day == length && missing(length),
            ShortMonth::NextFirst => day == 1 && missing(before),
        }
}
