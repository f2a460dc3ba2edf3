//! Why a report could not be made, and what went wrong without stopping it.

/// The report was not made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// None of the font bytes holds a family the template can be set in.
    #[error("no font of the family {family} among the given fonts")]
    MissingFont {
        /// The first choice among the families looked for.
        family: String,
    },
    /// The fonts lack a character of the report's own words; a half-printed form is worse than none.
    #[error("the fonts lack characters of the form itself: {characters}")]
    MissingGlyphOwnWords {
        /// The characters, without separators.
        characters: String,
    },
    /// The layout engine refused the template or the data.
    #[error("layout failed: {message}")]
    Compile {
        /// The engine's messages, one a line.
        message: String,
    },
}

/// A photo that is printed as a box 图片无法读取.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoWarning {
    /// The photo's hash as the data names it.
    pub sha256: String,
    /// What is wrong with it.
    pub reason: PhotoFault,
}

/// Why a photo cannot be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFault {
    /// The caller gave no bytes for this hash.
    Absent,
    /// The bytes are not a picture that can be decoded.
    Undecodable,
    /// More pixels than a report may decode.
    TooLarge,
}
