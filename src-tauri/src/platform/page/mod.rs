//! The process in which the page runs may end without the app: out of memory, killed, crashed. Nothing is lost with
//! it, every tap is in the core already. The page is loaded again and opens where it was.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "elsewhere.rs")]
mod system;

pub use system::watch;
