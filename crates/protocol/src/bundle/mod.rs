//! A bundle: what a phone has no receipts for, in files that somebody carries. It is a way of transport
//! and no second door: inside are the segments of push and the files of tus, and an import takes the same steps
//! with them. Nothing here touches a disk: readers and writers are the caller's.
//!
//! ```text
//! volume    "xunji-bundle/1\n", header line, frames
//! header    a statement signed by the log's key, in clear: county, log, volume 1 of 3, sealed keys; no names
//! frame     16 KiB sealed with XChaCha20-Poly1305: 1 byte piece begins or goes on, 2 bytes length, content, zeros
//! piece     a JSON line that says what it is, how long and what it hashes to, then exactly so many bytes
//! ```
//!
//! Frames have one size and pieces begin with a frame, so a damaged byte costs one piece and a cut those
//! behind it. The last piece says how many there are.

mod answer;
mod frames;
mod header;
mod piece;
mod reader;
mod seal;
mod writer;

pub use answer::{ANSWER_CONTEXT, ANSWER_MAGIC, BundleAnswer, read_answer, write_answer};
pub use frames::{FRAME, ROOM, SEALED_FRAME, VolumeCipher};
pub use header::{BUNDLE_CONTEXT, BundleHeader, HeaderError, MAGIC, SignedHeader, read_header};
pub use piece::{PieceHead, room_for};
pub use reader::{Found, VolumeReader};
pub use seal::{Seal, seal_key, unseal_key};
pub(crate) use seal::{seal_under, unseal_under};
pub use writer::VolumeWriter;

/// Why bytes of a volume are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// A frame does not open: altered, moved, of another volume.
    #[error("frame {0} of the volume does not open")]
    Frame(u64),
    /// A piece does not say what it is, or is shorter or longer than it says.
    #[error("a piece of the volume is broken")]
    Piece,
    /// The file ends before its last piece.
    #[error("the volume ends before its end")]
    Cut,
    /// A key is not one that can be sealed to.
    #[error("not a key that can be sealed to")]
    Key,
}

impl From<BundleError> for std::io::Error {
    fn from(error: BundleError) -> Self {
        let kind = match error {
            BundleError::Cut => std::io::ErrorKind::UnexpectedEof,
            BundleError::Frame(_) | BundleError::Piece | BundleError::Key => {
                std::io::ErrorKind::InvalidData
            }
        };
        Self::new(kind, error)
    }
}
