//! What a volume is made of: segments and files as they would have gone over the network, and an end.

use super::frames::{ROOM, SEALED_FRAME};
use crate::digest::Digest;
use crate::steps::files::FileMeta;
use serde::{Deserialize, Serialize};

/// Bytes that the line of a piece never exceeds.
const HEAD: u64 = 1024;

/// The line at the beginning of a piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "piece", rename_all = "snake_case")]
pub enum PieceHead {
    /// The body of a push: one segment, gzip.
    Changes {
        /// Seq of its first change.
        first_seq: u64,
        /// Seq of its last.
        up_to_seq: u64,
        /// Bytes that follow.
        size: u64,
        /// SHA-256 of them.
        sha256: Digest,
    },
    /// A whole file, with what tus would have said of it.
    File {
        /// What it is; its `sha256` is that of the bytes that follow.
        file: FileMeta,
        /// Bytes that follow.
        size: u64,
    },
    /// Nothing follows.
    End {
        /// How many pieces came before.
        pieces: u64,
    },
}

impl PieceHead {
    /// Bytes that follow the line.
    pub fn size(&self) -> u64 {
        match self {
            Self::Changes { size, .. } | Self::File { size, .. } => *size,
            Self::End { .. } => 0,
        }
    }
}

/// Bytes that a piece with so many bytes of content takes in a volume, at most.
pub fn room_for(size: u64) -> u64 {
    let frames = size.saturating_add(HEAD).div_ceil(ROOM as u64);
    frames.saturating_mul(SEALED_FRAME as u64)
}
