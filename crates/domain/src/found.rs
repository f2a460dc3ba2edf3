//! Where in a name a query was found, for the line under it.

use crate::keypad::matches_keypad;
use crate::text::{Query, SearchKeys};

/// The characters of the name that a query names: where they begin and how many. `None` where the query
/// is empty, or was found in a number and not in the name.
///
/// The shortest run, and of those the first: `gj` finds two characters, `guji` the same two. Slow beside
/// [`Query::finds`]; asked only for the lines that are shown.
pub fn found_at(query: &str, keypad: bool, keys: &SearchKeys) -> Option<(usize, usize)> {
    let asked = Query::new(query);
    if asked.is_empty() {
        return None;
    }
    let written: Vec<char> = keys.text.chars().collect();
    let count = keys.syllables.len().min(written.len());
    (1..=count).find_map(|len| {
        (0..=count - len)
            .find(|from| {
                let run = *from..from + len;
                let (Some(text), Some(syllables)) =
                    (written.get(run.clone()), keys.syllables.get(run))
                else {
                    return false;
                };
                if keypad {
                    on_keys(query, syllables)
                } else {
                    asked.spells(syllables) || asked.is_in(&text.iter().collect::<String>())
                }
            })
            .map(|from| (from, len))
    })
}

/// Whether digits are the initials of a run.
fn on_keys(digits: &str, syllables: &[Vec<String>]) -> bool {
    let run = SearchKeys {
        syllables: syllables.to_vec(),
        ..SearchKeys::default()
    };
    matches_keypad(digits, &run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::search_keys;

    #[test]
    fn the_shortest_run_at_the_first_place() {
        let keys = search_keys("柳汀禾记包子铺").with_numbers(["13800001111"]);
        for (query, at) in [
            ("禾记", Some((2, 2))),
            ("hj", Some((2, 2))),
            ("heji", Some((2, 2))),
            ("lt", Some((0, 2))),
            ("b", Some((4, 1))),
            ("1111", None),
            ("", None),
        ] {
            assert_eq!(found_at(query, false, &keys), at, "{query}");
        }
        assert_eq!(found_at("45", true, &keys), Some((2, 2)));
        assert_eq!(found_at("1111", true, &keys), None);
    }

    #[test]
    fn a_character_outside_the_basic_plane_is_one() {
        assert_eq!(
            found_at("xf", false, &search_keys("㼆家𠮷祥饭馆")),
            Some((3, 2))
        );
    }
}
