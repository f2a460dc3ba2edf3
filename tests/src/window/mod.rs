//! The real window under a virtual display, driven by WebDriver: clicks and keys, nothing else. Every run
//! has a data folder, a configuration and a display of its own.

mod display;
mod page;
mod process;

pub use page::{Control, Page};
pub use process::{App, Window};
