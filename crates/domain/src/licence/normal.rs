//! Brings a typed or scanned number into the form in which it is stored and compared.

/// Full-width characters become half-width, white space goes, Latin letters become upper-case.
/// Chinese brackets such as `〔〕` stay: they belong to the number.
pub fn normalise(number: &str) -> String {
    number
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// The digits of a text as numbers; `None` when any character is not an ASCII digit.
pub(crate) fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_space_and_case_are_levelled() {
        assert_eq!(normalise(" ９２37 9921ｍa3dem0195　"), "92379921MA3DEM0195");
        assert_eq!(
            normalise("演示登〔2026〕379921－0001"),
            "演示登〔2026〕379921-0001"
        );
    }
}
