//! Telephone numbers: mobile, landline, and the hotline 12315.

use super::NumberCheck;
use super::normal::normalise;

/// Checks a telephone number; `+86` in front is dropped. Empty has no rule: a stall need not have one.
pub fn check(number: &str) -> NumberCheck {
    let text = normalise(number);
    let text = text.strip_prefix("+86").unwrap_or(&text);
    if text.is_empty() {
        return NumberCheck::no_rule(text);
    }
    if text == "12315" || is_mobile(text) || is_landline(text) {
        return NumberCheck::ok(text);
    }
    NumberCheck::format(text, "电话应为11位手机号，或带区号的固定电话")
}

/// `^1[3-9]\d{9}$`.
pub fn is_mobile(text: &str) -> bool {
    let mut chars = text.chars();
    text.len() == 11
        && chars.next() == Some('1')
        && chars.next().is_some_and(|c| ('3'..='9').contains(&c))
        && chars.all(|c| c.is_ascii_digit())
}

/// `^0\d{2,3}-?\d{7,8}$`.
pub fn is_landline(text: &str) -> bool {
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    if !text.starts_with('0') {
        return false;
    }
    match text.split_once('-') {
        Some((area, line)) => {
            (3..=4).contains(&area.len())
                && (7..=8).contains(&line.len())
                && digits(area)
                && digits(line)
        }
        None => (10..=12).contains(&text.len()) && digits(text),
    }
}
