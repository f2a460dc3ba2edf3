//! Row R32: the heaviest record that can be signed, over a link that breaks every ten seconds. Its body is more than
//! any connection carries; it arrives all the same, in not much more than the time its bytes take.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::heavy::heaviest;
use crate::sim::image::{Image, call};
use crate::sim::play::fair;
use crate::sim::slow::Slow;
use crate::sim::world::World;
use serde_json::json;
use std::sync::atomic::Ordering;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;
use xunji_protocol::limits::MAX_INLINE_COMPRESSED;

/// The row.
pub const ROW: Row = Row {
    key: "R32",
    fault: "the heaviest record over a link that breaks every 10 s",
    trials: 50,
    whole: 100,
    short: 6,
    run: |plan| trials::each(plan, one),
};

/// Bits a second: from the edge of a cell to a poor one.
const RATES: [u64; 4] = [24_000, 32_000, 64_000, 128_000];
const UP_MS: i64 = 10_000;
const MOST_TURNS: usize = 1_500;
/// What the link could have carried meanwhile is at most so many times what had to be.
const MOST_TIMES: u64 = 4;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    fair(&mut world)?;
    let id = heaviest(&mut world, &mut deeds, 0)?;
    let at = usize::try_from(seed).unwrap_or(0) % RATES.len();
    let link = Slow {
        rate: RATES.get(at).copied().unwrap_or(RATES[0]),
        latency_ms: 600,
        up_ms: UP_MS,
        down_ms: 2_000,
    };
    let carries = link.rate * u64::try_from(UP_MS).unwrap_or(0) / 8_000;
    world.net.set_slow(link);
    let from = world.truth.load(Ordering::Relaxed);
    arrive(&mut world)?;
    let could = link.capacity(from, world.truth.load(Ordering::Relaxed));
    let body = body_of(&world, &id)?;
    if body < MAX_INLINE_COMPRESSED as u64 || (link.rate < 64_000 && body < carries) {
        found.wrong.push(format!(
            "a body of {body} bytes is nothing for a connection of {carries}"
        ));
    }
    let all = all_files(&world)?;
    if could > all * MOST_TIMES {
        found.wrong.push(format!(
            "{all} bytes took the time of {could} at {} bit/s",
            link.rate
        ));
    }
    world.net.set_slow(Slow {
        rate: 10_000_000,
        latency_ms: 10,
        up_ms: 1_000_000,
        down_ms: 0,
    });
    fair(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    found.wrong.extend(super::disks::verified(&server));
    Ok(found)
}

fn arrive(world: &mut World) -> Step<()> {
    world.phone(0)?.sync().sync_now(true);
    for _ in 0..MOST_TURNS {
        if world.turn(0, Goal::All)? == Took::Reached {
            return Ok(());
        }
    }
    let state = call(world.phone(0)?, json!({"cmd": "sync_state"}))?;
    Err(Stopped(format!(
        "the record never arrived: {}",
        state["text"]
    )))
}

/// Bytes of the record's body on its way.
fn body_of(world: &World, id: &str) -> Step<u64> {
    sum(
        world,
        &format!(
            "SELECT coalesce(sum(length(body)), 0) FROM change WHERE as_file = 1 AND instr(body, CAST('{id}' AS BLOB)) > 0"
        ),
    )
}

/// Bytes of everything that had to go.
fn all_files(world: &World) -> Step<u64> {
    sum(
        world,
        "SELECT (SELECT coalesce(sum(size), 0) FROM file) + (SELECT sum(length(envelope)) FROM change)",
    )
}

fn sum(world: &World, sql: &str) -> Step<u64> {
    let doing = |e: rusqlite::Error| Stopped::at("phone", e);
    let home = world.slot(0)?.home.clone();
    let key = std::fs::read(home.join("key")).unwrap_or_default();
    let db = rusqlite::Connection::open(home.join("local.db")).map_err(doing)?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))
        .map_err(doing)?;
    let bytes: i64 = db.query_row(sql, [], |row| row.get(0)).map_err(doing)?;
    Ok(bytes.unsigned_abs())
}
