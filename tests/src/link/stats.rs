//! What a line counts.

use serde::{Deserialize, Serialize};

/// Counters since the link started. Bytes are payload bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Bytes the phone's side put on the line, also those a cut then lost.
    pub bytes_up: u64,
    /// Bytes the server's side put on the line, also those a cut then lost.
    pub bytes_down: u64,
    /// Bytes handed to the server.
    pub delivered_up: u64,
    /// Bytes handed to the phone.
    pub delivered_down: u64,
    /// Connections carried.
    pub connections: u64,
    /// Connections turned away because the line was down or the server did not answer.
    pub refused: u64,
    /// Connections open now.
    pub open: u64,
    /// Cuts that hit at least one open connection, by schedule, by command or at a byte. Going
    /// down is no cut.
    pub cuts: u64,
}
