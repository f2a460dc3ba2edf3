//! A query made ready once and held against many names: a register of 20,000 is searched at every key
//! typed.

use super::{SearchKeys, fold};

/// What somebody types to find a name: part of it, part of a number that belongs to it, or pinyin in any
/// mix of full and shortened syllables from one character on: `liuting`, `lt`, `liut`, with any reading of
/// each character. An empty query finds everything.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    /// The letters, when there is one in it that a syllable can begin with.
    letters: Vec<char>,
}

impl Query {
    /// The query as it was typed.
    pub fn new(typed: &str) -> Self {
        let text = fold(typed);
        let mut letters: Vec<char> = text.chars().filter(|c| *c != '\'').collect();
        if !letters.iter().any(char::is_ascii_alphabetic) {
            letters.clear();
        }
        Self { text, letters }
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it finds what these keys belong to.
    pub fn finds(&self, keys: &SearchKeys) -> bool {
        self.is_empty()
            || keys.numbers.iter().any(|number| self.is_in(number))
            || self.is_in(&keys.text)
            || (0..keys.syllables.len())
                .any(|from| self.spells(keys.syllables.get(from..).unwrap_or_default()))
    }

    /// Whether it is a part of a folded text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.text)
    }

    /// Whether the letters can be cut into non-empty beginnings of consecutive syllables, from the first
    /// on. Walks the set of reachable offsets, so that no query can make it slow.
    pub(crate) fn spells(&self, syllables: &[Vec<String>]) -> bool {
        // Most names are told apart by their first letter, before anything is allocated.
        let (Some(letter), Some(first)) = (self.letters.first(), syllables.first()) else {
            return false;
        };
        if !first.iter().any(|reading| reading.starts_with(*letter)) {
            return false;
        }
        let mut reached = vec![0];
        for readings in syllables {
            let mut next = Vec::new();
            for offset in reached {
                self.steps(offset, readings, &mut next);
            }
            if next.contains(&self.letters.len()) {
                return true;
            }
            next.sort_unstable();
            next.dedup();
            reached = next;
        }
        false
    }

    /// The offsets behind each beginning of a reading that stands at `offset`.
    fn steps(&self, offset: usize, readings: &[String], next: &mut Vec<usize>) {
        let rest = self.letters.get(offset..).unwrap_or_default();
        for reading in readings {
            let same = reading.chars().zip(rest).take_while(|(a, b)| a == *b);
            next.extend((1..=same.count()).map(|taken| offset + taken));
        }
    }
}
