//! Photos, from the open camera to the sealed file and its copies. Every step leaves a state from
//! which [`sweep`] goes on after a kill; nothing is guessed and nothing is thrown away.
//!
//! ```text
//! keep::expect      mark, row *capture expected*                     the camera opens
//! keep::take_over   read, hash, seal → fsync, rename, fsync          take_over, sealed, folder
//!                   hash, size, clock reading committed              the photo counts as saved
//!                   the camera's clear file deleted
//! copies            thumbnail and working copy, sealed, committed    derive, background
//! show              pictures for the screen
//! ```

pub mod background;
pub mod copies;
pub mod derive;
pub mod folder;
pub mod keep;
pub mod pictures;
pub mod probe;
pub mod problems;
pub mod sealed;
mod shared;
pub mod show;
pub mod space;
pub mod steps;
pub mod sweep;
pub mod take_over;
#[cfg(test)]
mod tests;

pub use shared::{CAMERA, Shared};
