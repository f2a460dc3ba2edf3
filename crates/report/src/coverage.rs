//! Characters against fonts: our own words must all be there; a user's missing character is
//! printed as its code point and reported.

use std::collections::BTreeSet;

use crate::error::ReportError;
use crate::fonts::FontSet;

/// Refuses when a character of our own words is in no font.
pub(crate) fn require(own_words: &str, fonts: &FontSet) -> Result<(), ReportError> {
    let missing: BTreeSet<char> = own_words
        .chars()
        .filter(|c| !c.is_control() && !fonts.covers(*c))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(ReportError::MissingGlyphOwnWords {
        characters: missing.into_iter().collect(),
    })
}

/// A user's text as it can be printed; what no font has is added to `missing` as `U+1F600`.
pub(crate) fn printable(text: &str, fonts: &FontSet, missing: &mut BTreeSet<String>) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            c if c.is_control() || is_invisible(c) => {}
            c if fonts.covers(c) => out.push(c),
            c => {
                let code = format!("U+{:04X}", u32::from(c));
                out.push_str(&format!("〔{code}〕"));
                missing.insert(code);
            }
        }
    }
    out
}

/// Characters without a shape of their own: joiners, direction marks (which could make a printed
/// line read other than it is stored), variation selectors, tags.
fn is_invisible(character: char) -> bool {
    matches!(u32::from(character),
        0x00AD | 0x061C | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}
