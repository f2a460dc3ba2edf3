//! Row R35: the folder of files is older than the database beside it, or a stored photo has rotted. The server
//! notices, the phone that brought it sends it again, and nothing else changes.

use super::disks::compared;
use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, duty};
use crate::sim::play::settle;
use crate::sim::world::World;
use crate::tamper::county::in_runtime;
use crate::tamper::desk::Desk;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use xunji_protocol::digest::Digest;
use xunji_protocol::limits::TOKEN_MS;
use xunji_server::blobs::{Blobs as _, Folder};
use xunji_server::missed;

/// The row.
pub const ROW: Row = Row {
    key: "R35",
    fault: "folder of files restored older than its database, or a stored photo rotted",
    trials: 100,
    whole: 200,
    short: 8,
    run,
};

const PHONES: usize = 2;

fn run(plan: &Plan) -> Step<Count> {
    let image = Image::make()?;
    let mut count = Count::default();
    for (nth, seed) in (0..plan.trials).zip(plan.seed..) {
        let (one, again) = trials::repeated(&image, nth, || one(&image, seed))?;
        count.add(one);
        let again = again.map(|again| format!("seed {seed}: {again}"));
        count.wrong.extend(again);
    }
    Ok(count)
}

fn one(image: &Image, seed: u64) -> Step<Count> {
    let mut world = World::begin(image, seed, PHONES)?;
    let mut deeds = Deeds::default();
    day(&mut world, &mut deeds)?;
    let older = stored(&world)?;
    day(&mut world, &mut deeds)?;
    let all = stored(&world)?;
    if seed.is_multiple_of(2) {
        for digest in all.difference(&older) {
            let path = folder(&world)?.path_of(*digest);
            std::fs::remove_file(path).map_err(|e| Stopped::at("older folder", e))?;
        }
        world.restart_server()?;
        missed::look(world.server()?).map_err(|e| Stopped::at("look", e.0.title))?;
    } else {
        rot(&mut world, image, &all)?;
    }
    // The token ends: what is wanted stands in the next hello.
    world.truth.fetch_add(TOKEN_MS, Ordering::Relaxed);
    settle(&mut world)?;
    let mut count = Count {
        trials: 1,
        ..Count::default()
    };
    count.lost += all.difference(&stored(&world)?).count() as u64;
    let (kept, server, homes) = world.closed();
    count.wrong.extend(super::disks::verified(&server));
    let records = deeds.records.iter();
    let taken = json!({"photos": deeds.photos, "records": records
        .map(|(id, number)| json!({"id": id, "record_no": number})).collect::<Vec<_>>()});
    count.add(compared(&taken, &server, &homes)?);
    drop(kept);
    for wrong in &mut count.wrong {
        *wrong = format!("seed {seed}: {wrong}");
    }
    Ok(count)
}

fn day(world: &mut World, deeds: &mut Deeds) -> Step<()> {
    for phone in 0..PHONES {
        duty(world.phone(phone)?)?;
        deeds.visit(world, phone)?;
    }
    settle(world)
}

fn folder(world: &World) -> Step<Folder> {
    Ok(Folder::at(world.server()?.data.blobs()))
}

fn stored(world: &World) -> Step<BTreeSet<Digest>> {
    let all = folder(world)?.stored();
    Ok(all
        .map_err(|e| Stopped::at("stored files", e))?
        .into_iter()
        .collect())
}

/// One file is another at one byte, and the supervisor opens it.
fn rot(world: &mut World, image: &Image, all: &BTreeSet<Digest>) -> Step<()> {
    let digest = all
        .iter()
        .nth(world.chance.index(all.len()))
        .copied()
        .ok_or_else(|| Stopped("no stored files".to_owned()))?;
    let doing = |e: std::io::Error| Stopped::at("rot", e);
    let path = folder(world)?.path_of(digest);
    let mut bytes = std::fs::read(&path).map_err(doing)?;
    let at = world.chance.index(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    std::fs::write(&path, bytes).map_err(doing)?;
    let router = xunji_server::router(Arc::clone(world.server()?));
    let asked = in_runtime(async {
        let desk = Desk::sign_in(router, &image.accounts()?, "所长甲").await?;
        Ok(desk.bytes(&format!("/api/console/blobs/{digest}")).await)
    })?;
    match asked {
        Ok(_) => Err(Stopped("rotten bytes were handed out".to_owned())),
        Err(_) => Ok(()),
    }
}
