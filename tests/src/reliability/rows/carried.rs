//! Row R38: there is no network, and the sticks are lost, cut, damaged, copied, shuffled. Then the network comes.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, duty};
use crate::sim::play::settle;
use crate::sim::world::World;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use xunji_device::api::ApiError;
use xunji_server::bundle::{VolumeState, import};

/// The row.
pub const ROW: Row = Row {
    key: "R38",
    fault: "bundles lost, cut, damaged, doubled, out of order, receipts lost or altered; kills between; then the network",
    trials: 100,
    whole: 300,
    short: 6,
    run,
};

/// Phones of a trial.
const PHONES: usize = 2;
/// Times that somebody walks with a stick.
const WALKS: u64 = 3;

/// What was met in all trials: a row that tries nothing finds nothing.
#[derive(Debug, Default)]
struct Met {
    whole: u64,
    broken: u64,
    receipts: u64,
}

/// A trial is one seed: two phones, three walks.
fn run(plan: &Plan) -> Step<Count> {
    let mut met = Met::default();
    let mut count = trials::each(plan, |image, seed| trial(image, seed, &mut met))?;
    if met.whole == 0 || met.broken == 0 || met.receipts == 0 {
        count.wrong.push(format!("not everything was met: {met:?}"));
    }
    Ok(count)
}

fn trial(image: &Image, seed: u64, met: &mut Met) -> Step<Found> {
    let mut world = World::begin(image, seed, PHONES)?;
    let mut deeds = Deeds::default();
    let mut found = Found::default();
    let sticks = tempfile::tempdir().map_err(|e| Stopped::at("stick", e))?;
    for phone in 0..PHONES {
        world.net.set_up(phone, false);
        duty(world.phone(phone)?)?;
        deeds.visit(&mut world, phone)?;
    }
    for walk in 0..WALKS {
        for phone in 0..PHONES {
            for _ in 0..=world.chance.below(3) {
                deeds.one(&mut world, phone)?;
            }
        }
        let stick = sticks.path().join(walk.to_string());
        let mut files = Vec::new();
        for phone in 0..PHONES {
            files.extend(written(&mut world, phone, &stick)?);
        }
        let files = suffered(&mut world, files)?;
        carried(&mut world, files, met, &mut found)?;
    }
    settle(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    drop(folder);
    Ok(found)
}

/// A phone writes what has no receipt, as much of it and in as small volumes as the dice say.
fn written(world: &mut World, phone: usize, stick: &Path) -> Step<Vec<PathBuf>> {
    std::fs::create_dir_all(stick).map_err(|e| Stopped::at("stick", e))?;
    let along = ["records", "thumbnails", "all", "all"];
    let along = along.get(world.chance.index(along.len()));
    let volume = (64 << 10) << world.chance.below(5);
    let ask =
        json!({"cmd": "export_bundle", "folder": stick, "along": along, "volume_bytes": volume});
    match asked(world, phone, ask)? {
        Ok(written) => {
            let paths = serde_json::from_value(written["volumes"].clone());
            paths.map_err(|e| Stopped::at("volumes", e))
        }
        Err(error) if error.code == "nothing_to_carry" => Ok(Vec::new()),
        Err(error) => Err(Stopped(error.sentence)),
    }
}

fn asked(world: &World, phone: usize, command: Value) -> Step<Result<Value, ApiError>> {
    let command = serde_json::from_value(command).map_err(|e| Stopped::at("command", e))?;
    Ok(world.phone(phone)?.call(command))
}

/// What becomes of the files on the way, and in which order they arrive.
fn suffered(world: &mut World, files: Vec<PathBuf>) -> Step<Vec<PathBuf>> {
    let mut arrived = Vec::new();
    for path in files {
        let disk = |e| Stopped::at("volume", e);
        let mut bytes = std::fs::read(&path).map_err(disk)?;
        match world.chance.below(8) {
            0 => continue,
            1 => bytes.truncate(world.chance.index(bytes.len())),
            2 => {
                let at = world.chance.index(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << world.chance.below(8);
                }
            }
            3 => arrived.push(path.clone()),
            _ => {}
        }
        std::fs::write(&path, bytes).map_err(disk)?;
        let at = world.chance.index(arrived.len() + 1);
        arrived.insert(at, path);
    }
    Ok(arrived)
}

/// The files are imported, together or one by one, the server dies in between, and receipts go back.
fn carried(world: &mut World, files: Vec<PathBuf>, met: &mut Met, found: &mut Found) -> Step<()> {
    let together = world.chance.one_in(2);
    let groups: Vec<Vec<PathBuf>> = if together {
        vec![files]
    } else {
        files.into_iter().map(|file| vec![file]).collect()
    };
    for group in groups {
        let done = import(world.server()?, &group, &mut |_| {});
        if let Some(stopped) = done.stopped {
            found.wrong.push(stopped.0.title);
        }
        if done.volumes.len() != group.len() {
            found.wrong.push("a file got no answer".to_owned());
        }
        for volume in &done.volumes {
            match volume.state {
                VolumeState::Whole => met.whole += 1,
                _ => met.broken += 1,
            }
        }
        for receipts in done.bundles.into_iter().filter_map(|(_, bytes)| bytes) {
            met.receipts += back(world, receipts, found)?;
        }
        if world.chance.one_in(4) {
            world.restart_server()?;
        }
    }
    Ok(())
}

/// Receipts reach every phone, altered now and then, or none; how many phones took them.
fn back(world: &mut World, mut receipts: Vec<u8>, found: &mut Found) -> Step<u64> {
    let altered = match world.chance.below(4) {
        0 => return Ok(0),
        1 => {
            let at = world.chance.index(receipts.len());
            // Line ends at the edges are no part of what is signed.
            if let Some(byte) = receipts.get_mut(at).filter(|byte| **byte != b'\n') {
                *byte ^= 1;
                true
            } else {
                false
            }
        }
        _ => false,
    };
    let text = String::from_utf8_lossy(&receipts).into_owned();
    let mut took = 0;
    for phone in 0..PHONES {
        let ask = json!({"cmd": "take_receipts", "text": text});
        match asked(world, phone, ask)? {
            Ok(taken) => {
                took += 1;
                if taken["passed_over"] != json!(0) {
                    found
                        .wrong
                        .push(format!("phone {phone} passed over {taken}"));
                }
            }
            Err(error) if error.code.starts_with("receipts_") => {}
            Err(error) => found.wrong.push(error.sentence),
        }
        if world.chance.one_in(4) {
            world.kill_phone(phone)?;
        }
    }
    if took != u64::from(!altered) {
        found
            .wrong
            .push(format!("{took} phones took receipts, altered: {altered}"));
    }
    Ok(took)
}
