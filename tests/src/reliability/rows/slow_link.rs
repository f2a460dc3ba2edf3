//! Row 9: 2G. 50 kbit/s, 800 ms, a minute of signal and a minute without, one request in twenty broken: a
//! record with its photo and ten larger ones arrive, text first, and most of what the link could carry
//! was carried for them.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::deeds::Deeds;
use crate::sim::file::{noise, queue};
use crate::sim::image::{Image, call, duty};
use crate::sim::slow::Slow;
use crate::sim::world::World;
use serde_json::json;
use std::sync::atomic::Ordering;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;

/// The row.
pub const ROW: Row = Row {
    key: "9",
    fault: "2G: 50 kbit/s, 800 ms, 60 s on and 60 s off, 1 in 20 broken",
    trials: 50,
    whole: 100,
    short: 6,
    run,
};

const LINK: Slow = Slow {
    rate: 50_000,
    latency_ms: 800,
    up_ms: 60_000,
    down_ms: 60_000,
};
/// Larger photos beside the record's own, and the bytes of each.
const PHOTOS: usize = 10;
const SIZE: usize = 300_000;
/// One request in so many breaks.
const BROKEN: u64 = 20;
/// Least share of what the link could carry that must be payload, in percent.
const LEAST: u64 = 70;
const MOST_TURNS: usize = 40_000;

fn run(plan: &Plan) -> Step<Count> {
    let image = Image::make()?;
    let (mut count, mut least) = (Count::default(), u64::MAX);
    for (nth, seed) in (0..plan.trials).zip(plan.seed..) {
        let ((share, mut wrong), again) = trials::repeated(&image, nth, || one(&image, seed))?;
        wrong.extend(again);
        least = least.min(share);
        count.add(Count {
            trials: 1,
            wrong: wrong.iter().map(|w| format!("seed {seed}: {w}")).collect(),
            ..Count::default()
        });
    }
    count.figures.push(format!(
        "at least {least} % of what the link could carry were photos; no byte of one before the last record"
    ));
    Ok(count)
}

/// The share, in percent, and what is wrong.
fn one(image: &Image, seed: u64) -> Step<(u64, Vec<String>)> {
    let mut world = World::begin(image, seed, 1)?;
    let mut deeds = Deeds::default();
    duty(world.phone(0)?)?;
    deeds.visit(&mut world, 0)?;
    let home = world.slot(0)?.home.clone();
    let mut payload = 0;
    for _ in 0..PHOTOS {
        let bytes = noise(&mut world.chance, SIZE);
        queue(world.phone(0)?, &home, &bytes)?;
        payload += bytes.len() as u64;
    }
    world.net.set_slow(LINK);
    world.net.set_rough(BROKEN);
    let from = world.truth.load(Ordering::Relaxed);
    let mut wrong = Vec::new();
    arrive(&mut world, &mut wrong)?;
    let could = LINK.capacity(from, world.truth.load(Ordering::Relaxed));
    let share = payload * 100 / could.max(1);
    if share < LEAST {
        wrong.push(format!(
            "{share} % of what the link could carry were photos"
        ));
    }
    Ok((share, wrong))
}

/// Until everything is received; no byte of a file may go before the last record.
fn arrive(world: &mut World, wrong: &mut Vec<String>) -> Step<()> {
    world.phone(0)?.sync().sync_now(true);
    let mut text_is_in = false;
    for _ in 0..MOST_TURNS {
        let took = world.turn(0, Goal::All)?;
        if !text_is_in {
            let state = call(world.phone(0)?, json!({"cmd": "sync_state"}))?;
            text_is_in = state["records"]["received"] == state["records"]["total"];
            if !text_is_in && world.net.delivered() > 0 {
                wrong.push("a file went before the records were in".to_owned());
                text_is_in = true;
            }
        }
        if took == Took::Reached {
            return Ok(());
        }
    }
    Err(Stopped("the photos never arrived".to_owned()))
}
