//! Bundles come in: files that somebody carried, for a county or a phone without a network. What is in them goes
//! through the very functions that answer push and tus; here is only which volume, which piece, and what
//! to say of it. Whoever carries a bundle has no right by it: the phone's signatures decide.
//!
//! Everything may come twice, in any order and in part. Nothing is refused that was not also refused over the
//! network, and what was not taken is still on the phone, which removes nothing without a receipt.

mod answer;
mod command;
mod import;
mod open;
mod report;
mod take;

pub use command::{CommandError, Done, import_bundle};
pub use import::{Import, import};
pub use open::NotTaken;
pub use report::{BundleReport, VolumeReport, VolumeState};

/// What is told while an import runs.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// A volume is opened.
    Begins {
        /// Name of the file.
        file: &'a str,
        /// Its number.
        volume: u32,
        /// Of how many.
        volumes: u32,
    },
    /// So much of it was taken.
    Took {
        /// Changes so far.
        changes: u64,
        /// Files so far.
        files: u64,
    },
}
