//! Row R28: entries that a phone has edits or an open visit of leave its scope before it could send them, or the
//! phone goes to another station; later they come back. What was written stays on the screen, arrives, is
//! applied and flagged; then the entry goes from the phone, and comes as everybody has it.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::{Deeds, operators, write_phone};
use crate::sim::image::{Image, call, duty};
use crate::sim::play::settle;
use crate::sim::world::World;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::Path;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;
use xunji_domain::county::MAIN_STATION;

/// The row.
pub const ROW: Row = Row {
    key: "R28",
    fault: "entries or the phone go to another station and back, with unsent edits",
    trials: 100,
    whole: 200,
    short: 10,
    run: |plan| trials::each(plan, one),
};

/// The phone it happens to; the other one is a colleague's, and stays.
const PHONE: usize = 1;
/// Another station of the county.
const ELSEWHERE: &str = "杏埠所";
/// Entries that go.
const GO: usize = 3;
/// Turns in which a push is through.
const TURNS: usize = 30;

/// What is written on the phone: the entry, its name and the number.
struct Written {
    id: Value,
    name: String,
    number: String,
}

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    settle(&mut world)?;
    duty(world.phone(PHONE)?)?;
    let written = write(&mut world, &mut deeds, seed)?;
    let visit = begin(&world, &written)?;
    let (whole, late) = (seed.is_multiple_of(2), (seed / 2).is_multiple_of(2));
    let away = world.station(ELSEWHERE)?;
    // The edits reach the server after the entries went, or before; then the phone has not heard of it.
    if !late {
        send(&mut world)?;
    }
    match whole {
        true => world.move_phone(PHONE, away)?,
        false => each(&mut world, &written, ELSEWHERE)?,
    }
    shown(&world, &written, &mut found, "before it hears")?;
    world.kill_phone(PHONE)?;
    shown(&world, &written, &mut found, "after a kill")?;
    settle(&mut world)?;
    gone(&world, &written, &visit, &mut found)?;
    deeds.close(&mut world, PHONE, &visit, "未营业")?;
    settle(&mut world)?;
    gone(&world, &written, "", &mut found)?;
    match whole {
        true => {
            let home = world.station(MAIN_STATION)?;
            world.move_phone(PHONE, home)?;
        }
        false => each(&mut world, &written, MAIN_STATION)?,
    }
    settle(&mut world)?;
    shown(&world, &written, &mut found, "when it is back")?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    flagged(&server, &written, late, &mut found).map_err(|e| Stopped::at("flags", e))?;
    found.wrong.extend(super::disks::verified(&server));
    Ok(found)
}

/// Edits of a few entries, unsent.
fn write(world: &mut World, deeds: &mut Deeds, seed: u64) -> Step<Vec<Written>> {
    let rows = operators(world, PHONE, "")?;
    let from = world.chance.index(rows.len().saturating_sub(GO));
    let mut written = Vec::new();
    for (n, row) in rows.iter().skip(from).take(GO).enumerate() {
        let number = format!("137{:06}{n:02}", seed % 1_000_000);
        write_phone(world, PHONE, &row["id"], &number)?;
        deeds.written.push((PHONE, number.clone()));
        written.push(Written {
            id: row["id"].clone(),
            name: row["name"].as_str().unwrap_or_default().to_owned(),
            number,
        });
    }
    Ok(written)
}

/// A visit of the first one is open.
fn begin(world: &World, written: &[Written]) -> Step<String> {
    let first = written
        .first()
        .ok_or_else(|| Stopped("no entries".to_owned()))?;
    let asked = json!({"cmd": "start_inspection", "operator": first.id});
    let draft = call(world.phone(PHONE)?, asked)?;
    Ok(draft["id"].as_str().unwrap_or_default().to_owned())
}

fn each(world: &mut World, written: &[Written], station: &str) -> Step<()> {
    let station = world.station(station)?;
    written
        .iter()
        .try_for_each(|entry| world.move_operator(&entry.id, station))
}

/// What it wrote is answered; it has not pulled since.
fn send(world: &mut World) -> Step<()> {
    for _ in 0..TURNS {
        if world.turn(PHONE, Goal::Records)? == Took::Reached {
            return Ok(());
        }
    }
    Err(Stopped("the edits are not received".to_owned()))
}

fn shown(world: &World, written: &[Written], found: &mut Found, when: &str) -> Step<()> {
    for entry in written {
        let asked = json!({"cmd": "operator", "id": entry.id});
        let page = call(world.phone(PHONE)?, asked);
        let number = page.map(|page| page["operator"]["phone"].clone());
        if number.as_ref().ok() != Some(&json!(entry.number)) {
            found.lost += 1;
            let said = format!(
                "{when} {} shows {number:?}, not {}",
                entry.name, entry.number
            );
            found.wrong.push(said);
        }
    }
    Ok(())
}

/// What is settled and out of scope is not in this phone's register any more; the one whose visit is open is.
fn gone(world: &World, written: &[Written], visit: &str, found: &mut Found) -> Step<()> {
    for (n, entry) in written.iter().enumerate() {
        let rows = operators(world, PHONE, &entry.name)?;
        let there = rows.iter().any(|row| row["id"] == entry.id);
        if there != (n == 0 && !visit.is_empty()) {
            let said = format!("out of scope, {} is in the register: {there}", entry.name);
            found.wrong.push(said);
        }
    }
    Ok(())
}

/// Each edit is applied, and says where it was out of scope.
fn flagged(
    server: &Path,
    written: &[Written],
    late: bool,
    found: &mut Found,
) -> rusqlite::Result<()> {
    let db = Connection::open(server.join("county.db"))?;
    for entry in written {
        let said: Vec<String> = db
            .prepare(
                "SELECT CAST(v.last AS TEXT) FROM change c JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash
                 WHERE instr(c.body, CAST(?1 AS BLOB)) > 0",
            )?
            .query_map([&entry.number], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let read = |text: &String| serde_json::from_str::<Value>(text).unwrap_or_default();
        let edits: Vec<Value> = said.iter().map(read).collect();
        let is_right = |verdict: &Value| {
            let flags = verdict["flags"].as_array();
            let outside = flags.is_some_and(|f| f.contains(&json!("out_of_scope")));
            verdict["verdict"] == "applied" && outside == late
        };
        if !edits.first().is_some_and(is_right) {
            found.wrong.push(format!("{} met {edits:?}", entry.number));
        }
    }
    Ok(())
}
