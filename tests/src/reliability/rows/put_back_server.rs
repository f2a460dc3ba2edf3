//! Rows 13 and R36: an older database is served again. What any phone still holds comes back, once; no
//! code is given twice; and it is noticed, with our command and without it.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, call};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use rusqlite::Connection;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// Row 13.
pub const BY_COMMAND: Row = Row {
    key: "13",
    fault: "server restored from an older backup",
    trials: 50,
    whole: 200,
    short: 4,
    run: |plan| trials::each(plan, |image, seed| one(image, seed, true)),
};

/// Row R36.
pub const UNNOTICED: Row = Row {
    key: "R36",
    fault: "server rolled back by a copied folder, without a word",
    trials: 50,
    whole: 200,
    short: 4,
    run: |plan| trials::each(plan, |image, seed| one(image, seed, false)),
};

/// Phones of the county; one more is enrolled in the time that is lost, and one after it.
const PHONES: usize = 3;
/// So often the phone of the lost time takes some turns: in one of them it says hello.
const WITNESSES: usize = 4;
/// Deeds before and after each turn of things.
const DEEDS: usize = 6;

fn one(image: &Image, seed: u64, by_command: bool) -> Step<Found> {
    let mut world = World::begin(image, seed, PHONES)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    busy(&mut world, &mut deeds, PHONES)?;
    let kept = world.keep_server()?;
    // The first phone hears nothing of what is lost: it meets the old server as if nothing had happened,
    // and positions are used again before anybody can tell.
    world.net.set_up(0, false);
    let late = world.enrol()?;
    busy(&mut world, &mut deeds, PHONES + 1)?;
    visit_all(&mut world, &mut deeds)?;
    for phone in 1..=PHONES {
        burst(&mut world, phone)?;
    }
    world.put_server_back(&kept, by_command)?;
    world.net.set_up(0, true);
    for _ in 0..DEEDS {
        deeds.one(&mut world, 0)?;
        burst(&mut world, 0)?;
    }
    // Somebody who was promised something has to come first: before, a server cannot know.
    for _ in 0..WITNESSES {
        burst(&mut world, late)?;
    }
    let later = world.enrol()?;
    busy(&mut world, &mut deeds, PHONES + 2)?;
    visit_all(&mut world, &mut deeds)?;
    settle(&mut world)?;
    same_code(&world, late, later, &mut found)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    found.wrong.extend(super::disks::verified(&server));
    noticed(&server, &mut found).map_err(|e| Stopped::at("epochs", e))?;
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    Ok(found)
}

/// Everybody does something and sends some of it.
fn busy(world: &mut World, deeds: &mut Deeds, phones: usize) -> Step<()> {
    for _ in 0..DEEDS {
        let phone = world.chance.index(phones);
        deeds.one(world, phone)?;
        let phone = world.chance.index(phones);
        burst(world, phone)?;
    }
    Ok(())
}

/// Every phone gives a record number.
fn visit_all(world: &mut World, deeds: &mut Deeds) -> Step<()> {
    for phone in 0..world.phones() {
        crate::sim::image::duty(world.phone(phone)?)?;
        deeds.visit(world, phone)?;
    }
    Ok(())
}

/// A phone enrolled in the lost time and one enrolled after it have codes of their own.
fn same_code(world: &World, late: usize, later: usize, found: &mut Found) -> Step<()> {
    let mut codes = BTreeSet::new();
    for phone in [late, later] {
        let code = code_of(world, phone)?;
        if !codes.insert(code.clone()) {
            found.doubled += 1;
            found.wrong.push(format!("code {code} was given twice"));
        }
    }
    Ok(())
}

/// The code of the open log, as a number begun now shows it.
fn code_of(world: &World, phone: usize) -> Step<String> {
    let device = world.phone(phone)?;
    let rows = crate::sim::deeds::operators(world, phone, "")?;
    let row = rows
        .first()
        .ok_or_else(|| Stopped("no operators".to_owned()))?;
    let draft = call(
        device,
        json!({"cmd": "start_inspection", "operator": row["id"]}),
    )?;
    let number = draft["record_no"].as_str().unwrap_or_default();
    let last = number.rsplit('-').next().unwrap_or_default();
    let code = last.get(..last.len().saturating_sub(2));
    Ok(code.unwrap_or_default().to_owned())
}

/// A new epoch was opened, every feed went on in it, and each phone has said hello since.
fn noticed(server: &Path, found: &mut Found) -> rusqlite::Result<()> {
    let db = Connection::open(server.join("county.db"))?;
    let epochs: i64 = db.query_row("SELECT count(*) FROM epoch", [], |row| row.get(0))?;
    if epochs != 1 {
        found
            .wrong
            .push(format!("{epochs} epochs were opened, one was due"));
    }
    let silent: i64 = db.query_row(
        "SELECT count(*) FROM device d JOIN epoch e ON e.bureau = d.bureau
         WHERE d.device IN (SELECT device FROM log WHERE head_seq > 0) AND coalesce(d.seen_at, 0) < e.opened_at",
        [],
        |row| row.get(0),
    )?;
    if silent > 0 {
        found
            .wrong
            .push(format!("{silent} phones did not notice it"));
    }
    Ok(())
}
