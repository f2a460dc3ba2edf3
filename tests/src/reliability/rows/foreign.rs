//! Row 10: foreign tus clients send to our server's binary, our phone sends to a foreign server, every one in every
//! way it has. A trial is one meeting; sizes and places come from the seed.

use super::phone_play::runtime;
use crate::foreign::county::County;
use crate::foreign::phone::Peer;
use crate::foreign::{MATRIX, Meeting, clients};
use crate::market::Step;
use crate::reliability::{Count, Plan, Row};
use crate::sim::chance::Chance;

/// The row.
pub const ROW: Row = Row {
    key: "10",
    fault: "foreign tus clients and servers: whole, cut, given up, altered, taken back, ended in the middle",
    trials: 51,
    whole: 200,
    short: MATRIX.len() as u64,
    run: |plan| runtime()?.block_on(play(plan)),
};

async fn play(plan: &Plan) -> Step<Count> {
    let mut county = County::begin(&plan.out).await?;
    let mut peer = Peer::begin(&county, &plan.out).await?;
    let mut count = Count::default();
    for (seed, meeting) in (plan.seed..).zip(MATRIX.iter().cycle()) {
        if count.trials >= plan.trials || !count.wrong.is_empty() {
            break;
        }
        let mut dice = Chance::of(seed);
        county.hello().await?;
        let found = match meeting {
            Meeting::Theirs(client, way) => {
                clients::meet(&county, *client, *way, &mut dice).await?
            }
            Meeting::Ours(journey) => peer.meet(&county, *journey, &mut dice).await?,
        };
        let wrong = found.wrong.iter();
        count.add(Count {
            trials: 1,
            lost: found.lost,
            doubled: found.doubled,
            wrong: wrong
                .map(|w| format!("seed {seed}, {meeting:?}: {w}"))
                .collect(),
            ..Count::default()
        });
    }
    Ok(count)
}
