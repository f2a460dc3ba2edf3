//! Real phones, a real server and the separate checker: what survives a kill, and what turns red.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit_red;
mod bundles;
mod carried;
mod kills;
mod packages;
mod past;
mod strangers;
mod words;
