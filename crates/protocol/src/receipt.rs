//! Receipts: signed once per head and once per file, answered verbatim for ever, kept as facts.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;

/// Context of receipts.
pub const RECEIPT_CONTEXT: &[u8] = b"xunji/receipt/1";
/// Header in which a file's receipt comes back.
pub const RECEIPT_HEADER: &str = "xunji-receipt";

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Receipt {
    /// All changes of a log up to a seq are stored and will survive a power cut, except those that the phone
    /// declared lost. `hash` names the line: that of a branch is another than the main line's.
    Log {
        /// The line.
        log: LogId,
        /// Last stored seq of that line.
        up_to_seq: u64,
        /// Hash at that seq.
        hash: Digest,
        /// Epoch of the store.
        epoch: u64,
        /// Server time when it was made.
        server_time: Millis,
    },
    /// A file's bytes were re-read from storage and match.
    File {
        /// The log that delivered it.
        log: LogId,
        /// SHA-256 of the whole file.
        sha256: Digest,
        /// Bytes.
        size: u64,
        /// Epoch of the store.
        epoch: u64,
        /// Server time when it was made.
        server_time: Millis,
    },
}
