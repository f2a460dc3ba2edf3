//! Rows 15 and R29: a phone's clock stands in 1970, ten years ahead or in another zone, jumps at every look,
//! or went with its battery. The same day is played once more with a clock that is right: both counties say
//! the same. What a wrong clock stamped is flagged and nothing else, nothing is refused, and ten years more
//! take nothing from the phone.

use super::trials;
use crate::audit;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::chance::Chance;
use crate::sim::checks::{self, Found};
use crate::sim::clock::PhoneClock;
use crate::sim::deeds::{Deeds, operators};
use crate::sim::image::{Image, call, duty};
use crate::sim::play::{TEN_YEARS_MS, burst, fair};
use crate::sim::world::World;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use xunji_domain::time::{CLOCK_OFF_MS, ClockReading};

/// The row.
pub const ROW: Row = Row {
    key: "15",
    fault: "phone's clock in 1970, ten years ahead, in a wrong zone, jumping, or without a battery",
    trials: 200,
    whole: 2_000,
    short: 15,
    run: |plan| trials::each(plan, one),
};

/// The phone it happens to; the other one is a colleague's, whose clock is right.
const PHONE: usize = 1;
/// Deeds before and after the phone is started anew.
const DEEDS: usize = 4;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What is wrong with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Nothing,
    Beginning,
    TenYears,
    Zone,
    Jumps,
    Battery,
}

const KINDS: [Wrong; 5] = [
    Wrong::Beginning,
    Wrong::TenYears,
    Wrong::Zone,
    Wrong::Jumps,
    Wrong::Battery,
];

/// What a day left.
struct Day {
    /// As the colleague sees it, and the phone itself.
    seen: Vec<Value>,
    found: Found,
}

fn one(image: &Image, seed: u64) -> Step<Found> {
    let at = usize::try_from(seed).unwrap_or(0) % KINDS.len();
    let wrong = KINDS.get(at).copied().unwrap_or(Wrong::Nothing);
    let right = day(image, seed, Wrong::Nothing)?;
    let mut other = day(image, seed, wrong)?;
    other.found.wrong.extend(right.found.wrong);
    if right.seen != other.seen {
        let pairs = right.seen.iter().zip(&other.seen);
        let differs: Vec<_> = pairs.filter(|(a, b)| a != b).take(2).collect();
        let said = format!("{wrong:?} and a true clock differ: {differs:?}");
        other.found.lost += 1;
        other.found.wrong.push(said);
    }
    Ok(other.found)
}

