//! The real window under a virtual display, driven by WebDriver: clicks and keys, nothing else. Every run
//! has a data folder, a configuration and a display of its own.

mod display;
mod hand;
mod page;
mod pen;
mod process;
mod snapshot;
mod touch;

pub use hand::Hand;
pub use page::{Control, Page, Place};
pub use process::{App, Window};
