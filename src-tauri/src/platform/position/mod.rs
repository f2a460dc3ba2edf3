//! The phone's receiver. When it is asked, and what becomes of its word, is the core's.

#[cfg_attr(mobile, path = "phone.rs")]
#[cfg_attr(desktop, path = "desktop.rs")]
mod system;

pub use system::{prepare, read};
