//! What is carried without a network, as the face says it.

use crate::usecases::bundle::Along;
use serde::Serialize;

/// What a bundle would hold now, and what becomes of one that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct BundleState {
    /// Where the files will lie, for people; `null` where this phone has no folder for them.
    pub folder_text: Option<String>,
    /// By how much is taken along, least first.
    pub levels: Vec<BundleLevel>,
    /// Photos whose thumbnail and working copy are made only when a bundle is written: no level counts these yet.
    #[ts(type = "number")]
    pub unmade: u64,
    /// How far one is that is being written, 0 to 99.
    pub percent: Option<u8>,
    /// The last one since the start of the program.
    pub last: Option<BundleFiles>,
}

/// One choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct BundleLevel {
    /// How much is taken along.
    #[ts(type = "\"records\" | \"thumbnails\" | \"copies\" | \"all\"")]
    pub along: Along,
    /// Pictures that this one adds to the one before it.
    #[ts(type = "number")]
    pub files: u64,
    /// Bytes of all that goes along, with those before it.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A bundle that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct BundleFiles {
    /// Where they lie, for people.
    pub folder_text: String,
    /// How a person gets at them.
    pub how_text: String,
    /// Their names, in order.
    pub names: Vec<String>,
    /// Bytes of all of them.
    #[ts(type = "number")]
    pub bytes: u64,
    /// What was not taken along, and why.
    pub left_out: Vec<String>,
    /// What they hold, and what comes next.
    pub sentence: String,
    /// When, `2026-10-21 12:05`.
    pub at_text: String,
}
