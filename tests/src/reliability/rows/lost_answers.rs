//! Row 6: answers that are lost, requests that come twice or after younger ones.

use super::seeds;
use crate::market::Step;
use crate::reliability::{Count, Plan, Row};
use crate::sim::play::Faults;

/// The row.
pub const ROW: Row = Row {
    key: "6",
    fault: "answer lost, request repeated or overtaken",
    trials: 5_000,
    whole: 10_000,
    short: 600,
    run,
};

/// Every other request meets a fate; nothing else goes wrong.
const WEATHER: Faults = Faults {
    rough: 2,
    kills: false,
    partitions: false,
    clocks: false,
};

/// A trial is one such request; as many seeds as are needed are played.
fn run(plan: &Plan) -> Step<Count> {
    seeds::until(plan, WEATHER, |played| played.fates)
}
