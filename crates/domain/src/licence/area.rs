//! Area codes: six digits (GB/T 2260), twelve digits (statistics), and grid codes built on them. Codes
//! are not looked up: development zones have their own, and codes of other counties are legitimate.

use super::NumberCheck;
use super::normal::normalise;

/// Checks a six-digit county code or a twelve-digit statistics code.
pub fn check(number: &str) -> NumberCheck {
    let text = normalise(number);
    let digits = text.chars().all(|c| c.is_ascii_digit());
    match text.len() {
        6 if digits => NumberCheck::ok(&text),
        12 if digits && town_kind(&text).is_some() => NumberCheck::ok(&text),
        12 if digits => NumberCheck::format(&text, "区划代码第7至9位不是乡级代码（001至599）"),
        _ => NumberCheck::format(&text, "区划代码应为6位或12位数字"),
    }
}

/// Checks a grid code: a twelve-digit code, a hyphen and two digits, such as `379921101000-03`.
pub fn check_grid(number: &str) -> NumberCheck {
    let text = normalise(number);
    let fits = text.split_once('-').is_some_and(|(area, suffix)| {
        area.len() == 12
            && matches!(check(area), NumberCheck::Ok { .. })
            && suffix.len() == 2
            && suffix.chars().all(|c| c.is_ascii_digit())
    });
    if fits {
        NumberCheck::ok(&text)
    } else {
        NumberCheck::format(&text, "网格编号应为12位区划代码加连字符和2位序号")
    }
}

/// What digits 7 to 9 of a twelve-digit code say: `县级`, `街道`, `镇`, `乡`, `政企合一`.
pub fn town_kind(code: &str) -> Option<&'static str> {
    let town: u32 = code.get(6..9)?.parse().ok()?;
    match town {
        0 => Some("县级"),
        1..=99 => Some("街道"),
        100..=199 => Some("镇"),
        200..=399 => Some("乡"),
        400..=599 => Some("政企合一"),
        _ => None,
    }
}
