//! Numbers without a published format: 登记证, 公示卡, 健康证明. Free text up to 32 characters, with the
//! patterns a province profile may know.

use super::NumberCheck;
use serde::{Deserialize, Serialize};

/// Longest free number, in characters.
pub const MAX_CHARS: usize = 32;

/// The patterns a province knows for one kind. In a pattern `9` stands for a digit, `A` for a Latin
/// letter, `?` for any character; everything else stands for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberPatterns {
    /// Every number must fit one of the patterns; otherwise a number that fits none has no rule.
    #[serde(default)]
    pub strict: bool,
    /// The patterns.
    pub patterns: Vec<String>,
}

/// Checks a normalised free number. An empty one has no rule: a stall's card need not carry a number
/// (条例第28条).
pub fn check(rules: &NumberPatterns, text: &str) -> NumberCheck {
    let length = text.chars().count();
    if length > MAX_CHARS {
        return NumberCheck::format(text, format!("证号最多{MAX_CHARS}个字，现为{length}个字"));
    }
    if text.chars().any(char::is_control) {
        return NumberCheck::format(text, "证号含有无法显示的字符");
    }
    if rules.patterns.iter().any(|pattern| fits(pattern, text)) {
        return NumberCheck::ok(text);
    }
    if rules.strict && !text.is_empty() {
        let shapes = rules.patterns.join("、");
        return NumberCheck::format(text, format!("证号应形如 {shapes}（9代表数字，A代表字母）"));
    }
    NumberCheck::no_rule(text)
}

fn fits(pattern: &str, text: &str) -> bool {
    pattern.chars().count() == text.chars().count()
        && pattern.chars().zip(text.chars()).all(|(p, c)| match p {
            '9' => c.is_ascii_digit(),
            'A' => c.is_ascii_uppercase(),
            '?' => true,
            _ => p == c,
        })
}
