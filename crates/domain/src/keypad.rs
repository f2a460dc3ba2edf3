//! Names found by their initials on a telephone keypad: 谷家煎 is GJJ is 455. Nine keys of 58 px can be hit
//! with a wet thumb where twenty-six of 34 px cannot.

use crate::text::SearchKeys;

/// Whether digits find a name: as the initials of consecutive characters, with any reading of each, or as
/// part of a number that belongs to it. No digits find everything; anything but digits finds nothing.
pub fn matches_keypad(digits: &str, keys: &SearchKeys) -> bool {
    let typed: Vec<char> = digits.chars().filter(|c| !c.is_whitespace()).collect();
    if !typed.iter().all(char::is_ascii_digit) {
        return false;
    }
    if typed.is_empty() {
        return true;
    }
    let text: String = typed.iter().collect();
    keys.numbers.iter().any(|number| number.contains(&text))
        || keys.syllables.windows(typed.len()).any(|run| {
            run.iter()
                .zip(&typed)
                .all(|(readings, key)| begins(readings, *key))
        })
}

/// The key a letter lies on; digits lie on themselves.
pub fn key_of(letter: char) -> Option<char> {
    match letter.to_ascii_lowercase() {
        'a'..='c' => Some('2'),
        'd'..='f' => Some('3'),
        'g'..='i' => Some('4'),
        'j'..='l' => Some('5'),
        'm'..='o' => Some('6'),
        'p'..='s' => Some('7'),
        't'..='v' => Some('8'),
        'w'..='z' => Some('9'),
        digit if digit.is_ascii_digit() => Some(digit),
        _ => None,
    }
}

fn begins(readings: &[String], key: char) -> bool {
    readings
        .iter()
        .filter_map(|reading| reading.chars().next())
        .any(|first| key_of(first) == Some(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::search_keys;

    #[test]
    fn initials_are_typed_on_nine_keys() {
        let keys = search_keys("桥头谷家煎饼馃子").with_numbers(["13800130007", "东排12号"]);
        for digits in ["", "7", "455", "7845", "78 45", "0130007", "12"] {
            assert!(matches_keypad(digits, &keys), "{digits}");
        }
        for digits in ["456", "4550", "谷", "gjj", "99999"] {
            assert!(!matches_keypad(digits, &keys), "{digits}");
        }
    }

    #[test]
    fn every_reading_lies_on_its_key() {
        let keys = search_keys("重庆小面");
        assert!(matches_keypad("27", &keys) && matches_keypad("97", &keys));
        assert!(
            matches_keypad("96", &search_keys("𠮷祥面馆")),
            "a character without a reading is passed over"
        );
    }

    #[test]
    fn every_letter_has_a_key() {
        assert!(('a'..='z').all(|letter| key_of(letter).is_some()));
        assert_eq!(
            (key_of('S'), key_of('z'), key_of('谷')),
            (Some('7'), Some('9'), None)
        );
    }
}
