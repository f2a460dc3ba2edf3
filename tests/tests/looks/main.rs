//! How the faces look and whether everybody can use them: the galleries against their references, and
//! axe on every page of both faces.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "test code"
)]

mod accessibility;
mod references;
mod webview;
