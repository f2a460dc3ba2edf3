//! What the day came to. Counts are taken from the audit and the line, never from hope.

use serde::Serialize;

/// `summary.json`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Records signed on the phones.
    pub inspected: u64,
    /// Of these, on the server with the same bytes.
    pub synced: u64,
    /// Changes or originals that a phone holds a receipt for, or showed as saved, and that are not there.
    pub lost: u64,
    /// Records, changes or files that are there twice.
    pub doubled: u64,
    /// Photos the camera wrote.
    pub photos_taken: u64,
    /// Originals on the server whose SHA-256 is that of a photo taken.
    pub photos_received: u64,
    /// Records that ended as 已通过.
    pub approved: u64,
    /// Records that were sent back.
    pub returned: u64,
    /// Amendments.
    pub amended: u64,
    /// Conflicts that wait for a person.
    pub conflicts: u64,
    /// Cuts that hit an open connection.
    pub cuts: u64,
    /// Processes ended by SIGKILL on purpose.
    pub kills: u64,
    /// Their ids.
    pub killed_pids: Vec<u32>,
    /// The seed.
    pub seed: u64,
    /// Bytes the phones put on their lines.
    pub bytes_sent: u64,
    /// Of these, more than one crossing of the files' and segments' own bytes would have taken.
    pub bytes_sent_twice: u64,
    /// Seconds from the first bar of signal until all records were in.
    pub records_done_s: f64,
    /// … until all thumbnails were in.
    pub thumbnails_done_s: f64,
    /// Seconds of the whole run.
    pub seconds: f64,
    /// The first version of the day report.
    pub pdf: String,
    /// The market day that was played.
    pub day: String,
    /// What is wrong; empty when the day held.
    pub wrong: Vec<String>,
}
