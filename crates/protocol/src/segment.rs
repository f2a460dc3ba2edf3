//! A segment: consecutive changes of one log with the head signature that covers them.

use crate::envelope::{Change, ChangeError};
use crate::frame::{BODY, ENTRY, FrameError, FrameWriter, HEADER, read_frame};
use crate::keys::PublicKey;
use crate::limits::{MAX_SEGMENT, MAX_SEGMENT_CHANGES};
use crate::log::HeadSignature;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::LogId;

/// First line of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentHeader {
    /// Protocol version of the writer.
    pub protocol: u32,
    /// The line.
    pub log: LogId,
    /// Seq of the first change.
    pub first_seq: u64,
}

/// What the trailer carries besides count and digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentEnd {
    /// Signature over the last change of the segment.
    pub head: HeadSignature,
}

/// A segment that is whole; the signature is checked by [`Segment::verify`].
#[derive(Clone, Debug)]
pub struct Segment {
    /// Header.
    pub header: SegmentHeader,
    /// Changes in order.
    pub changes: Vec<Change>,
    /// Head signature.
    pub head: HeadSignature,
}

/// Why a segment is refused; nothing of it was acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// Frame.
    #[error("segment {0}")]
    Frame(#[from] FrameError),
    /// A change in it.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// Header, order or limits.
    #[error("segment is malformed: {0}")]
    Malformed(&'static str),
    /// The head signature does not verify or is of another head.
    #[error("head signature does not verify")]
    HeadSignature,
    /// Could not be written.
    #[error("segment does not serialise: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes a segment.
///
/// # Errors
/// [`SegmentError::Malformed`] for an empty list, [`SegmentError::Json`] never for real values.
pub fn write_segment(changes: &[Change], head: HeadSignature) -> Result<Vec<u8>, SegmentError> {
    let first = changes
        .first()
        .ok_or(SegmentError::Malformed("no changes"))?;
    let mut frame = FrameWriter::default();
    let header = SegmentHeader {
        protocol: crate::version::CURRENT,
        log: first.envelope.log,
        first_seq: first.envelope.seq,
    };
    frame.line(HEADER, &serde_json::to_vec(&header)?);
    for change in changes {
        frame.line(ENTRY, &change.envelope_bytes);
        if let Some(body) = change.body.bytes() {
            frame.line(BODY, body);
        }
    }
    Ok(frame.finish(SegmentEnd { head })?)
}

/// Reads a segment: frame, digests of bodies, seq order. The chain to what is stored and the
/// signature are separate steps.
///
/// # Errors
/// [`SegmentError`] when anything is cut, too large or out of order.
pub fn read_segment(bytes: &[u8]) -> Result<Segment, SegmentError> {
    if bytes.len() > MAX_SEGMENT {
        return Err(SegmentError::Malformed("too large"));
    }
    let frame = read_frame::<SegmentEnd>(bytes)?;
    let mut lines = frame.lines.into_iter().peekable();
    let header = match lines.next() {
        Some((HEADER, content)) => serde_json::from_slice::<SegmentHeader>(content)
            .map_err(|_| SegmentError::Malformed("header"))?,
        _ => return Err(SegmentError::Malformed("no header")),
    };
    let mut changes = Vec::new();
    while let Some((tag, envelope)) = lines.next() {
        if tag != ENTRY {
            return Err(SegmentError::Malformed("body without envelope"));
        }
        let body = lines
            .next_if(|(tag, _)| *tag == BODY)
            .map(|(_, body)| body.to_vec());
        let change = Change::read(envelope.to_vec(), body)?;
        let expected = header.first_seq + changes.len() as u64;
        if change.envelope.log != header.log || change.envelope.seq != expected {
            return Err(SegmentError::Malformed("changes are not consecutive"));
        }
        changes.push(change);
    }
    if changes.is_empty() || changes.len() > MAX_SEGMENT_CHANGES {
        return Err(SegmentError::Malformed("number of changes"));
    }
    Ok(Segment {
        header,
        changes,
        head: frame.trailer.end.head,
    })
}

impl Segment {
    /// Checks the inner chain and that the log's key signed exactly this head.
    ///
    /// # Errors
    /// [`SegmentError::HeadSignature`] or [`SegmentError::Malformed`] naming the break.
    pub fn verify(&self, key: &PublicKey) -> Result<(), SegmentError> {
        for pair in self.changes.windows(2) {
            if let [before, after] = pair
                && after.envelope.prev != before.hash
            {
                return Err(SegmentError::Malformed("chain inside the segment"));
            }
        }
        let last = self
            .changes
            .last()
            .ok_or(SegmentError::Malformed("no changes"))?;
        let head = &self.head.head;
        if head.log != self.header.log || head.seq != last.envelope.seq || head.hash != last.hash {
            return Err(SegmentError::HeadSignature);
        }
        self.head
            .verify(key)
            .map_err(|_| SegmentError::HeadSignature)
    }
}
