//! Rows R26 and R27: what one person wrote stays on the screen and is no conflict with itself.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::Found;
use crate::sim::deeds::{operators, write_phone};
use crate::sim::image::{Image, call};
use crate::sim::net::Fate;
use crate::sim::play::settle;
use crate::sim::world::World;
use serde_json::{Value, json};
use xunji_device::sync::plan::Goal;

/// Row R26.
pub const ACKNOWLEDGED: Row = Row {
    key: "R26",
    fault: "acknowledged, and the link dies before the pull",
    trials: 100,
    whole: 200,
    short: 20,
    run: |plan| trials::each(plan, |image, seed| one(image, seed, acknowledged)),
};

/// Row R27.
pub const TWICE: Row = Row {
    key: "R27",
    fault: "two offline edits of one field by one person",
    trials: 100,
    whole: 200,
    short: 20,
    run: |plan| trials::each(plan, |image, seed| one(image, seed, twice)),
};

/// Turns in which a push is through.
const TURNS: usize = 8;

type Trial = fn(&mut World, &Value) -> Step<Vec<String>>;

fn one(image: &Image, seed: u64, trial: Trial) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let rows = operators(&world, 0, "")?;
    let at = world.chance.index(rows.len());
    let id = rows.get(at).map(|row| row["id"].clone());
    let id = id.ok_or_else(|| Stopped("no operators".to_owned()))?;
    let wrong = trial(&mut world, &id)?;
    Ok(Found {
        lost: u64::from(!wrong.is_empty()),
        doubled: 0,
        wrong,
    })
}

fn acknowledged(world: &mut World, id: &Value) -> Step<Vec<String>> {
    let mut wrong = Vec::new();
    let new = format!("138{:08}", world.chance.below(100_000_000));
    write_phone(world, 0, id, &new)?;
    world.net.set_always(Some(("sync/pull", Fate::Lost)));
    for _ in 0..TURNS {
        let _ = world.turn(0, Goal::Records)?;
    }
    shows(world, id, &new, "after the answer", &mut wrong)?;
    world.kill_phone(0)?;
    shows(world, id, &new, "after a kill", &mut wrong)?;
    world.net.set_always(None);
    settle(world)?;
    shows(world, id, &new, "after the pull", &mut wrong)?;
    no_conflict(world, id, &mut wrong)?;
    Ok(wrong)
}

fn twice(world: &mut World, id: &Value) -> Step<Vec<String>> {
    let mut wrong = Vec::new();
    let mut last = String::new();
    for _ in 0..=1 + world.chance.below(3) {
        last = format!("138{:08}", world.chance.below(100_000_000));
        write_phone(world, 0, id, &last)?;
        if world.chance.one_in(2) {
            world.kill_phone(0)?;
        }
    }
    settle(world)?;
    shows(world, id, &last, "after the pull", &mut wrong)?;
    no_conflict(world, id, &mut wrong)?;
    Ok(wrong)
}

fn shows(world: &World, id: &Value, number: &str, when: &str, wrong: &mut Vec<String>) -> Step<()> {
    let shown = call(world.phone(0)?, json!({"cmd": "operator", "id": id}))?;
    let found = &shown["operator"]["phone"];
    if *found != *number {
        wrong.push(format!(
            "{when} the phone shows {found}, written was {number}"
        ));
    }
    Ok(())
}

fn no_conflict(world: &World, id: &Value, wrong: &mut Vec<String>) -> Step<()> {
    for phone in 0..world.phones() {
        let shown = call(world.phone(phone)?, json!({"cmd": "operator", "id": id}))?;
        if shown["conflicts"] != json!([]) || shown["pending"] == true {
            wrong.push(format!(
                "phone {phone}: {} {}",
                shown["conflicts"], shown["pending"]
            ));
        }
    }
    Ok(())
}
