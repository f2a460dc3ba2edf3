//! The county's server: takes in logs and files, decides what they mean, answers states, and
//! serves the supervisors' console. One process, embedded SQLite and a folder.
//!
//! `storage` reads snapshots and commits plans, `decide` is the pure step between, `steps` are the
//! device's side of the protocol over HTTP.

pub mod admin;
pub mod app;
pub mod auth_device;
pub mod backup;
pub mod blobs;
pub mod bundle;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod decide;
pub mod epochs;
pub mod erase;
pub mod escrow;
pub mod http;
pub mod keys;
pub mod live;
pub mod missed;
pub mod planning;
pub mod problem;
pub mod random;
pub mod redrive;
pub mod serve;
pub mod steps;
pub mod storage;
pub mod verify;
pub mod write;

pub use app::{App, AppState};
pub use http::router;
