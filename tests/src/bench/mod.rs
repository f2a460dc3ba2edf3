//! Figures of the first start: how long a tap, a search, a page, the queue and a record take with a
//! register and a queue of a county's size. Measures only; nothing here says whether that is enough
//! but the budget printed beside each figure.

mod console;
mod core;
pub mod county;
pub mod figures;
pub mod memory;
pub mod run;
mod sizes;
mod watch;
pub mod webview;
mod window;
