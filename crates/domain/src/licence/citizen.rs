//! 公民身份号码 (GB 11643): six digits area, eight birth date, three serial, one check character.

use super::{NumberCheck, iso7064, normal};
use chrono::{Datelike, NaiveDate};

/// Checks a normalised number: shape, a birth date that exists, check character.
pub fn check(text: &str) -> NumberCheck {
    let chars: Vec<char> = text.chars().collect();
    let body: String = chars.iter().take(17).collect();
    let (Some(digits), Some(last), 18) = (normal::digits(&body), chars.get(17), chars.len()) else {
        return NumberCheck::format(text, "身份号码应为17位数字加1位校验码（数字或X）");
    };
    if !last.is_ascii_digit() && *last != 'X' {
        return NumberCheck::format(text, "身份号码第18位应为数字或X");
    }
    if birth_date(text).is_none() {
        return NumberCheck::format(text, "身份号码第7至14位不是真实的出生日期");
    }
    let expected = iso7064::mod_11_2(&digits);
    if *last == expected {
        NumberCheck::ok(text)
    } else {
        NumberCheck::mismatch(text, *last, expected, 18)
    }
}

/// The birth date in a number; `None` when there is no such day.
pub fn birth_date(text: &str) -> Option<NaiveDate> {
    let date: String = text.chars().skip(6).take(8).collect();
    let digits = normal::digits(&date).filter(|digits| digits.len() == 8)?;
    let part = |from: usize, len: usize| {
        digits
            .iter()
            .skip(from)
            .take(len)
            .fold(0, |value, digit| value * 10 + digit)
    };
    let year = i32::try_from(part(0, 4)).ok().filter(|y| *y >= 1850)?;
    NaiveDate::from_ymd_opt(year, part(4, 2), part(6, 2))
}

/// Full years of age on a day; `None` for an impossible date or one after `on`.
pub fn age_on(text: &str, on: NaiveDate) -> Option<u32> {
    on.years_since(birth_date(text)?)
}

/// What speaks against a number that is otherwise well formed: born after `on`, or older than 120.
pub fn age_warning(text: &str, on: NaiveDate) -> Option<String> {
    let born = birth_date(text)?;
    match on.years_since(born) {
        None => Some(format!("出生日期{born}在今天之后")),
        Some(age) if age > 120 => Some(format!(
            "按出生日期已{age}岁（{}年生），请核对",
            born.year()
        )),
        Some(_) => None,
    }
}
