//! Accounts of the console: passwords, lock-out, and those of the fictional county.

mod demo;
mod lockout;
pub mod password;

pub use demo::{DemoAccountsError, create_demo};
pub use lockout::closed_until;
