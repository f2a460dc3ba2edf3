//! 统一社会信用代码 (GB 32100-2015, 18 characters), with the organisation code (GB 11714) inside it.

use super::NumberCheck;

/// The 31 characters; I, O, S, V, Z are not used.
const CHARSET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the organisation code's first eight characters.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Checks a normalised code. The 18th character covers all others and is reported first; the 17th is
/// the check character of the organisation code and can be wrong on its own.
pub fn check(text: &str) -> NumberCheck {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() != 18 {
        return NumberCheck::format(
            text,
            format!("统一社会信用代码应为18位，现为{}位", chars.len()),
        );
    }
    if let Some(at) = chars.iter().position(|c| index(*c).is_none()) {
        let read = chars.get(at).copied().unwrap_or(' ');
        let message = format!(
            "第{}位“{read}”不是代码字符（不使用字母I、O、S、V、Z，常与数字1、0、5、2混淆）",
            at + 1
        );
        return NumberCheck::format(text, message);
    }
    if !chars.iter().skip(2).take(6).all(char::is_ascii_digit) {
        return NumberCheck::format(text, "第3至8位应为登记机关行政区划代码（数字）");
    }
    verify(text, &chars)
}

fn verify(text: &str, chars: &[char]) -> NumberCheck {
    let (Some(read_17), Some(read_18)) = (chars.get(16), chars.get(17)) else {
        return NumberCheck::format(text, "统一社会信用代码应为18位");
    };
    let expected_18 = check_character(chars);
    if *read_18 != expected_18 {
        return NumberCheck::mismatch(text, *read_18, expected_18, 18);
    }
    let organisation: Vec<char> = chars.iter().skip(8).take(8).copied().collect();
    let expected_17 = organisation_check(&organisation);
    if *read_17 != expected_17 {
        return NumberCheck::mismatch(text, *read_17, expected_17, 17);
    }
    NumberCheck::ok(text)
}

/// The 18th character for the first 17. Remainder 0 gives `0`, not `Y`.
fn check_character(chars: &[char]) -> char {
    let (sum, _) = chars
        .iter()
        .take(17)
        .filter_map(|c| index(*c))
        .fold((0, 1), |(sum, weight), value| {
            ((sum + value * weight) % 31, weight * 3 % 31)
        });
    CHARSET
        .chars()
        .nth(((31 - sum) % 31) as usize)
        .unwrap_or('0')
}

/// The check character of an organisation code: 10 is written `X`, 11 is written `0`.
fn organisation_check(chars: &[char]) -> char {
    let sum: u32 = chars
        .iter()
        .filter_map(|c| c.to_digit(36))
        .zip(ORGANISATION_WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        value => char::from_digit(value, 10).unwrap_or('0'),
    }
}

fn index(c: char) -> Option<u32> {
    CHARSET
        .chars()
        .zip(0..)
        .find(|(x, _)| *x == c)
        .map(|(_, i)| i)
}
