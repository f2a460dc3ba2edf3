//! A disk that loses what was not synced. `tests/disk/recorder.c` is preloaded into the real program and
//! writes every change of its folder down; here the journal is read and turned into the folder that a
//! power cut would have left behind: what was synced is there, of the rest a random part, and one write
//! may be torn at a sector. The names of files are lost like their bytes, in order, until their directory
//! is synced. Directories themselves are not lost.

pub mod cut;
pub mod folder;
mod journal;
pub mod recorder;
#[cfg(test)]
mod tests;

pub use cut::Cut;
pub use folder::Folder;
pub use recorder::{Recorder, Refusal};
