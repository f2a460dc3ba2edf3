//! 食品经营许可证 (JY) and 食品生产许可证 (SC): two letters and 14 digits, the last by MOD 11,10 over the first 13.
//! The rule's text was not found; it fits most published numbers and is one more reason why a wrong
//! check digit only warns. Area codes are not looked up: some cities put the street in their place.

use super::{NumberCheck, normal, registration};

/// Checks a normalised JY number.
pub fn check_food(text: &str) -> NumberCheck {
    check(text, "JY", "食品经营许可证")
}

/// Checks a normalised SC number.
pub fn check_production(text: &str) -> NumberCheck {
    check(text, "SC", "食品生产许可证")
}

/// Whether a normalised number is written like a 食品经营许可证.
pub fn looks_like_food(text: &str) -> bool {
    text.strip_prefix("JY")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn check(text: &str, prefix: &str, name: &str) -> NumberCheck {
    let digits = text.strip_prefix(prefix).and_then(normal::digits);
    match digits {
        Some(digits) if digits.len() == 14 => registration::verify_last(text, &digits, 16),
        _ => NumberCheck::format(text, format!("{name}编号应为{prefix}加14位数字")),
    }
}
