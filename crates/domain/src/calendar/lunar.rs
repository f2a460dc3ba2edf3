//! The lunar calendar of the years 2024 to 2035 as a table, so that market days are known without a
//! network. Computed with sxtwl and compared day by day with lunardate and cnlunar: 4754 days, no
//! difference.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// One lunar year: its first day, its leap month (0 without one) and the lengths of its months in
/// order, the leap month after its namesake. `L` has 30 days, `s` has 29.
struct Year {
    new_year: (i32, u32, u32),
    leap: u32,
    lengths: &'static str,
}

const FIRST_LUNAR_YEAR: i32 = 2023;

#[rustfmt::skip]
const TABLE: [Year; 13] = [
    Year { new_year: (2023, 1, 22), leap: 2, lengths: "sLssLLsLLsLsL" },
    Year { new_year: (2024, 2, 10), leap: 0, lengths: "sLssLsLLsLLs" },
    Year { new_year: (2025, 1, 29), leap: 6, lengths: "LsLssLsLsLLLs" },
    Year { new_year: (2026, 2, 17), leap: 0, lengths: "LsLssLssLLLs" },
    Year { new_year: (2027, 2, 6), leap: 0, lengths: "LLsLssLssLLs" },
    Year { new_year: (2028, 1, 26), leap: 5, lengths: "LLLsLssLssLLs" },
    Year { new_year: (2029, 2, 13), leap: 0, lengths: "LLsLsLsLssLL" },
    Year { new_year: (2030, 2, 3), leap: 0, lengths: "sLsLLsLsLsLs" },
    Year { new_year: (2031, 1, 23), leap: 3, lengths: "sLLsLsLLsLsLs" },
    Year { new_year: (2032, 2, 11), leap: 0, lengths: "LssLsLLsLLsL" },
    Year { new_year: (2033, 1, 31), leap: 11, lengths: "sLssLsLsLLLsL" },
    Year { new_year: (2034, 2, 19), leap: 0, lengths: "sLssLsLsLLsL" },
    Year { new_year: (2035, 2, 8), leap: 0, lengths: "LsLssLssLLsL" },
];

/// First day the table holds.
pub const FIRST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2023, 1, 22);
/// Last day the table holds.
pub const LAST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2036, 1, 27);

/// A day in the lunar calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LunarDate {
    /// Lunar year, named by the solar year in which it begins.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// The month repeats the one before (闰月).
    pub leap: bool,
    /// Day, 1 to 30.
    pub day: u32,
    /// Days in this month, 29 or 30.
    pub month_length: u32,
}

/// The lunar date of a day; `None` outside the table.
pub fn lunar(date: NaiveDate) -> Option<LunarDate> {
    let (year, row, start) = TABLE
        .iter()
        .zip(FIRST_LUNAR_YEAR..)
        .filter_map(|(row, year)| {
            let (y, m, d) = row.new_year;
            NaiveDate::from_ymd_opt(y, m, d).map(|start| (year, row, start))
        })
        .take_while(|(_, _, start)| *start <= date)
        .last()?;
    let mut first = start;
    for (number, length) in (1..).zip(row.lengths.chars()) {
        let month_length = if length == 'L' { 30 } else { 29 };
        let next = first.checked_add_days(Days::new(u64::from(month_length)))?;
        if date < next {
            let day = u32::try_from((date - first).num_days()).ok()? + 1;
            let leap = row.leap > 0 && number == row.leap + 1;
            let after = u32::from(row.leap > 0 && number > row.leap);
            return Some(LunarDate {
                year,
                month: number - after,
                leap,
                day,
                month_length,
            });
        }
        first = next;
    }
    None
}

/// `九月廿五`, `闰六月初一`, `腊月三十`; `None` outside the table.
pub fn lunar_text(date: NaiveDate) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月",
        "腊月",
    ];
    let lunar = lunar(date)?;
    let month = MONTHS.get(usize::try_from(lunar.month).ok()?.checked_sub(1)?)?;
    let leap = if lunar.leap { "闰" } else { "" };
    Some(format!("{leap}{month}{}", day_text(lunar.day)))
}

fn day_text(day: u32) -> String {
    const UNITS: [&str; 10] = ["十", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let unit = UNITS
        .get(usize::try_from(day % 10).unwrap_or(0))
        .unwrap_or(&"");
    match day {
        1..=10 => format!("初{unit}"),
        11..=19 => format!("十{unit}"),
        20 => "二十".to_owned(),
        21..=29 => format!("廿{unit}"),
        _ => "三十".to_owned(),
    }
}
