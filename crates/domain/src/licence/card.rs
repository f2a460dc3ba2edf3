//! 执法证号. No national format was found: 4 to 20 of digits, Latin letters and hyphens.

use super::NumberCheck;
use super::normal::normalise;

/// Checks the number of an officer's card.
pub fn check(number: &str) -> NumberCheck {
    let text = normalise(number);
    let shape = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-';
    if (4..=20).contains(&text.chars().count()) && text.chars().all(shape) {
        NumberCheck::ok(&text)
    } else {
        NumberCheck::format(&text, "执法证号应为4至20位数字、字母或连字符")
    }
}
