//! What differs between a desktop and a phone. Each module is one interface; where an answer depends on
//! the system, each system's is a file of its own.

pub mod camera;
pub mod keystore;
pub mod life;
pub mod page;
pub mod position;

/// `./x check-android` sets this to see whether it reads the lines of phones.
#[cfg(all(mobile, planted_error))]
compile_error!("planted in a line that only phones compile");
