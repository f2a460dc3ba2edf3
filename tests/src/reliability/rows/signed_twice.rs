//! Row R31: a phone is copied, or an older copy of it put back, with a visit open, and both sign it. Both
//! versions are kept with their photos, both can be looked at, the record says so, and nobody decided for a
//! person.

use super::trials;
use crate::market::Step;
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::{Deeds, photograph, start};
use crate::sim::image::{Image, call, duty};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use crate::tamper::county::in_runtime;
use crate::tamper::desk::Desk;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The row.
pub const ROW: Row = Row {
    key: "R31",
    fault: "one visit signed twice: on a copied phone, or on one that was put back",
    trials: 100,
    whole: 200,
    short: 10,
    run: |plan| trials::each(plan, one),
};

/// The phone it happens to; the other one is a colleague's.
const PHONE: usize = 1;
/// Longer than a token lives: then each phone says hello again.
const TOKEN_OVER_MS: i64 = 16 * 60 * 1000;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    deeds.forked = true;
    settle(&mut world)?;
    duty(world.phone(PHONE)?)?;
    let id = start(&mut world, PHONE)?;
    // One photo stands in both.
    let common = photograph(&mut world, PHONE, &id)?;
    match seed % 2 {
        0 => copied(&mut world, &mut deeds, &id)?,
        _ => put_back(&mut world, &mut deeds, &id)?,
    }
    deeds.photos.push(common);
    deeds.quarantined = 1;
    // The same record under its one number.
    deeds.records.dedup();
    told(&mut world)?;
    on_every_phone(&world, &id, &mut found)?;
    at_the_desk(&world, image, &id, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    found.wrong.extend(super::disks::verified(&server));
    Ok(found)
}

/// Both go on and meet at the server, whichever comes first.
fn copied(world: &mut World, deeds: &mut Deeds, id: &str) -> Step<()> {
    let copy = world.clone_phone(PHONE)?;
    let order = match world.chance.one_in(2) {
        true => [PHONE, copy],
        false => [copy, PHONE],
    };
    for (phone, reason) in order.into_iter().zip(["未营业", "已搬迁"]) {
        duty(world.phone(phone)?)?;
        deeds.close(world, phone, id, reason)?;
        if world.chance.one_in(2) {
            burst(world, phone)?;
        }
    }
    Ok(())
}

/// It signs and sends; then an older copy of it is put back, on which the visit is still open.
fn put_back(world: &mut World, deeds: &mut Deeds, id: &str) -> Step<()> {
    let kept = world.keep_phone(PHONE)?;
    deeds.close(world, PHONE, id, "未营业")?;
    settle(world)?;
    world.put_phone_back(PHONE, &kept)?;
    duty(world.phone(PHONE)?)?;
    deeds.close(world, PHONE, id, "已搬迁")
}

/// Everybody hears from the server, also what happened since.
pub(super) fn told(world: &mut World) -> Step<()> {
    for _ in 0..2 {
        settle(world)?;
        world.truth.fetch_add(TOKEN_OVER_MS, Ordering::Relaxed);
    }
    settle(world)
}

/// Every phone shows the record once; one whose own version waits for a person says so.
pub(super) fn on_every_phone(world: &World, id: &str, found: &mut Found) -> Step<()> {
    let mut waiting = 0;
    for phone in 0..world.phones() {
        let device = world.phone(phone)?;
        let all = call(device, json!({"cmd": "records", "filter": "all"}))?;
        let rows = all["rows"].as_array().into_iter().flatten();
        let rows: Vec<&Value> = rows.filter(|row| row["id"] == *id).collect();
        if rows.len() != 1 {
            let said = format!("phone {phone} shows the record {} times", rows.len());
            found.wrong.push(said);
        }
        let state = call(device, json!({"cmd": "sync_state"}))?;
        waiting += state["quarantined"].as_array().map_or(0, Vec::len);
    }
    if waiting != 1 {
        let said = format!("{waiting} phones say that a version waits for a person");
        found.wrong.push(said);
    }
    Ok(())
}

/// The supervisor sees the flag, both versions, and every photo of either.
pub(super) fn at_the_desk(
    world: &World,
    image: &Image,
    id: &str,
    deeds: &Deeds,
    found: &mut Found,
) -> Step<()> {
    let router = xunji_server::router(Arc::clone(world.server()?));
    let (page, unseen) = in_runtime(async {
        let desk = Desk::sign_in(router, &image.accounts()?, "所长甲").await?;
        let page = desk.get(&format!("/api/console/records/{id}")).await?;
        let mut unseen = Vec::new();
        for sha in &deeds.photos {
            let path = format!("/api/console/blobs/{sha}");
            if desk.bytes(&path).await.is_err() {
                unseen.push(sha.clone());
            }
        }
        Ok((page, unseen))
    })?;
    found.lost += unseen.len() as u64;
    let unseen = unseen.iter();
    found
        .wrong
        .extend(unseen.map(|sha| format!("nobody can look at the photo {sha}")));
    let flags = page["flags"].as_array().into_iter().flatten();
    if !flags.into_iter().any(|flag| flag["code"] == "signed_twice") {
        found.wrong.push(format!("the flags are {}", page["flags"]));
    }
    let reasons = std::iter::once(&page["signed"]).chain(
        page["others"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|other| &other["signed"]),
    );
    let reasons: BTreeSet<String> = reasons
        .map(|signed| signed["content"]["not_inspected"].to_string())
        .collect();
    if reasons.len() != 2 {
        found.lost += 1;
        found.wrong.push(format!("the desk shows {reasons:?}"));
    }
    Ok(())
}
