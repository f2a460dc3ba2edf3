//! Photos, from the open camera to the sealed file and its copies. Every step leaves a state from
//! which [`sweep`] goes on after a kill; nothing is guessed and nothing is thrown away.

pub mod derive;
pub mod folder;
pub mod probe;
pub mod sealed;
pub mod space;
pub mod steps;
pub mod take_over;
