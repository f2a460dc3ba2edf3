//! 营业执照注册号 (GS 15—2006): 15 digits, the last by MOD 11,10. Issued until 2015 and still on walls.

use super::{NumberCheck, iso7064, normal};

/// Checks a normalised 15-digit number.
pub fn check(text: &str) -> NumberCheck {
    match normal::digits(text) {
        Some(digits) if digits.len() == 15 => verify_last(text, &digits, 15),
        _ => NumberCheck::format(text, "营业执照注册号应为15位数字"),
    }
}

/// Compares the last of the digits with MOD 11,10 over the others; `length` is that of the whole text.
pub(super) fn verify_last(text: &str, digits: &[u32], length: u32) -> NumberCheck {
    let Some((last, body)) = digits.split_last() else {
        return NumberCheck::format(text, "号码为空");
    };
    let expected = iso7064::mod_11_10(body);
    if *last == expected {
        return NumberCheck::ok(text);
    }
    let digit = |value| char::from_digit(value, 10).unwrap_or('0');
    NumberCheck::mismatch(text, digit(*last), digit(expected), length)
}
