//! The one interface of the core: commands in, answers out, as JSON. The shell and the headless phone
//! add nothing to it.

mod call;
mod command;
mod error;
#[cfg(test)]
mod exports;
pub mod view;

pub use command::{Command, Until};
pub use error::ApiError;
