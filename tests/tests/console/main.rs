//! The supervisor's console: its interface over the router, and its page in a real browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod batches;
mod browser;
mod conflicts;
mod deciding;
mod desk;
mod held;
mod integrity;
mod lists;
mod live;
mod measure;
mod page;
mod reports;
mod reviews;
mod sessions;
mod signals;
mod statistics;
mod tabs;
mod visits;
