//! Row R37: a phone's two databases, and a kill or a power cut between their commits. One of them is found as
//! it was a request earlier. What a person saw stays, and the server's later words are not lost.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::{Deeds, own_shown};
use crate::sim::heavy::heaviest;
use crate::sim::image::{Image, duty};
use crate::sim::play::{burst, settle};
use crate::sim::world::{Half, World};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;

/// The row.
pub const ROW: Row = Row {
    key: "R37",
    fault: "killed between the commits of the phone's two databases",
    trials: 40,
    whole: 200,
    short: 4,
    run: |plan| trials::each(plan, one),
};

/// The phone it happens to.
const PHONE: usize = 1;
/// Deeds before it syncs.
const DEEDS: usize = 4;
/// Requests of it that may meet the kill.
const TURNS: usize = 40;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    settle(&mut world)?;
    // Its body travels as a file: the first word on it is that it waits, the later one comes in a feed.
    heaviest(&mut world, &mut deeds, PHONE)?;
    for _ in 0..DEEDS {
        for phone in 0..world.phones() {
            deeds.one(&mut world, phone)?;
        }
        burst(&mut world, 0)?;
    }
    duty(world.phone(PHONE)?)?;
    for _ in 0..TURNS {
        if turn(&mut world, &deeds, &mut found)? {
            break;
        }
    }
    settle(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    found.wrong.extend(super::disks::verified(&server));
    for home in &homes {
        words(&server, home, &mut found).map_err(|e| Stopped::at("verdicts", e))?;
    }
    Ok(found)
}

/// One request, and every second time the phone is found with one database of before it. Whether there is
/// nothing to do any more.
fn turn(world: &mut World, deeds: &Deeds, found: &mut Found) -> Step<bool> {
    let half = match world.chance.below(4) {
        0 => Some(Half::Local),
        1 => Some(Half::Mirror),
        _ => None,
    };
    world.phone(PHONE)?.sync().sync_now(true);
    let before = own_shown(world, deeds, PHONE)?;
    let kept = half.map(|half| world.keep_half(PHONE, half)).transpose()?;
    let took = world.turn(PHONE, Goal::All)?;
    let (Some(half), Some(kept)) = (half, kept) else {
        return Ok(took == Took::Reached);
    };
    world.kill_between(PHONE, half, &kept)?;
    let after = own_shown(world, deeds, PHONE)?;
    if !before.iter().all(|shown| after.contains(shown)) {
        let said = format!("{before:?} was shown, and {after:?} with an older {half:?}");
        found.wrong.push(said);
    }
    Ok(false)
}

type Words = BTreeMap<Vec<u8>, String>;

/// The phone's last word on each of its changes is the server's.
fn words(server: &Path, home: &Path, found: &mut Found) -> rusqlite::Result<()> {
    let key = std::fs::read(home.join("key")).unwrap_or_default();
    let phone = Connection::open(home.join("local.db"))?;
    phone.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))?;
    let own = said(
        &phone,
        "SELECT hash, json_extract(row, '$.verdict') FROM verdict",
    )?;
    let county = Connection::open(server.join("county.db"))?;
    let told = said(&county, "SELECT hash, verdict FROM verdict")?;
    for (hash, word) in own {
        if told.get(&hash) != Some(&word) {
            let (hash, last) = (hex::encode(&hash), told.get(&hash));
            let sentence = format!("the phone takes {hash} for {word}, the server for {last:?}");
            found.wrong.push(sentence);
        }
    }
    Ok(())
}

fn said(db: &Connection, sql: &str) -> rusqlite::Result<Words> {
    let mut query = db.prepare(sql)?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
