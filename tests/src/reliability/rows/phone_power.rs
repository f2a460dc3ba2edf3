//! Row 2: the power goes while a real phone process saves, takes a photo over, or syncs. What was not
//! synced is lost, whole or in part.

use super::phone_play::{Play, runtime};
use crate::market::Step;
use crate::reliability::{Count, Plan, Row};

/// The row.
pub const ROW: Row = Row {
    key: "2",
    fault: "phone loses power: what was not synced is gone or torn (4 disks a cut)",
    trials: 200,
    whole: 1_250,
    short: 20,
    run,
};

fn run(plan: &Plan) -> Step<Count> {
    runtime()?.block_on(async {
        let play = Play::begin(plan).await?;
        play.on_a_disk_that_loses(plan)
            .await?
            .played_through(plan)
            .await
    })
}
