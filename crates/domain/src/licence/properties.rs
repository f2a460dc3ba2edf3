//! What the check digits guarantee for every number, not only for the examples.
#![allow(clippy::unwrap_used)]

use super::tests::{CODES, is_ok};
use super::*;
use proptest::prelude::*;

/// The text with the character at `at` replaced by another of `alphabet`, or `None` when it is the same.
fn replaced(text: &str, at: usize, alphabet: &str, pick: usize) -> Option<String> {
    let new = alphabet.chars().nth(pick % alphabet.chars().count())?;
    let at = at % text.chars().count();
    let changed: String = text
        .chars()
        .enumerate()
        .map(|(i, c)| if i == at { new } else { c })
        .collect();
    (changed != text).then_some(changed)
}

/// `body` with the check digit that makes it pass.
fn completed(body: &str, check: impl Fn(&str) -> NumberCheck) -> String {
    let guess = format!("{body}0");
    match check(&guess) {
        NumberCheck::CheckDigitMismatch { expected, .. } => format!("{body}{expected}"),
        _ => guess,
    }
}

proptest! {
    /// MOD 11,10 catches every single wrong digit.
    #[test]
    fn one_wrong_digit_is_caught_in_registration_numbers(body in "[0-9]{14}", at in 0_usize..15, pick in 0_usize..10) {
        let number = completed(&body, registration::check);
        prop_assert!(is_ok(&registration::check(&number)));
        if let Some(bad) = replaced(&number, at, "0123456789", pick) {
            prop_assert!(!is_ok(&registration::check(&bad)), "{bad}");
        }
    }

    #[test]
    fn one_wrong_digit_is_caught_in_permits(body in "JY[0-9]{13}", at in 0_usize..14, pick in 0_usize..10) {
        let number = completed(&body, permit::check_food);
        prop_assert!(is_ok(&permit::check_food(&number)));
        if let Some(bad) = replaced(&number[2..], at, "0123456789", pick) {
            prop_assert!(!is_ok(&permit::check_food(&format!("JY{bad}"))), "{bad}");
        }
    }

    /// A prime modulus with weights that are never 0 catches every single wrong character.
    #[test]
    fn one_wrong_character_is_caught_in_unified_codes(which in 0_usize..4, at in 0_usize..18, pick in 0_usize..31) {
        if let Some(bad) = replaced(CODES[which], at, "0123456789ABCDEFGHJKLMNPQRTUWXY", pick) {
            prop_assert!(!is_ok(&uscc::check(&bad)), "{bad}");
        }
    }

    #[test]
    fn one_wrong_digit_is_caught_in_citizen_ids(year in 1930_u32..2020, serial in 0_u32..1000, at in 0_usize..18, pick in 0_usize..10) {
        let id = completed(&format!("379921{year}0615{serial:03}"), citizen::check);
        prop_assert!(is_ok(&citizen::check(&id)));
        if let Some(bad) = replaced(&id, at, "0123456789", pick) {
            prop_assert!(!is_ok(&citizen::check(&bad)), "{bad}");
        }
    }

    /// Swapping two neighbouring different digits is caught by MOD 11-2.
    #[test]
    fn swapped_neighbours_are_caught_in_citizen_ids(serial in 0_u32..1000, at in 14_usize..16) {
        let id = completed(&format!("37992119800101{serial:03}"), citizen::check);
        let mut chars: Vec<char> = id.chars().collect();
        chars.swap(at, at + 1);
        let swapped: String = chars.into_iter().collect();
        prop_assert_eq!(is_ok(&citizen::check(&swapped)), swapped == id);
    }

    /// Whatever is typed: no panic, and the result normalises to itself.
    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}") {
        for kind in LicenceKind::ALL {
            let first = check(*kind, &text);
            let again = check(*kind, first.normalised());
            prop_assert_eq!(first.normalised(), again.normalised());
        }
        let _ = (phone::check(&text), card::check(&text), area::check(&text));
        let _ = (area::check_grid(&text), citizen::check(&text), qr::read(&text));
    }
}
