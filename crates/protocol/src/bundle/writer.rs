//! Writes a volume piece by piece; never more than one frame is in memory.

use super::BundleError;
use super::frames::{ROOM, VolumeCipher};
use super::header::SignedHeader;
use super::piece::PieceHead;
use std::io::{self, Write};

/// A volume being written.
pub struct VolumeWriter<W: Write> {
    out: W,
    cipher: VolumeCipher,
    index: u64,
    pieces: u64,
    left: u64,
    begins: bool,
    frame: Vec<u8>,
}

impl<W: Write> VolumeWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The output's.
    pub fn begin(mut out: W, header: &SignedHeader, key: &[u8; 32]) -> io::Result<Self> {
        out.write_all(&header.bytes())?;
        Ok(Self {
            out,
            cipher: VolumeCipher::new(key, header),
            index: 0,
            pieces: 0,
            left: 0,
            begins: false,
            frame: Vec::with_capacity(ROOM),
        })
    }

    /// Begins a piece; so many bytes as it says have to follow.
    ///
    /// # Errors
    /// The output's; `InvalidData` when the piece before lacks bytes.
    pub fn piece(&mut self, head: &PieceHead) -> io::Result<()> {
        if self.left > 0 {
            return Err(BundleError::Piece.into());
        }
        self.flush_frame()?;
        self.begins = true;
        self.left = head.size();
        self.pieces += 1;
        let mut line = serde_json::to_vec(head)?;
        line.push(b'\n');
        self.put(&line)
    }

    /// Adds content of the piece.
    ///
    /// # Errors
    /// The output's; `InvalidData` when there is more of it than the piece says.
    pub fn content(&mut self, bytes: &[u8]) -> io::Result<()> {
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left = left.ok_or(BundleError::Piece)?;
        self.put(bytes)
    }

    /// Gives up the piece under way: its source cannot be read. Readers pass over what is there of it.
    ///
    /// # Errors
    /// The output's.
    pub fn give_up(&mut self) -> io::Result<()> {
        self.left = 0;
        self.pieces = self.pieces.saturating_sub(1);
        self.flush_frame()
    }

    /// Writes the last piece and gives back the output; the caller makes it durable.
    ///
    /// # Errors
    /// The output's; `InvalidData` when the last piece lacks bytes.
    pub fn finish(mut self) -> io::Result<W> {
        let pieces = self.pieces;
        self.piece(&PieceHead::End { pieces })?;
        self.flush_frame()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(ROOM - self.frame.len()));
            self.frame.extend_from_slice(now);
            bytes = later;
            if self.frame.len() == ROOM {
                self.flush_frame()?;
            }
        }
        Ok(())
    }

    fn flush_frame(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let sealed = self.cipher.seal(self.index, self.begins, &self.frame)?;
        self.out.write_all(&sealed)?;
        self.frame.clear();
        self.begins = false;
        self.index += 1;
        Ok(())
    }
}