fn day(image: &Image, seed: u64, wrong: Wrong) -> Step<Day> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    let mut dice = Chance::of(seed ^ 0x15);
    // What time it is a phone learns from its server.
    fair(&mut world)?;
    set(&world, wrong, &mut dice)?;
    some(&mut world, &mut deeds)?;
    world.kill_phone(PHONE)?;
    world.slot(PHONE)?.clock.reboot();
    if wrong == Wrong::Battery {
        let now = world.truth.load(Ordering::Relaxed);
        world.slot(PHONE)?.clock.set_wrong_by(-now);
    }
    if wrong == Wrong::Jumps {
        // Behind a restart such a clock may stand years ahead until the server is heard: nobody signs then.
        fair(&mut world)?;
    }
    some(&mut world, &mut deeds)?;
    fair(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let seen = seen(&world)?;
    nothing_leaves(&mut world, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    flagged(&server, &mut found).map_err(|e| Stopped::at("flags", e))?;
    found.wrong.extend(super::disks::verified(&server));
    Ok(Day { seen, found })
}

fn set(world: &World, wrong: Wrong, dice: &mut Chance) -> Step<()> {
    let now = world.truth.load(Ordering::Relaxed);
    let clock = &world.slot(PHONE)?.clock;
    match wrong {
        Wrong::Nothing | Wrong::Battery => {}
        Wrong::Beginning => clock.set_wrong_by(-now),
        Wrong::TenYears => clock.set_wrong_by(TEN_YEARS_MS),
        Wrong::Zone => {
            let hours = 1 + i64::try_from(dice.below(12)).unwrap_or(0);
            let ahead = if dice.one_in(2) { hours } else { -hours };
            clock.set_wrong_by(ahead * HOUR_MS);
        }
        Wrong::Jumps => {
            let far = [
                0,
                -now,
                TEN_YEARS_MS,
                -9 * HOUR_MS,
                3 * DAY_MS,
                0,
                -400 * DAY_MS,
            ];
            let len = 2 + dice.index(5);
            clock.set_jumps(
                (0..len)
                    .filter_map(|_| far.get(dice.index(far.len())).copied())
                    .collect(),
            );
        }
    }
    Ok(())
}

/// Deeds with a few minutes and some sync between them; a visit is always among them.
fn some(world: &mut World, deeds: &mut Deeds) -> Step<()> {
    for _ in 0..DEEDS {
        deeds.one(world, PHONE)?;
        world.truth.fetch_add(7 * MINUTE_MS, Ordering::Relaxed);
        if world.chance.one_in(2) {
            burst(world, PHONE)?;
        }
    }
    duty(world.phone(PHONE)?)?;
    deeds.visit(world, PHONE)
}

/// Everything that people see, without ids: those hold the time.
fn seen(world: &World) -> Step<Vec<Value>> {
    let mut all = Vec::new();
    for phone in 0..world.phones() {
        let device = world.phone(phone)?;
        all.push(call(device, json!({"cmd": "status"}))?["today"].clone());
        let today = call(device, json!({"cmd": "today"}))?;
        all.push(json!([
            today["markets_today"],
            today["to_visit"]["visited"],
            today["sync"]
        ]));
        for row in operators(world, phone, "")? {
            let page = call(device, json!({"cmd": "operator", "id": row["id"]}))?;
            all.push(json!([
                row["name"],
                page["operator"]["phone"],
                page["conflicts"],
                page["licences"]
            ]));
        }
        let mut records = call(device, json!({"cmd": "records", "filter": "all"}))?["rows"].take();
        for record in records.as_array_mut().into_iter().flatten() {
            // The minute depends on how long the requests before it took.
            for key in ["id", "time_text"] {
                record[key] = Value::Null;
            }
        }
        let mut records = records.as_array().cloned().unwrap_or_default();
        // With a dead battery the order of the minutes until the next contact is not known.
        records.sort_by_key(|record| record["record_no"].to_string());
        all.extend(records);
    }
    Ok(all)
}

/// R29: everything is in a backup, and years pass by the phone's clock alone; it is started and syncs, and what
/// it held it holds.
fn nothing_leaves(world: &mut World, found: &mut Found) -> Step<()> {
    let place = tempfile::tempdir().map_err(|e| Stopped::at("backup", e))?;
    world.back_up(&place.path().join("copy"))?;
    let before = held(&world.slot(PHONE)?.home)?;
    for years in 1..=3 {
        let clock = &world.slot(PHONE)?.clock;
        clock.set_jumps(Vec::new());
        clock.set_wrong_by(years * TEN_YEARS_MS);
        world.truth.fetch_add(HOUR_MS, Ordering::Relaxed);
        world.kill_phone(PHONE)?;
        fair(world)?;
    }
    let after = held(&world.slot(PHONE)?.home)?;
    for what in before.difference(&after) {
        found.lost += 1;
        found.wrong.push(format!("{what} left the phone early"));
    }
    Ok(())
}

fn held(home: &Path) -> Step<BTreeSet<String>> {
    let phone = audit::phone::read(home).map_err(|e| Stopped::at("audit", e))?;
    let changes = phone
        .changes
        .iter()
        .map(|c| format!("change {}", hex::encode(&c.hash)));
    let receipts = phone
        .receipts
        .keys()
        .map(|subject| format!("receipt {subject}"));
    let files = phone.files.keys().map(|sha| format!("file {sha}"));
    Ok(changes.chain(receipts).chain(files).collect())
}

/// Every change and every record that a wrong clock stamped is flagged, and no other.
fn flagged(server: &Path, found: &mut Found) -> rusqlite::Result<()> {
    let db = Connection::open(server.join("county.db"))?;
    let mut query = db.prepare(
        "SELECT c.kind || ' ' || c.seq, json_array(json_extract(CAST(c.envelope AS TEXT), '$.captured_at'),
           json_extract(CAST(i.content AS TEXT), '$.started_at'), json_extract(CAST(i.content AS TEXT), '$.ended_at')), CAST(v.last AS TEXT)
         FROM change c JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash
         LEFT JOIN inspection i ON i.bureau = c.bureau AND i.signed_change = c.hash
         JOIN log l ON l.bureau = c.bureau AND l.log = c.log WHERE l.owner = 'device'
         UNION ALL
         SELECT 'record ' || i.record_no, json_array(json_extract(CAST(i.content AS TEXT), '$.started_at'),
           json_extract(CAST(i.content AS TEXT), '$.ended_at'), json_extract(CAST(c.envelope AS TEXT), '$.captured_at')), CAST(s.bytes AS TEXT)
         FROM inspection i JOIN state s ON s.bureau = i.bureau AND s.kind = 'inspection' AND s.id = i.inspection AND s.gone = 0
         JOIN change c ON c.bureau = i.bureau AND c.hash = i.signed_change",
    )?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for row in rows {
        let (what, stamps, said): (String, String, String) = row?;
        let flags = serde_json::from_str::<Value>(&said).unwrap_or_default()["flags"].clone();
        let is_flagged = flags
            .as_array()
            .is_some_and(|f| f.contains(&json!("clock_off")));
        if is_flagged != is_off(&stamps) {
            found
                .wrong
                .push(format!("{what} has the flags {flags}, stamped {stamps}"));
        }
    }
    Ok(())
}

/// Whether one of these readings is not of the time at which it was taken.
fn is_off(stamps: &str) -> bool {
    let readings: Vec<Option<ClockReading>> = serde_json::from_str(stamps).unwrap_or_default();
    readings.iter().flatten().any(|at| {
        PhoneClock::truth_of(&at.boot, at.boottime)
            .is_some_and(|truth| (truth - at.wall.0).abs() > CLOCK_OFF_MS)
    })
}
