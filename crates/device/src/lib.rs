//! Everything a phone does except its screen: two encrypted files, the photo pipeline, the sync engine,
//! the use cases. Only its door starts threads by itself; its calls block and are made from a worker thread.

pub mod api;
pub mod clock;
mod device;
pub mod door;
pub mod keystore;
pub mod leaving;
pub mod lost_key;
pub mod newer;
pub mod photos;
pub mod runner;
pub mod store;
pub mod sync;
pub mod transport;
pub mod usecases;

pub use device::{Device, OpenError, Parts};
