//! The phone's two files. The only folder of this crate that knows SQL: callers name typed functions
//! over a [`door::Read`] or a [`door::Write`].

pub mod door;
pub mod error;
pub mod local;
mod migrate;
pub mod mirror;
pub mod quarantine;
pub(crate) mod rescue;
pub(crate) mod room;
mod row;
#[cfg(test)]
pub(crate) mod tests;
pub mod verbatim;

pub use error::StoreError;
