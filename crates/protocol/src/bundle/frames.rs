//! Frames of one size: sealed, numbered, bound to the header of their volume. One that was altered,
//! dropped, repeated, moved or taken from another volume does not open.

use super::BundleError;
use super::header::SignedHeader;
use crate::digest::Digest;
use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};

/// Clear bytes of a frame.
pub const FRAME: usize = 16 * 1024;
/// Bytes of a frame in the file.
pub const SEALED_FRAME: usize = FRAME + 16;
/// Content that a frame holds.
pub const ROOM: usize = FRAME - 3;

/// Seals and opens the frames of one volume.
pub struct VolumeCipher {
    cipher: XChaCha20Poly1305,
    header: Digest,
}

/// One opened frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// A piece begins here.
    pub begins: bool,
    /// Its content.
    pub content: Vec<u8>,
}

impl VolumeCipher {
    /// `key` is random and made for this volume alone: frames are told apart by their number.
    pub fn new(key: &[u8; 32], header: &SignedHeader) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&(*key).into()),
            header: Digest::of(header.line.0.as_bytes()),
        }
    }

    /// One frame of the file; `content` has at most [`ROOM`] bytes.
    pub(super) fn seal(
        &self,
        index: u64,
        begins: bool,
        content: &[u8],
    ) -> Result<Vec<u8>, BundleError> {
        let len = u16::try_from(content.len()).map_err(|_| BundleError::Piece)?;
        if content.len() > ROOM {
            return Err(BundleError::Piece);
        }
        let mut frame = Vec::with_capacity(SEALED_FRAME);
        frame.push(u8::from(begins));
        frame.extend_from_slice(&len.to_be_bytes());
        frame.extend_from_slice(content);
        frame.resize(FRAME, 0);
        self.cipher
            .encrypt_in_place(&nonce(index), &self.header.0, &mut frame)
            .map_err(|_| BundleError::Frame(index))?;
        Ok(frame)
    }

    pub(super) fn open(&self, index: u64, mut sealed: Vec<u8>) -> Result<Frame, BundleError> {
        self.cipher
            .decrypt_in_place(&nonce(index), &self.header.0, &mut sealed)
            .map_err(|_| BundleError::Frame(index))?;
        let broken = BundleError::Frame(index);
        let ([begins, high, low], content) = sealed.split_first_chunk().ok_or(broken)?;
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        Ok(Frame {
            begins: *begins == 1,
            content: content.get(..len).ok_or(broken)?.to_vec(),
        })
    }
}

fn nonce(index: u64) -> XNonce {
    let mut nonce = [0; 24];
    for (to, from) in nonce.iter_mut().skip(16).zip(index.to_be_bytes()) {
        *to = from;
    }
    XNonce::from(nonce)
}
