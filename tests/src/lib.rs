//! What the tests of the whole share: the line between phone and server, the photos, the played
//! day, the separate checker, and how the faces look.

pub mod audit;
pub mod bench;
pub mod bridge;
pub mod conformance;
pub mod disk;
pub mod foreign;
pub mod frozen;
pub mod link;
pub mod looks;
pub mod market;
pub mod photos;
pub mod reliability;
pub mod sim;
#[cfg(test)]
mod sync;
pub mod tamper;
pub mod window;
