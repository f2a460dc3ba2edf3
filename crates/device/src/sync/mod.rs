//! The sync engine decides here and acts elsewhere: rows and answers in, steps and facts out. Nothing in
//! this folder names a database, a network, a clock or randomness; [`crate::runner`] acts.

pub mod bundle;
pub mod compare;
pub mod current;
pub mod errors;
pub mod heads;
pub mod plan;
#[cfg(test)]
mod plan_tests;
pub mod progress;
pub mod pull;
pub mod push;
pub mod request;
pub mod uploads;
