//! Row 1: SIGKILL of a real phone process while it saves, takes a photo over, or syncs.

use super::phone_play::{Play, runtime};
use crate::market::Step;
use crate::reliability::{Count, Plan, Row};

/// The row.
pub const ROW: Row = Row {
    key: "1",
    fault: "phone killed (-9) in save, capture and sync",
    trials: 1_000,
    whole: 1_000,
    short: 60,
    run,
};

fn run(plan: &Plan) -> Step<Count> {
    runtime()?.block_on(async { Play::begin(plan).await?.played_through(plan).await })
}
