//! The one interface of the core: commands in, answers out, as JSON. The shell and the headless phone
//! add nothing to it.

mod error;

pub use error::ApiError;
