//! The sealed file: how a picture lies on the phone. Clear bytes are cut into frames of 64 KiB and
//! each is sealed on its own, so that sending can go on at any offset without opening the rest.
//! Nothing here knows what the bytes are, where the file lies or which row names it.
//!
//! ```text
//! header   3 bytes mark, 1 byte version, 16 bytes owner, 16 bytes salt, 19 bytes nonce, 1 byte log2 of the frame
//! frame i  XChaCha20-Poly1305 over up to 64 KiB, nonce = 19 bytes ‖ i (u32, big endian) ‖ last (0 or 1), the header as
//!          additional data
//! ```
//!
//! This is the STREAM construction: a frame that was dropped, repeated or moved does not open, and
//! a file that was cut behind a whole frame lacks the frame that says it is the last.

mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use reader::SealedReader;
pub use writer::SealedWriter;

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

/// Clear bytes in a frame.
pub const FRAME: usize = 64 * 1024;
/// Bytes the seal of one frame adds.
pub const TAG: usize = 16;
/// Bytes before the first frame.
pub const HEADER: usize = 56;
/// Random bytes one file needs.
pub const SEED: usize = 35;

const MARK: [u8; 3] = [0xE5, 0xB7, 0xA1];
const VERSION: u8 = 1;
const FRAME_LOG2: u8 = 16;
const NONCE_PREFIX: usize = 19;

/// Why a sealed file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// The disk said no.
    #[error("sealed file: {0}")]
    Io(#[from] std::io::Error),
    /// Not one of our files, or made by a newer version.
    #[error("not a sealed file of a version known here")]
    Header,
    /// A frame does not open: altered, cut, moved, or sealed with another key.
    #[error("frame {0} of the sealed file does not open")]
    Frame(u32),
    /// More frames than the counter holds.
    #[error("too large to be sealed")]
    TooLarge,
}

/// The key all sealed files of one phone hang on. Derived, so that the database key itself never
/// seals a file.
pub struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    /// Derives the key from the store's 32 bytes.
    pub fn derive(store_key: &[u8; 32]) -> Self {
        Self(Zeroizing::new(hash_parts(&[
            b"xunji/sealed-files/1\0",
            store_key,
        ])))
    }

    fn cipher(&self, header: &Header) -> XChaCha20Poly1305 {
        let mut key = hash_parts(&[
            b"xunji/sealed-file/1\0",
            self.0.as_slice(),
            &header.owner,
            &header.salt,
        ]);
        let cipher = XChaCha20Poly1305::new(&key.into());
        key.zeroize();
        cipher
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(..)")
    }
}

/// What stands in clear before the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    owner: [u8; 16],
    salt: [u8; 16],
    prefix: [u8; NONCE_PREFIX],
}

impl Header {
    fn new(owner: [u8; 16], seed: &[u8; SEED]) -> Self {
        let (mut salt, mut prefix) = ([0; 16], [0; NONCE_PREFIX]);
        let (front, back) = seed.split_at(16);
        salt.copy_from_slice(front);
        prefix.copy_from_slice(back);
        Self {
            owner,
            salt,
            prefix,
        }
    }

    fn to_bytes(self) -> [u8; HEADER] {
        let mut out = [0; HEADER];
        let parts: [&[u8]; 6] = [
            &MARK,
            &[VERSION],
            &self.owner,
            &self.salt,
            &self.prefix,
            &[FRAME_LOG2],
        ];
        for (to, from) in out.iter_mut().zip(parts.concat()) {
            *to = from;
        }
        out
    }

    fn read(bytes: &[u8; HEADER]) -> Result<Self, SealedError> {
        let rest = bytes
            .strip_prefix(&MARK)
            .and_then(|b| b.strip_prefix(&[VERSION]))
            .ok_or(SealedError::Header)?;
        let (owner, rest) = rest.split_first_chunk().ok_or(SealedError::Header)?;
        let (salt, rest) = rest.split_first_chunk().ok_or(SealedError::Header)?;
        let (prefix, rest) = rest.split_first_chunk().ok_or(SealedError::Header)?;
        if rest != [FRAME_LOG2] {
            return Err(SealedError::Header);
        }
        Ok(Self {
            owner: *owner,
            salt: *salt,
            prefix: *prefix,
        })
    }

    fn nonce(&self, index: u32, last: bool) -> [u8; 24] {
        let mut nonce = [0; 24];
        let tail = index.to_be_bytes();
        let parts = self
            .prefix
            .iter()
            .chain(&tail)
            .chain(std::iter::once(if last { &1 } else { &0 }));
        for (to, from) in nonce.iter_mut().zip(parts) {
            *to = *from;
        }
        nonce
    }
}

fn hash_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}
