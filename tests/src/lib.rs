//! What the tests of the whole share: the line between phone and server, the photos, the played
//! day and the separate checker.

pub mod audit;
pub mod bench;
pub mod conformance;
pub mod link;
pub mod market;
pub mod photos;
#[cfg(test)]
mod sync;
pub mod window;
