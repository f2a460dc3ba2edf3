//! What differs between a desktop and a phone. Each module is one interface; where an answer depends on
//! the system, each system's is a file of its own.

pub mod camera;
pub mod carried;
pub mod keystore;
pub mod life;
pub mod page;
pub mod position;
