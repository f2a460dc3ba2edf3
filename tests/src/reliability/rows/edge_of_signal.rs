//! Row R44: 64 kbit/s that break every ten seconds, and a phone that is killed five times on the way. Of the photos no
//! more goes twice than what went along with creations whose answer a break took: at any other break nothing, because
//! the phone asks how far the file is; at a kill nothing, for the same reason.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::file::{noise, queue};
use crate::sim::image::{Image, duty};
use crate::sim::play::fair;
use crate::sim::slow::Slow;
use crate::sim::world::World;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;

/// The row.
pub const ROW: Row = Row {
    key: "R44",
    fault: "64 kbit/s cut every 10 s, the phone killed five times",
    trials: 100,
    whole: 200,
    short: 6,
    run,
};

const LINK: Slow = Slow {
    rate: 64_000,
    latency_ms: 600,
    up_ms: 10_000,
    down_ms: 2_000,
};
const KILLS: usize = 5;
/// Photos beside the record's own, and the bytes of each: a connection carries 80,000.
const PHOTOS: usize = 6;
const SIZE: usize = 250_000;
/// Turns between two kills, at most.
const APART: u64 = 25;
const MOST_TURNS: u64 = 20_000;

/// What a trial cost, in bytes of files and in breaks.
#[derive(Default)]
struct Cost {
    had_to: u64,
    twice: u64,
    unanswered: u64,
    cuts: u64,
}

fn run(plan: &Plan) -> Step<Count> {
    let image = Image::make()?;
    let (mut count, mut sum) = (Count::default(), Cost::default());
    for (nth, seed) in (0..plan.trials).zip(plan.seed..) {
        let ((cost, mut found), again) = trials::repeated(&image, nth, || one(&image, seed))?;
        found.wrong.extend(again);
        sum.had_to += cost.had_to;
        sum.twice += cost.twice;
        sum.unanswered += cost.unanswered;
        sum.cuts += cost.cuts;
        count.add(Count {
            trials: 1,
            lost: found.lost,
            doubled: found.doubled,
            wrong: found
                .wrong
                .iter()
                .map(|w| format!("seed {seed}: {w}"))
                .collect(),
            figures: Vec::new(),
        });
    }
    count.figures.push(format!(
        "{} bytes of photos, {} sent twice; {} went with creations that were never answered, at {} breaks",
        sum.had_to, sum.twice, sum.unanswered, sum.cuts
    ));
    Ok(count)
}

fn one(image: &Image, seed: u64) -> Step<(Cost, Found)> {
    let mut world = World::begin(image, seed, 1)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    duty(world.phone(0)?)?;
    deeds.visit(&mut world, 0)?;
    let (home, before) = (world.slot(0)?.home.clone(), received(&world)?);
    for _ in 0..PHOTOS {
        let bytes = noise(&mut world.chance, SIZE);
        queue(world.phone(0)?, &home, &bytes)?;
    }
    world.net.set_slow(LINK);
    for _ in 0..KILLS {
        let turns = world.chance.below(APART);
        until_in(&mut world, turns)?;
        world.kill_phone(0)?;
    }
    if !until_in(&mut world, MOST_TURNS)? {
        return Err(Stopped("the photos never arrived".to_owned()));
    }
    let cost = cost(&world, before)?;
    if cost.twice > cost.unanswered {
        found.wrong.push(format!(
            "{} bytes went twice, {} with creations that were never answered",
            cost.twice, cost.unanswered
        ));
    }
    fair(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    Ok((cost, found))
}

/// So many turns of a phone that was told to send everything; whether everything is received.
fn until_in(world: &mut World, turns: u64) -> Step<bool> {
    world.phone(0)?.sync().sync_now(true);
    for _ in 0..turns {
        if world.turn(0, Goal::All)? == Took::Reached {
            return Ok(true);
        }
    }
    Ok(false)
}

fn cost(world: &World, before: u64) -> Step<Cost> {
    let spent = world.net.spent();
    let had_to = received(world)?.saturating_sub(before);
    Ok(Cost {
        had_to,
        twice: spent.saturating_sub(had_to),
        unanswered: world.net.unanswered(),
        cuts: world.net.cuts(),
    })
}

/// Bytes of every file that the server holds.
fn received(world: &World) -> Step<u64> {
    let doing = |e: rusqlite::Error| Stopped::at("server", e);
    let db = rusqlite::Connection::open(world.server_home().join("county.db")).map_err(doing)?;
    let bytes: i64 = db
        .query_row("SELECT coalesce(sum(size), 0) FROM file", [], |row| {
            row.get(0)
        })
        .map_err(doing)?;
    Ok(bytes.unsigned_abs())
}
