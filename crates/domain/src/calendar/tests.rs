#![allow(clippy::unwrap_used)]

use super::*;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn liuting() -> MarketRule {
    MarketRule {
        calendar: MarketCalendar::Lunar,
        days: vec![5, 10, 15, 20, 25, 30],
        short_month: ShortMonth::Skip,
    }
}

fn every_day() -> impl Iterator<Item = NaiveDate> {
    FIRST_DAY
        .unwrap()
        .iter_days()
        .take_while(|d| *d <= LAST_DAY.unwrap())
}

#[test]
fn known_days_of_the_calendar() {
    for (date, text) in [
        (day(2024, 2, 10), "正月初一"),
        (day(2024, 2, 9), "腊月三十"),
        (day(2025, 1, 29), "正月初一"),
        (day(2025, 1, 28), "腊月廿九"),
        (day(2025, 7, 25), "闰六月初一"),
        (day(2025, 10, 6), "八月十五"),
        (day(2026, 6, 19), "五月初五"),
        (day(2026, 9, 25), "八月十五"),
        (day(2028, 6, 23), "闰五月初一"),
        (day(2033, 12, 22), "闰冬月初一"),
        (day(2035, 12, 31), "腊月初三"),
    ] {
        assert_eq!(lunar_text(date).as_deref(), Some(text), "{date}");
    }
}

#[test]
fn leap_months_are_where_the_calendar_puts_them() {
    let mut found: Vec<(i32, u32)> = every_day()
        .filter_map(lunar)
        .filter(|l| l.leap)
        .map(|l| (l.year, l.month))
        .collect();
    found.dedup();
    assert_eq!(
        found,
        [(2023, 2), (2025, 6), (2028, 5), (2031, 3), (2033, 11)]
    );
}

/// Day follows day without a gap, and every month has the length it claims.
#[test]
fn the_table_is_continuous() {
    let days: Vec<LunarDate> = every_day().map(|d| lunar(d).unwrap()).collect();
    for pair in days.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if b.day == 1 {
            assert_eq!(a.day, a.month_length, "{a:?}");
        } else {
            assert_eq!(b.day, a.day + 1, "{b:?}");
            assert_eq!((a.year, a.month, a.leap), (b.year, b.month, b.leap));
        }
    }
    assert_eq!(lunar(day(2023, 1, 21)), None);
    assert_eq!(lunar(day(2036, 1, 28)), None);
}

/// A 29-day month has no 30th: the custom decides.
#[test]
fn a_short_month_follows_the_custom() {
    let (last, first) = (day(2026, 4, 16), day(2026, 4, 17));
    assert_eq!(lunar_text(last).as_deref(), Some("二月廿九"));
    assert_eq!(lunar_text(first).as_deref(), Some("三月初一"));
    let held = |short_month, date| {
        let rule = MarketRule {
            short_month,
            ..liuting()
        };
        is_market_day(&rule, date)
    };
    assert_eq!(
        (held(ShortMonth::Skip, last), held(ShortMonth::Skip, first)),
        (false, false)
    );
    assert_eq!(
        (
            held(ShortMonth::LastDay, last),
            held(ShortMonth::LastDay, first)
        ),
        (true, false)
    );
    assert_eq!(
        (
            held(ShortMonth::NextFirst, last),
            held(ShortMonth::NextFirst, first)
        ),
        (false, true)
    );
    let long_last = day(2026, 3, 18);
    assert_eq!(lunar_text(long_last).as_deref(), Some("正月三十"));
    for custom in ShortMonth::ALL {
        assert!(held(*custom, long_last));
        assert!(!held(*custom, day(2026, 3, 19)));
    }
}

#[test]
fn markets_are_held_in_leap_months_too() {
    assert!(is_market_day(&liuting(), day(2025, 7, 29)));
    assert_eq!(lunar_text(day(2025, 7, 29)).as_deref(), Some("闰六月初五"));
}

#[test]
fn next_and_latest_never_return_the_day_itself() {
    for today in every_day().skip(40).step_by(7).take(600) {
        let next = next_market_day(&liuting(), today).unwrap();
        let past = latest_past_market_day(&liuting(), today).unwrap();
        assert!(past < today && today < next);
        assert!(is_market_day(&liuting(), next) && is_market_day(&liuting(), past));
        assert!((next - past).num_days() <= 14);
    }
}

#[test]
fn solar_weekday_and_daily_markets() {
    let rule = |calendar, days: &[u8]| MarketRule {
        calendar,
        days: days.to_vec(),
        short_month: ShortMonth::LastDay,
    };
    let solar = rule(MarketCalendar::Solar, &[1, 31]);
    assert!(is_market_day(&solar, day(2026, 2, 28)));
    assert!(!is_market_day(&solar, day(2028, 2, 28)));
    assert!(is_market_day(&solar, day(2028, 2, 29)));
    let weekly = rule(MarketCalendar::Weekday, &[7]);
    assert!(is_market_day(&weekly, day(2026, 11, 22)));
    assert_eq!(
        next_market_day(&weekly, day(2026, 11, 22)),
        Some(day(2026, 11, 29))
    );
    assert!(is_market_day(
        &rule(MarketCalendar::Daily, &[]),
        day(2050, 1, 1)
    ));
    assert_eq!(latest_past_market_day(&liuting(), day(2050, 1, 1)), None);
}

#[test]
fn the_day_in_words() {
    assert_eq!(
        full_text(day(2026, 11, 22)),
        "2026年11月22日 农历十月十四 星期日"
    );
    assert_eq!(full_text(day(2050, 1, 1)), "2050年1月1日 星期六");
    assert_eq!(rule_text(&liuting()), "农历逢五、逢十");
    for (days, said) in [
        (&[2, 12, 22][..], "农历逢二"),
        (&[2, 17], "农历每月2、17日"),
        (&[5, 15], "农历每月5、15日"),
        (&[5, 15, 25, 28], "农历每月5、15、25、28日"),
    ] {
        let other = MarketRule {
            days: days.to_vec(),
            ..liuting()
        };
        assert_eq!(rule_text(&other), said);
    }
}
