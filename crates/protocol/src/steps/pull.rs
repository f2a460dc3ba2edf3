//! pull: changed records of the device's feeds, paged; also the first filling. The answer is a
//! frame: per record an entry line and, unless it moved out, a line with the state's exact bytes.

use crate::digest::Digest;
use crate::feed::FeedEntry;
use crate::frame::{BODY, ENTRY, FrameError, FrameWriter, HEADER, read_frame};
use crate::keys::SignedStatement;
use serde::{Deserialize, Serialize};

/// `POST`.
pub const PATH: &str = "/api/v1/sync/pull";
/// Content type of pull pages.
pub const CONTENT_TYPE: &str = "application/x-xunji-page";

/// Request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// [`crate::feed::Cursor`] as text; empty at the first filling.
    pub cursor: String,
    /// Bytes the device wants at most; at least one record comes.
    pub max_bytes: usize,
}

/// First line of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageHeader {
    /// Protocol version.
    pub protocol: u32,
    /// Feeds the device has now; one it no longer sees is removed, except pinned records.
    pub feeds: Vec<String>,
    /// Server time.
    pub server_time: xunji_domain::time::Millis,
}

/// End of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageEnd {
    /// Cursor after this page.
    pub cursor: String,
    /// More pages follow at once.
    pub more: bool,
    /// Positions passed by feed, for confirming changes.
    pub passed: Vec<crate::verdict::Effect>,
    /// [`crate::feed::FeedHeads`] of the last page: what the server says of its own history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<SignedStatement>,
}

/// One record of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRecord {
    /// Where it stands in its feed.
    pub entry: FeedEntry,
    /// The state's exact bytes; `None` when the record moved out.
    pub state: Option<Vec<u8>>,
}

/// A page that is whole and whose states match their digests.
#[derive(Clone, Debug)]
pub struct Page {
    /// Header.
    pub header: PageHeader,
    /// Records in feed order.
    pub records: Vec<PageRecord>,
    /// End.
    pub end: PageEnd,
}

/// Why bytes are not a page. Nothing of it is taken.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// Frame.
    #[error("page {0}")]
    Frame(#[from] FrameError),
    /// Header, order or digests.
    #[error("page is malformed: {0}")]
    Malformed(&'static str),
    /// Could not be written.
    #[error("page does not serialise: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes a page record by record, so that the caller can stop at a number of bytes.
#[derive(Debug)]
pub struct PageWriter {
    frame: FrameWriter,
}

impl PageWriter {
    /// Begins a page.
    ///
    /// # Errors
    /// [`PageError::Json`] never for a real header.
    pub fn begin(header: &PageHeader) -> Result<Self, PageError> {
        let mut frame = FrameWriter::default();
        frame.line(HEADER, &serde_json::to_vec(header)?);
        Ok(Self { frame })
    }

    /// Appends one record; `state` is `None` when it moved out.
    ///
    /// # Errors
    /// [`PageError::Json`] never for a real entry.
    pub fn record(&mut self, entry: &FeedEntry, state: Option<&[u8]>) -> Result<(), PageError> {
        self.frame.line(ENTRY, &serde_json::to_vec(entry)?);
        if let Some(state) = state {
            self.frame.line(BODY, state);
        }
        Ok(())
    }

    /// Bytes so far.
    pub fn size(&self) -> usize {
        self.frame.len()
    }

    /// Ends the page and gives its bytes.
    ///
    /// # Errors
    /// [`PageError::Json`] never for a real end.
    pub fn finish(self, end: PageEnd) -> Result<Vec<u8>, PageError> {
        Ok(self.frame.finish(end)?)
    }
}

/// Reads a page: frame, entries, and every state against its digest.
///
/// # Errors
/// [`PageError`] when anything is cut, out of place or does not match.
pub fn read_page(bytes: &[u8]) -> Result<Page, PageError> {
    let frame = read_frame::<PageEnd>(bytes)?;
    let mut lines = frame.lines.into_iter();
    let header = match lines.next() {
        Some((HEADER, content)) => {
            serde_json::from_slice(content).map_err(|_| PageError::Malformed("header"))?
        }
        _ => return Err(PageError::Malformed("no header")),
    };
    Ok(Page {
        header,
        records: records_of(lines)?,
        end: frame.trailer.end,
    })
}

/// Reads records: entries, and every state against its digest.
pub(super) fn records_of<'a>(
    lines: impl Iterator<Item = (u8, &'a [u8])>,
) -> Result<Vec<PageRecord>, PageError> {
    let mut lines = lines.peekable();
    let mut records = Vec::new();
    while let Some((tag, content)) = lines.next() {
        if tag != ENTRY {
            return Err(PageError::Malformed("state without entry"));
        }
        let entry: FeedEntry =
            serde_json::from_slice(content).map_err(|_| PageError::Malformed("entry"))?;
        let state = lines
            .next_if(|(tag, _)| *tag == BODY)
            .map(|(_, state)| state.to_vec());
        match &state {
            Some(bytes) if !entry.gone && Digest::of(bytes) == entry.digest => {}
            None if entry.gone => {}
            _ => return Err(PageError::Malformed("state does not match its entry")),
        }
        records.push(PageRecord { entry, state });
    }
    Ok(records)
}
