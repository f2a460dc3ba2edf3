//! Row 7: two to eight phones, every fault of net, process and clock at once; afterwards all are equal.

use super::seeds;
use crate::market::Step;
use crate::reliability::{Count, Plan, Row};
use crate::sim::play;

/// The row.
pub const ROW: Row = Row {
    key: "7",
    fault: "2–8 phones: cuts, kills, partitions, wrong clocks, edits",
    trials: 200,
    whole: 10_000,
    short: 40,
    run,
};

/// A trial is a seed.
fn run(plan: &Plan) -> Step<Count> {
    seeds::until(plan, play::ALL, |_| 1)
}
