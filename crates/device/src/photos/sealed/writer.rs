//! Writes a sealed file in one pass, hashing the clear bytes on the way.

use std::io::Write;

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use xunji_protocol::digest::Digest;
use zeroize::Zeroize as _;

use super::{FRAME, Header, SEED, SealKey, SealedError, TAG};

/// Takes clear bytes, writes sealed ones. A frame is held back until more bytes follow or the file
/// ends, because the last one says that it is the last.
pub struct SealedWriter<W: Write> {
    out: W,
    header: Header,
    aad: [u8; super::HEADER],
    cipher: XChaCha20Poly1305,
    frame: Vec<u8>,
    index: u32,
    size: u64,
    hasher: Sha256,
}

impl<W: Write> SealedWriter<W> {
    /// Writes the header. `owner` is the photo the bytes belong to (16 zero bytes for files that are
    /// derived and can be made again); `seed` must never be used twice.
    ///
    /// # Errors
    /// [`SealedError::Io`].
    pub fn new(
        mut out: W,
        key: &SealKey,
        owner: [u8; 16],
        seed: &[u8; SEED],
    ) -> Result<Self, SealedError> {
        let header = Header::new(owner, seed);
        let aad = header.to_bytes();
        out.write_all(&aad)?;
        Ok(Self {
            out,
            header,
            aad,
            cipher: key.cipher(&header),
            frame: Vec::with_capacity(FRAME + TAG),
            index: 0,
            size: 0,
            hasher: Sha256::new(),
        })
    }

    /// Adds clear bytes.
    ///
    /// # Errors
    /// [`SealedError::Io`], and [`SealedError::TooLarge`] behind 2^32 frames.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), SealedError> {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        while !bytes.is_empty() {
            if self.frame.len() == FRAME {
                self.seal_frame(false)?;
            }
            let room = (FRAME - self.frame.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.frame.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Clear bytes taken so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Seals the last frame and gives back the output with digest and size of the clear bytes. The
    /// caller makes it durable.
    ///
    /// # Errors
    /// [`SealedError::Io`].
    pub fn finish(mut self) -> Result<(W, Digest, u64), SealedError> {
        self.seal_frame(true)?;
        self.out.flush()?;
        Ok((self.out, Digest(self.hasher.finalize().into()), self.size))
    }

    fn seal_frame(&mut self, last: bool) -> Result<(), SealedError> {
        let nonce = XNonce::from(self.header.nonce(self.index, last));
        self.cipher
            .encrypt_in_place(&nonce, &self.aad, &mut self.frame)
            .map_err(|_| SealedError::TooLarge)?;
        self.out.write_all(&self.frame)?;
        self.frame.zeroize();
        self.index = self.index.checked_add(1).ok_or(SealedError::TooLarge)?;
        Ok(())
    }
}
