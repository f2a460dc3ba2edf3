//! Row 14: a phone's data is copied to another phone and both go on, or an older copy of it is put back.
//! Both lines are kept; what is written afterwards stands in logs of their own, under codes of their own.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, duty};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::Ordering;

/// The row.
pub const ROW: Row = Row {
    key: "14",
    fault: "phone copied, or an older copy of it put back",
    trials: 200,
    whole: 500,
    short: 12,
    run: |plan| trials::each(plan, one),
};

/// The phone it happens to; the other one is a colleague's.
const PHONE: usize = 1;
/// Deeds on each side.
const DEEDS: usize = 4;
/// Longer than a token lives: then each phone says hello again.
const TOKEN_OVER_MS: i64 = 16 * 60 * 1000;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    deeds.forked = true;
    for _ in 0..DEEDS {
        deeds.one(&mut world, PHONE)?;
        burst(&mut world, PHONE)?;
    }
    let expected = match seed % 3 {
        0 => copied(&mut world, &mut deeds)?,
        1 => put_back(&mut world, &mut deeds, false)?,
        _ => put_back(&mut world, &mut deeds, true)?,
    };
    // Both are told by now: numbers given from here on are their own.
    for phone in 0..world.phones() {
        duty(world.phone(phone)?)?;
        deeds.visit(&mut world, phone)?;
    }
    told(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    new_logs(&server, expected, &mut found).map_err(|e| Stopped::at("logs", e))?;
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    Ok(found)
}

/// Another phone goes on with the same data; both write, and meet at the server. Gives how many logs are
/// opened because of it.
fn copied(world: &mut World, deeds: &mut Deeds) -> Step<u64> {
    let copy = world.clone_phone(PHONE)?;
    for phone in [PHONE, copy] {
        duty(world.phone(phone)?)?;
        deeds.register(world, phone)?;
    }
    for _ in 0..DEEDS {
        let phone = if world.chance.one_in(2) { PHONE } else { copy };
        deeds.register(world, phone)?;
        burst(world, phone)?;
    }
    told(world)?;
    Ok(2)
}

/// The phone goes on and sends what it has; then it is lost, and an older copy is put back. `writes`: it is
/// written on before it hears from the server.
fn put_back(world: &mut World, deeds: &mut Deeds, writes: bool) -> Step<u64> {
    let drafts = deeds.drafts.clone();
    let kept = world.keep_phone(PHONE)?;
    duty(world.phone(PHONE)?)?;
    deeds.register(world, PHONE)?;
    deeds.visit(world, PHONE)?;
    settle(world)?;
    world.put_phone_back(PHONE, &kept)?;
    // What was only on the phone that is gone: answers of drafts.
    deeds.drafts = drafts;
    if writes {
        duty(world.phone(PHONE)?)?;
        deeds.register(world, PHONE)?;
    }
    told(world)?;
    Ok(1)
}

/// Everybody hears from the server, also what happened since.
fn told(world: &mut World) -> Step<()> {
    for _ in 0..2 {
        settle(world)?;
        world.truth.fetch_add(TOKEN_OVER_MS, Ordering::Relaxed);
    }
    settle(world)
}

/// So many logs were opened, each says why, and no two logs of the station have one code.
fn new_logs(server: &Path, expected: u64, found: &mut Found) -> rusqlite::Result<()> {
    let db = Connection::open(server.join("county.db"))?;
    let opened: i64 = db.query_row(
        "SELECT count(DISTINCT log) FROM change WHERE kind = 'log.opened' AND main = 1",
        [],
        |row| row.get(0),
    )?;
    if opened.unsigned_abs() != expected {
        found
            .wrong
            .push(format!("{opened} logs were opened, {expected} were due"));
    }
    let twice: i64 = db.query_row(
        "SELECT count(*) - count(DISTINCT short_code) FROM log WHERE owner = 'device'",
        [],
        |row| row.get(0),
    )?;
    found.doubled += twice.unsigned_abs();
    Ok(())
}
