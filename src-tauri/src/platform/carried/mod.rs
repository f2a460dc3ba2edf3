//! The folder for what people carry when there is no network. The core writes there and nowhere else; no page says where.

#[cfg_attr(mobile, path = "phone.rs")]
#[cfg_attr(desktop, path = "desktop.rs")]
mod system;

pub use system::folder;
