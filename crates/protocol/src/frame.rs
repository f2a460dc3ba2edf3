//! The framing of segments and pull pages: tagged lines, then a trailer with count and digest, so
//! that a cut at any byte is seen. Line = one tag byte, exact content bytes, `\n`.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// Tag of the header line.
pub const HEADER: u8 = b'H';
/// Tag of an envelope or feed entry.
pub const ENTRY: u8 = b'E';
/// Tag of the body or state that belongs to the entry before it.
pub const BODY: u8 = b'B';
/// Tag of the trailer.
pub const TRAILER: u8 = b'T';

/// The last line: how many lines came before and the SHA-256 of their bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer<T> {
    /// Lines before the trailer.
    pub count: u64,
    /// SHA-256 of all bytes before the trailer.
    pub digest: Digest,
    /// What else the frame ends with.
    #[serde(flatten)]
    pub end: T,
}

/// Why bytes are not a whole frame. Nothing of such a frame is taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It ends before its trailer.
    #[error("cut before its trailer")]
    Cut,
    /// Bytes after the trailer, an unknown tag, or JSON that does not parse.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// Count or digest do not fit.
    #[error("count or digest do not fit")]
    Digest,
}

/// Writes a frame line by line.
#[derive(Debug, Default)]
pub struct FrameWriter {
    bytes: Vec<u8>,
    count: u64,
}

impl FrameWriter {
    /// Appends one line. `content` must not hold a newline: canonical JSON and hex never do.
    pub fn line(&mut self, tag: u8, content: &[u8]) {
        debug_assert!(!content.contains(&b'\n'));
        self.bytes.push(tag);
        self.bytes.extend_from_slice(content);
        self.bytes.push(b'\n');
        self.count += 1;
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Appends the trailer and gives the whole frame.
    ///
    /// # Errors
    /// When `end` does not serialise.
    pub fn finish<T: Serialize>(mut self, end: T) -> Result<Vec<u8>, serde_json::Error> {
        let digest = Digest::of(&self.bytes);
        let trailer = Trailer {
            count: self.count,
            digest,
            end,
        };
        self.bytes.push(TRAILER);
        serde_json::to_writer(&mut self.bytes, &trailer)?;
        self.bytes.push(b'\n');
        Ok(self.bytes)
    }
}

/// The lines of a whole frame and its trailer.
pub struct Frame<'a, T> {
    /// Tag and content of each line before the trailer.
    pub lines: Vec<(u8, &'a [u8])>,
    /// The trailer.
    pub trailer: Trailer<T>,
}

/// Reads a frame; nothing is given out unless all of it is whole.
///
/// # Errors
/// [`FrameError`] at a cut, a stray byte, or a count or digest that does not fit.
pub fn read_frame<T: serde::de::DeserializeOwned>(
    bytes: &[u8],
) -> Result<Frame<'_, T>, FrameError> {
    let mut lines = Vec::new();
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).ok_or(FrameError::Cut)?;
        let end = rest
            .iter()
            .position(|b| *b == b'\n')
            .ok_or(FrameError::Cut)?;
        let (tag, content) = rest
            .get(..end)
            .and_then(|line| line.split_first())
            .ok_or(FrameError::Malformed("empty line"))?;
        if *tag == TRAILER {
            let trailer: Trailer<T> =
                serde_json::from_slice(content).map_err(|_| FrameError::Malformed("trailer"))?;
            if bytes.len() != at + end + 1 {
                return Err(FrameError::Malformed("bytes after the trailer"));
            }
            let before = bytes.get(..at).ok_or(FrameError::Cut)?;
            if trailer.count != lines.len() as u64 || trailer.digest != Digest::of(before) {
                return Err(FrameError::Digest);
            }
            return Ok(Frame { lines, trailer });
        }
        lines.push((*tag, content));
        at += end + 1;
    }
}
