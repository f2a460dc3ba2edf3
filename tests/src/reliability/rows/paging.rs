//! Row 12: a phone is filled from the beginning while others write what it reads, many changes at one server time:
//! 5,000 rows, and a few hundred in the short form.
//! After the last page it has all that nobody wrote meanwhile; after one more pull it has all.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::{Form, Row};
use crate::sim::checks::{self, Found};
use crate::sim::deeds::{Deeds, operators, write_phone};
use crate::sim::image::{Image, duty};
use crate::sim::play::settle;
use crate::sim::world::World;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::path::Path;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;

/// The row.
pub const ROW: Row = Row {
    key: "12",
    fault: "full pull while others write, many changes at one time",
    trials: 20,
    whole: 200,
    short: 8,
    run: |plan| trials::on(&Image::larger(operators_in(plan.form), WRITERS)?, plan, one),
};

/// Who writes meanwhile.
const WRITERS: usize = 3;
/// Requests of a filling.
const TURNS: usize = 400;
/// Writes between two of them, at most.
const WRITES: u64 = 4;

/// Kind and id, epoch and revision, bytes.
type States = BTreeMap<(String, Vec<u8>), (i64, i64, Vec<u8>)>;

/// Generated operators.
fn operators_in(form: Form) -> u32 {
    match form {
        Form::Short => 300,
        Form::Usual | Form::Whole => 5_000,
    }
}

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, WRITERS)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    settle(&mut world)?;
    let fresh = world.enrol_unfilled()?;
    let before = of_server(world.server_home())?;
    let pages = fill(&mut world, &mut deeds, fresh, seed)?;
    if pages < 3 {
        found.wrong.push(format!("the filling took {pages} pages"));
    }
    // What somebody wrote meanwhile lies beyond the last page; all else is here.
    let meanwhile = of_server(world.server_home())?;
    let filled = of_phone(&world.slot(fresh)?.home)?;
    for (key, state) in &before {
        if meanwhile.get(key) == Some(state) && filled.get(key) != Some(state) {
            found.lost += 1;
            found
                .wrong
                .push(format!("{} {} was missed", key.0, hex::encode(&key.1)));
        }
    }
    // Pulled, and no more: comparing would fetch what a page had left out.
    pull(&mut world, fresh)?;
    let (now, here) = (
        of_server(world.server_home())?,
        of_phone(&world.slot(fresh)?.home)?,
    );
    for (key, state) in &now {
        if here.get(key) != Some(state) {
            found.lost += 1;
            found
                .wrong
                .push(format!("{} {} is stale", key.0, hex::encode(&key.1)));
        }
    }
    settle(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    Ok(found)
}

/// The fresh phone reads page after page; before each of its requests others write and send.
fn fill(world: &mut World, deeds: &mut Deeds, fresh: usize, seed: u64) -> Step<u64> {
    let mut pages = 0;
    for turn in 0..TURNS {
        let writer = world.chance.index(WRITERS);
        for n in 0..world.chance.below(WRITES) {
            let number = format!("136{:04}{turn:03}{n}", seed % 10_000);
            any(world, deeds, writer, &number)?;
        }
        send(world, writer)?;
        pages += 1;
        if world.turn(fresh, Goal::Pulled)? == Took::Reached {
            return Ok(pages);
        }
    }
    Err(Stopped("the filling did not end".to_owned()))
}

/// One more pull of a phone that is filled.
fn pull(world: &mut World, phone: usize) -> Step<()> {
    world.phone(phone)?.sync().sync_now(false);
    for _ in 0..TURNS {
        if world.turn(phone, Goal::Pulled)? == Took::Reached {
            return Ok(());
        }
    }
    Err(Stopped("the pull did not end".to_owned()))
}

/// Any entry: one that was read already, one that comes later, or a new one.
fn any(world: &mut World, deeds: &mut Deeds, writer: usize, number: &str) -> Step<()> {
    duty(world.phone(writer)?)?;
    if world.chance.one_in(4) {
        return deeds.register(world, writer);
    }
    let rows = operators(world, writer, "")?;
    let at = world.chance.index(rows.len());
    if let Some(row) = rows.get(at) {
        write_phone(world, writer, &row["id"], number)?;
        deeds.written.push((writer, number.to_owned()));
    }
    Ok(())
}

fn send(world: &mut World, writer: usize) -> Step<()> {
    for _ in 0..TURNS {
        if world.turn(writer, Goal::Records)? == Took::Reached {
            return Ok(());
        }
    }
    Err(Stopped("the writer does not come to its end".to_owned()))
}

/// What a phone of the main station is to have: bureau's and station's feeds.
fn of_server(server: &Path) -> Step<States> {
    let db = Connection::open(server.join("county.db")).map_err(|e| Stopped::at("county", e))?;
    let feed: String = db
        .query_row(
            "SELECT 's.' || lower(substr(hex(station),1,8)||'-'||substr(hex(station),9,4)||'-'||substr(hex(station),13,4)||'-'||substr(hex(station),17,4)||'-'||substr(hex(station),21)) FROM station WHERE name = ?1",
            [xunji_domain::county::MAIN_STATION],
            |row| row.get(0),
        )
        .map_err(|e| Stopped::at("station", e))?;
    let sql = "SELECT kind, id, epoch, rev, bytes FROM state WHERE gone = 0 AND feed IN ('b', ?1)";
    states(&db, sql, &feed)
}

fn of_phone(home: &Path) -> Step<States> {
    let key = std::fs::read(home.join("key")).unwrap_or_default();
    let db = Connection::open(home.join("mirror.db")).map_err(|e| Stopped::at("mirror", e))?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))
        .map_err(|e| Stopped::at("mirror", e))?;
    states(
        &db,
        "SELECT kind, id, epoch, rev, state FROM record WHERE feed <> ?1",
        "l",
    )
}

fn states(db: &Connection, sql: &str, feed: &str) -> Step<States> {
    let doing = |e: rusqlite::Error| Stopped::at("states", e);
    let mut query = db.prepare(sql).map_err(doing)?;
    let rows = query.query_map(params![feed], |row| {
        Ok((
            (row.get(0)?, row.get(1)?),
            (row.get(2)?, row.get(3)?, row.get(4)?),
        ))
    });
    rows.map_err(doing)?
        .collect::<Result<_, _>>()
        .map_err(doing)
}
