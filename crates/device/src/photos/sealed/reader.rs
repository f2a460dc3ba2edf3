//! Reads a sealed file from any offset.

use std::io::{Read, Seek, SeekFrom};

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use xunji_protocol::digest::Digest;

use super::{FRAME, HEADER, Header, SealKey, SealedError, TAG};

/// An open sealed file. Opening checks the last frame, so that a cut file is seen before any of it
/// is used.
pub struct SealedReader<R: Read + Seek> {
    source: R,
    header: Header,
    aad: [u8; HEADER],
    cipher: XChaCha20Poly1305,
    frames: u32,
    size: u64,
}

impl<R: Read + Seek> SealedReader<R> {
    /// Reads the header and opens the last frame.
    ///
    /// # Errors
    /// [`SealedError::Header`] when this is not one of our files, [`SealedError::Frame`] when it was
    /// cut, altered or sealed with another key.
    pub fn open(mut source: R, key: &SealKey) -> Result<Self, SealedError> {
        let total = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        let mut aad = [0; HEADER];
        if total < (HEADER + TAG) as u64 {
            return Err(SealedError::Header);
        }
        source.read_exact(&mut aad)?;
        let header = Header::read(&aad)?;
        let body = total - HEADER as u64;
        let frames = u32::try_from(body.div_ceil((FRAME + TAG) as u64))
            .map_err(|_| SealedError::TooLarge)?;
        let size = body
            .checked_sub(u64::from(frames) * TAG as u64)
            .ok_or(SealedError::Frame(frames))?;
        let cipher = key.cipher(&header);
        let mut reader = Self {
            source,
            header,
            aad,
            cipher,
            frames,
            size,
        };
        reader.frame(frames - 1)?;
        Ok(reader)
    }

    /// Clear bytes in the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The photo the bytes belong to; 16 zero bytes for a derived file.
    pub fn owner(&self) -> [u8; 16] {
        self.header.owner
    }

    /// Clear bytes from an offset, at most `len`; fewer at the end, none behind it.
    ///
    /// # Errors
    /// [`SealedError::Frame`] when a frame on the way does not open.
    pub fn read_at(&mut self, offset: u64, len: usize) -> Result<Vec<u8>, SealedError> {
        let end = offset.saturating_add(len as u64).min(self.size);
        let mut out = Vec::with_capacity(end.saturating_sub(offset) as usize);
        let mut at = offset;
        while at < end {
            let index = u32::try_from(at / FRAME as u64).map_err(|_| SealedError::TooLarge)?;
            let clear = self.frame(index)?;
            let from = (at % FRAME as u64) as usize;
            let want = (end - at) as usize;
            let part = clear.get(from..).ok_or(SealedError::Frame(index))?;
            let part = part.get(..want.min(part.len())).unwrap_or_default();
            if part.is_empty() {
                return Err(SealedError::Frame(index));
            }
            out.extend_from_slice(part);
            at += part.len() as u64;
        }
        Ok(out)
    }

    /// All clear bytes.
    ///
    /// # Errors
    /// As [`Self::read_at`].
    pub fn read_all(&mut self) -> Result<Vec<u8>, SealedError> {
        self.read_at(
            0,
            usize::try_from(self.size).map_err(|_| SealedError::TooLarge)?,
        )
    }

    /// SHA-256 of the clear bytes, frame by frame.
    ///
    /// # Errors
    /// As [`Self::read_at`].
    pub fn digest(&mut self) -> Result<Digest, SealedError> {
        let mut hasher = Sha256::new();
        for index in 0..self.frames {
            hasher.update(self.frame(index)?);
        }
        Ok(Digest(hasher.finalize().into()))
    }

    fn frame(&mut self, index: u32) -> Result<Vec<u8>, SealedError> {
        let sealed = (FRAME + TAG) as u64;
        self.source
            .seek(SeekFrom::Start(HEADER as u64 + u64::from(index) * sealed))?;
        let mut bytes = Vec::with_capacity(FRAME + TAG);
        self.source.by_ref().take(sealed).read_to_end(&mut bytes)?;
        let nonce = XNonce::from(self.header.nonce(index, index + 1 == self.frames));
        self.cipher
            .decrypt_in_place(&nonce, &self.aad, &mut bytes)
            .map_err(|_| SealedError::Frame(index))?;
        Ok(bytes)
    }
}
