//! The fonts a report may use, from bytes. Which of them a template asks for is decided here.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::error::ReportError;

/// 宋体 families in order of choice: Debian, Adobe's own name, Google's web package.
const SERIF: [&str; 3] = ["Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"];
/// 黑体 families in order of choice; Android has the first.
const SANS: [&str; 3] = ["Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC"];

/// Parsed fonts. Cheap to clone; the font bytes are shared.
#[derive(Clone)]
pub struct FontSet {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    serif: Vec<String>,
    sans: Vec<String>,
    sha256: Vec<String>,
}

impl FontSet {
    /// Reads font files; a `.ttc` gives all its faces, what is not a font is passed over.
    ///
    /// # Errors
    /// [`ReportError::MissingFont`] when there is neither a 宋体 nor a 黑体 family. One of the two
    /// is enough: a phone has no serif.
    pub fn from_bytes(files: Vec<Vec<u8>>) -> Result<Self, ReportError> {
        let sha256 = files
            .iter()
            .map(|f| hex::encode(Sha256::digest(f)))
            .collect();
        let fonts: Vec<Font> = files
            .into_iter()
            .flat_map(|file| Font::iter(Bytes::new(file)).collect::<Vec<_>>())
            .filter(|font| !is_emoji(font))
            .collect();
        let families: BTreeSet<&str> = fonts.iter().map(|f| f.info().family.as_str()).collect();
        let serif = first_of(&SERIF, &families);
        let sans = first_of(&SANS, &families);
        if serif.is_none() && sans.is_none() {
            return Err(ReportError::MissingFont {
                family: SERIF[0].to_owned(),
            });
        }
        Ok(Self {
            serif: order(serif, sans, &families),
            sans: order(sans, serif, &families),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sha256,
        })
    }

    /// SHA-256 of each font file given, in the given order: part of what makes a PDF's bytes.
    pub fn sha256(&self) -> &[String] {
        &self.sha256
    }

    /// Families to set 宋体 in: the chosen one, then all others as a fallback.
    pub(crate) fn serif(&self) -> &[String] {
        &self.serif
    }

    /// Families to set 黑体 in: the chosen one, then all others as a fallback.
    pub(crate) fn sans(&self) -> &[String] {
        &self.sans
    }

    /// Whether some family has the character in all its weights, so that bold text has it too.
    pub(crate) fn covers(&self, character: char) -> bool {
        self.serif.iter().any(|family| {
            self.book
                .select_family(&family.to_lowercase())
                .filter_map(|index| self.book.info(index))
                .all(|info| info.coverage.contains(u32::from(character)))
        })
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
}

fn first_of<'a>(choices: &[&'a str], families: &BTreeSet<&str>) -> Option<&'a str> {
    choices.iter().copied().find(|c| families.contains(c))
}

fn order(first: Option<&str>, second: Option<&str>, all: &BTreeSet<&str>) -> Vec<String> {
    let mut families: Vec<String> = Vec::new();
    let candidates = first.into_iter().chain(second).chain(all.iter().copied());
    for family in candidates {
        if !families.iter().any(|f| f == family) {
            families.push(family.to_owned());
        }
    }
    families
}

/// Emoji fonts are passed over: they print as pictures or not at all on an office printer.
fn is_emoji(font: &Font) -> bool {
    font.info().family.contains("Emoji")
}
