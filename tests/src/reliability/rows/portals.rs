//! Row 19: whatever comes back in place of an answer, at every step: nothing counts as sent because of
//! it, and afterwards everything arrives once.

use super::trials;
use crate::market::Step;
use crate::reliability::{Count, Plan, Row};
use crate::sim::checks::{self, Found};
use crate::sim::deeds::{Deeds, start};
use crate::sim::image::{Image, call};
use crate::sim::net::Fate;
use crate::sim::play::{burst, settle};
use crate::sim::spoilt::Spoilt;
use crate::sim::world::World;
use serde_json::json;
use std::sync::atomic::Ordering;
use xunji_device::sync::plan::Goal;

/// The row.
pub const ROW: Row = Row {
    key: "19",
    fault: "portal, proxy, half, foreign and altered answers, at every step",
    trials: 300,
    whole: 900,
    short: 60,
    run,
};

/// The steps of sync that can be answered.
const STEPS: [&str; 7] = [
    "sync/hello",
    "sync/push",
    "sync/pull",
    "files",
    "sync/drafts",
    "sync/compare",
    "sync/records",
];
/// A draft is copied once a minute.
const LATER: i64 = 61_000;
/// Turns after which a step that was not asked never will be.
const MOST_TURNS: usize = 200;
/// Deeds before each answer, so that every step has something to do.
const DEEDS: usize = 3;

fn run(plan: &Plan) -> Step<Count> {
    let image = Image::make()?;
    let mut count = Count::default();
    let every = STEPS
        .iter()
        .flat_map(|step| Spoilt::ALL.iter().map(move |how| (*step, *how)));
    let every: Vec<_> = every.collect();
    for (seed, (step, how)) in (plan.seed..).zip(every.iter().cycle()) {
        if count.trials >= plan.trials || !count.wrong.is_empty() {
            break;
        }
        let nth = count.trials;
        let (one, again) = trials::repeated(&image, nth, || one(&image, seed, step, *how))?;
        count.add(one);
        let again = again.map(|again| format!("{step} {how:?}: {again}"));
        count.wrong.extend(again);
    }
    Ok(count)
}

/// Gives the step something to do, also where other steps come before it; whether it belongs to comparing.
fn prepare(world: &mut World, step: &str) -> Step<bool> {
    match step {
        "sync/drafts" => {
            settle(world)?;
            let id = start(world, 0)?;
            // Of a draft with nothing in it no copy is made, and some operators bring nothing along.
            let said = json!({"cmd": "party_opinion", "inspection": id, "text": "无异议"});
            call(world.phone(0)?, said)?;
            world.truth.fetch_add(LATER, Ordering::Relaxed);
            Ok(false)
        }
        "sync/compare" | "sync/records" => {
            settle(world)?;
            world.spoil_mirror(0)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn one(image: &Image, seed: u64, step: &'static str, how: Spoilt) -> Step<Count> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    for _ in 0..DEEDS {
        deeds.visit(&mut world, 0)?;
        deeds.register(&world, 0)?;
    }
    let compares = prepare(&mut world, step)?;
    world.net.set_always(Some((step, Fate::Spoilt(how))));
    world.phone(0)?.sync().sync_now(true);
    for _ in 0..MOST_TURNS {
        if world.net.fates() > 0 {
            break;
        }
        world.turn(0, Goal::All)?;
    }
    burst(&mut world, 0)?;
    world.kill_phone(0)?;
    burst(&mut world, 0)?;
    world.net.set_always(None);
    if world.net.fates() == 0 {
        found.wrong.push("was never asked".to_owned());
    }
    if compares {
        // What could not be compared is asked for by the next process.
        world.kill_phone(0)?;
    }
    settle(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    let wrong = found.wrong.iter();
    Ok(Count {
        trials: 1,
        lost: found.lost,
        doubled: found.doubled,
        wrong: wrong.map(|w| format!("{step} {how:?}: {w}")).collect(),
        ..Count::default()
    })
}
