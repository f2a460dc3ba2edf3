//! Reads a volume piece by piece, and goes on behind what is damaged; never more than one frame is in
//! memory.

use super::BundleError;
use super::frames::{Frame, SEALED_FRAME, VolumeCipher};
use super::header::SignedHeader;
use super::piece::PieceHead;
use std::io::{self, Read};

/// A volume being read, from its first frame on.
pub struct VolumeReader<R: Read> {
    source: R,
    cipher: VolumeCipher,
    index: u64,
    /// A frame that was read on the way and belongs to the next piece.
    held: Option<Frame>,
    /// Content of the piece that was read and not yet handed out.
    content: Vec<u8>,
    handed: usize,
    left: u64,
    damaged: u64,
    ended: bool,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A piece; its content is read from the reader itself.
    Piece(PieceHead),
    /// The end, with the number of pieces that were written.
    End(u64),
    /// The file ends before its end: what was read before counts.
    Cut,
}

enum Next {
    Frame(Frame),
    Damaged(u64),
    Nothing,
}

impl<R: Read> VolumeReader<R> {
    /// `source` stands behind the header.
    pub fn new(source: R, header: &SignedHeader, key: &[u8; 32]) -> Self {
        Self {
            source,
            cipher: VolumeCipher::new(key, header),
            index: 0,
            held: None,
            content: Vec::new(),
            handed: 0,
            left: 0,
            damaged: 0,
            ended: false,
        }
    }

    /// Frames that did not open so far.
    pub fn damaged(&self) -> u64 {
        self.damaged
    }

    /// The next piece that reads; what is left of the one before is passed over.
    ///
    /// # Errors
    /// The source's.
    pub fn next_piece(&mut self) -> io::Result<Found> {
        self.left = 0;
        loop {
            let frame = match self.next_frame()? {
                Next::Nothing => return Ok(Found::Cut),
                Next::Damaged(_) => continue,
                Next::Frame(frame) if !frame.begins => continue,
                Next::Frame(frame) => frame,
            };
            let line = frame.content.iter().position(|byte| *byte == b'\n');
            let head = line.and_then(|end| frame.content.get(..end));
            let Some(head) = head.and_then(|line| serde_json::from_slice(line).ok()) else {
                // A piece of a newer program, or none at all.
                continue;
            };
            if let PieceHead::End { pieces } = head {
                return Ok(Found::End(pieces));
            }
            self.left = head.size();
            self.handed = line.map_or(0, |end| end + 1);
            self.content = frame.content;
            return Ok(Found::Piece(head));
        }
    }

    fn next_frame(&mut self) -> io::Result<Next> {
        if let Some(frame) = self.held.take() {
            return Ok(Next::Frame(frame));
        }
        if self.ended {
            return Ok(Next::Nothing);
        }
        let mut sealed = Vec::with_capacity(SEALED_FRAME);
        let limit = SEALED_FRAME as u64;
        self.source.by_ref().take(limit).read_to_end(&mut sealed)?;
        if sealed.len() < SEALED_FRAME {
            self.ended = true;
            return Ok(Next::Nothing);
        }
        let index = self.index;
        self.index += 1;
        Ok(match self.cipher.open(index, sealed) {
            Ok(frame) => Next::Frame(frame),
            Err(_) => {
                self.damaged += 1;
                Next::Damaged(index)
            }
        })
    }
}

/// The content of the piece that [`VolumeReader::next_piece`] named, and then nothing.
impl<R: Read> Read for VolumeReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || into.is_empty() {
            return Ok(0);
        }
        if self.handed >= self.content.len() {
            match self.next_frame()? {
                Next::Nothing => return Err(BundleError::Cut.into()),
                Next::Damaged(index) => return Err(BundleError::Frame(index).into()),
                Next::Frame(frame) if frame.begins => {
                    self.held = Some(frame);
                    return Err(BundleError::Piece.into());
                }
                Next::Frame(frame) => (self.content, self.handed) = (frame.content, 0),
            }
        }
        let waiting = self.content.get(self.handed..).unwrap_or_default();
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let len = waiting.len().min(into.len()).min(most);
        for (to, from) in into.iter_mut().zip(waiting.iter().take(len)) {
            *to = *from;
        }
        if len == 0 {
            return Err(BundleError::Piece.into());
        }
        self.handed += len;
        self.left -= len as u64;
        Ok(len)
    }
}
