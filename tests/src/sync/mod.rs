//! Phones and the real server in one process: the device core over its encrypted files on one side, the
//! server's router over its database on the other, and between them a line that fails as told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod ages;
mod answers;
mod branch;
mod county;
mod edits;
mod files;
mod line;
mod lost_key;
mod newer;
mod paging;

use county::County;
use line::Fate;
use xunji_device::Device;
use xunji_device::runner::{RunReport, run_until};
use xunji_device::sync::plan::Goal;

/// Long enough for a slow machine; nothing waits for it when all goes well.
const LONG_MS: u64 = 60_000;

fn run(phone: &Device, goal: Goal) -> RunReport {
    run_until(phone, goal, LONG_MS).unwrap()
}

/// Runs up to a goal and holds that it was reached.
fn reach(phone: &Device, goal: Goal) {
    let report = run(phone, goal);
    let state = xunji_device::runner::sync_state(phone).unwrap();
    assert!(
        report.reached,
        "{goal:?} not reached: {} {:?}",
        state.waiting_for, state.error
    );
}
