//! Row R30: a byte of a change that is not sent yet rots on the phone. It is declared with its place and its
//! hash; everything before and behind it arrives.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::healing::Rotted;
use crate::sim::image::{Image, duty};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use xunji_device::runner::sync_state;

/// The row.
pub const ROW: Row = Row {
    key: "R30",
    fault: "a rotted byte in the phone's own log",
    trials: 100,
    whole: 200,
    short: 12,
    run: |plan| trials::each(plan, one),
};

/// Deeds before and behind it.
const DEEDS: usize = 4;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    duty(world.phone(0)?)?;
    for _ in 0..DEEDS {
        deeds.register(&world, 0)?;
    }
    burst(&mut world, 0)?;
    for _ in 0..DEEDS {
        deeds.visit(&mut world, 0)?;
        deeds.register(&world, 0)?;
    }
    // One or two at once, then one more in the log that was opened because of them.
    let mut rotted = 0;
    for _ in 0..=world.chance.below(2) {
        rotted += rot(&mut world, &mut deeds)?;
    }
    burst(&mut world, 0)?;
    deeds.register(&world, 0)?;
    deeds.visit(&mut world, 0)?;
    if world.chance.one_in(2) {
        rotted += rot(&mut world, &mut deeds)?;
    }
    settle(&mut world)?;
    says_so(&world, rotted, &mut found)?;
    // The phone itself goes on showing what rotted, marked as pending: it is all there is to write it anew from.
    checks::shows_all(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    found.wrong.extend(super::disks::verified(&server));
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    Ok(found)
}

/// What it takes away nobody can have any more; all else is still expected.
fn rot(world: &mut World, deeds: &mut Deeds) -> Step<u64> {
    let Some(Rotted { body, .. }) = world.rot(0)? else {
        return Ok(0);
    };
    forget(deeds, &body);
    Ok(1)
}

/// What stood in the body of a change that does not read any more.
pub(super) fn forget(deeds: &mut Deeds, body: &[u8]) {
    let text = String::from_utf8_lossy(body).into_owned();
    deeds.registered.retain(|(id, _)| !is_about(&text, id));
    deeds.records.retain(|(id, _)| !is_about(&text, id));
    deeds.photos.retain(|sha| !text.contains(sha));
}

/// Whether a body is that of the record itself, not one that only names it.
fn is_about(body: &str, id: &str) -> bool {
    let json: serde_json::Value = body
        .get(32..)
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    json["id"] == *id || json["content"]["id"] == *id
}

/// The phone tells the person, and counts nothing as missing that can never come.
pub(super) fn says_so(world: &World, rotted: u64, found: &mut Found) -> Step<()> {
    let state = sync_state(world.phone(0)?).map_err(|e| Stopped(e.sentence))?;
    let said = state.notes.iter().any(|note| note.contains("受损"));
    if said != (rotted > 0) {
        found.wrong.push(format!(
            "{rotted} changes rotted, the phone says {:?}",
            state.notes
        ));
    }
    if !state.all_received {
        found.wrong.push(format!("{} after all", state.text));
    }
    Ok(())
}
