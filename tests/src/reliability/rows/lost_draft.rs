//! Row R41: a phone is lost or reinstalled in the middle of a visit. What it was told is copied goes on on
//! another phone, every answer of it; and where the old phone comes back and signs too, both versions are
//! kept and a person decides.

use super::signed_twice::{at_the_desk, on_every_phone, told};
use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::{Deeds, list, start, text};
use crate::sim::image::{Image, call, duty};
use crate::sim::net::Fate;
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use xunji_device::api::ApiError;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;
use xunji_device::usecases::draft_copy;

/// The row.
pub const ROW: Row = Row {
    key: "R41",
    fault: "phone lost or reinstalled in the middle of a visit; another goes on from the copy of its draft, and the old one may come back and sign too",
    trials: 100,
    whole: 200,
    short: 8,
    run: |plan| trials::each(plan, one),
};

/// The phone that is lost; the other one is a colleague's.
const PHONE: usize = 1;
/// Longer than a draft rests between two copies.
const COPY_DUE_MS: i64 = 61_000;
/// How often a person taps before he gives up.
const TAPS: usize = 60;

/// What was answered, in order, and how much of it the phone was told is copied.
#[derive(Default)]
struct Answered {
    given: Vec<(String, String)>,
    copied: usize,
}

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    settle(&mut world)?;
    duty(world.phone(PHONE)?)?;
    let id = start(&mut world, PHONE)?;
    let answered = work(&mut world, &id)?;
    // A tap or two that nobody heard of any more.
    world.net.set_up(PHONE, false);
    let taker = match seed % 2 {
        0 => 0,
        _ => world.enrol()?,
    };
    let number = go_on(&mut world, taker, &id)?;
    holds(&world, taker, &id, &answered, &mut found)?;
    deeds.close(&mut world, taker, &id, "未营业")?;
    if deeds.records.iter().any(|(_, signed)| *signed != number) {
        found
            .wrong
            .push("the number of the visit changed".to_owned());
    }
    if world.chance.one_in(2) {
        come_back(&mut world, &mut deeds, &id, &mut found)?;
        told(&mut world)?;
        on_every_phone(&world, &id, &mut found)?;
        at_the_desk(&world, image, &id, &deeds, &mut found)?;
    } else {
        settle(&mut world)?;
    }
    nothing_on_offer(&mut world, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    found.wrong.extend(super::disks::verified(&server));
    Ok(found)
}

/// The inspector answers, changes answers, and the phone copies when it can: answers of the server are lost,
/// requests are repeated, and older copies arrive behind newer ones.
fn work(world: &mut World, id: &str) -> Step<Answered> {
    let items = items(world, id)?;
    let mut answered = Answered::default();
    for round in 0..4 + world.chance.below(4) {
        for _ in 0..1 + world.chance.below(5) {
            let item = items.get(world.chance.index(items.len())).cloned();
            answer(world, id, item.unwrap_or_default(), &mut answered)?;
        }
        world.truth.fetch_add(COPY_DUE_MS, Ordering::Relaxed);
        world
            .net
            .set_rough([0, 3, 6].get(world.chance.index(3)).copied().unwrap_or(0));
        let late = ("sync/drafts", Fate::Reordered);
        world
            .net
            .set_always((round > 0 && world.chance.one_in(2)).then_some(late));
        burst(world, PHONE)?;
        if is_copied(world, id)? {
            answered.copied = answered.given.len();
        }
    }
    world.net.set_always(None);
    if answered.copied == 0 {
        copied_at_last(world, id)?;
        answered.copied = answered.given.len();
    }
    world.net.set_rough(0);
    Ok(answered)
}

fn items(world: &World, id: &str) -> Step<Vec<String>> {
    let device = world.phone(PHONE)?;
    let draft = call(device, json!({"cmd": "draft", "id": id}))?;
    let checklist = call(
        device,
        json!({"cmd": "checklist", "id": draft["checklist_id"]}),
    )?;
    Ok(list(&checklist["items"])
        .iter()
        .map(|i| text(i, "code"))
        .collect())
}

fn answer(world: &mut World, id: &str, item: String, answered: &mut Answered) -> Step<()> {
    let given = ["pass", "not_applicable", "fail"].get(world.chance.index(3));
    let given = given.copied().unwrap_or("pass");
    call(
        world.phone(PHONE)?,
        json!({"cmd": "answer", "inspection": id, "item": item, "answer": given, "shown_ms": 900,
            "answered_by": "card"}),
    )?;
    answered.given.push((item, given.to_owned()));
    Ok(())
}

/// Whether the phone was told that the server holds the draft as it stands.
fn is_copied(world: &World, id: &str) -> Step<bool> {
    let local = world.phone(PHONE)?.local().map_err(said)?;
    let waiting = local.read(draft_copy::waiting).map_err(said)?;
    Ok(!waiting.iter().any(|draft| draft.to_string() == id))
}

fn copied_at_last(world: &mut World, id: &str) -> Step<()> {
    world.net.set_rough(0);
    for _ in 0..TAPS {
        world.truth.fetch_add(COPY_DUE_MS, Ordering::Relaxed);
        burst(world, PHONE)?;
        if is_copied(world, id)? {
            return Ok(());
        }
    }
    Err(Stopped("the draft is never copied".to_owned()))
}

/// The other phone finds the draft on offer and goes on with it, on a bad line; gives the record number.
fn go_on(world: &mut World, taker: usize, id: &str) -> Step<String> {
    duty(world.phone(taker)?)?;
    world.net.set_rough(4);
    for _ in 0..TAPS {
        world.truth.fetch_add(COPY_DUE_MS, Ordering::Relaxed);
        let offered = call(world.phone(taker)?, json!({"cmd": "offered_drafts"}))?;
        let offer = list(&offered["drafts"])
            .iter()
            .find(|d| d["inspection"] == *id);
        let Some(offer) = offer.cloned() else {
            burst(world, taker)?;
            continue;
        };
        let ask = json!({"cmd": "take_over_draft", "inspection": id, "log": offer["log"]});
        let taken = call(world.phone(taker)?, ask);
        if world.net.take_dying() {
            world.restart_server()?;
        }
        if let Ok(taken) = taken {
            world.net.set_rough(0);
            return Ok(text(&taken, "record_no"));
        }
    }
    Err(Stopped("the draft is never taken over".to_owned()))
}

/// Every answer that was told to be copied is there, or a later one of the same item.
fn holds(
    world: &World,
    taker: usize,
    id: &str,
    answered: &Answered,
    found: &mut Found,
) -> Step<()> {
    let draft = call(world.phone(taker)?, json!({"cmd": "draft", "id": id}))?;
    let mut copied: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (at, (item, given)) in answered.given.iter().enumerate() {
        if at < answered.copied {
            copied.insert(item, vec![given]);
        } else if let Some(later) = copied.get_mut(item.as_str()) {
            later.push(given);
        }
    }
    for (item, may_be) in copied {
        let there = draft["answers"][item]["answer"]
            .as_str()
            .unwrap_or_default();
        if !may_be.contains(&there) {
            found.lost += 1;
            found
                .wrong
                .push(format!("{item} was copied as {may_be:?} and is {there:?}"));
        }
    }
    Ok(())
}

/// The old phone is found again. It hears that its draft went on elsewhere; its inspector signs all the same.
fn come_back(world: &mut World, deeds: &mut Deeds, id: &str, found: &mut Found) -> Step<()> {
    world.net.set_up(PHONE, true);
    if world.chance.one_in(2) {
        settle(world)?;
        call(world.phone(PHONE)?, json!({"cmd": "offered_drafts"}))?;
        world.truth.fetch_add(COPY_DUE_MS, Ordering::Relaxed);
        while world.turn(PHONE, Goal::All)? != Took::Reached {}
        let today = call(world.phone(PHONE)?, json!({"cmd": "today"}))?;
        let row = list(&today["drafts"]).iter().find(|d| d["id"] == *id);
        if row.is_none_or(|row| text(row, "taken_text").is_empty()) {
            let said = "the old phone was not told that its draft was taken over";
            found.wrong.push(said.to_owned());
        }
    }
    duty(world.phone(PHONE)?)?;
    deeds.close(world, PHONE, id, "已搬迁")?;
    deeds.forked = true;
    deeds.quarantined = 1;
    // The same record under its one number.
    deeds.records.dedup();
    Ok(())
}

/// What was signed is on nobody's list any more.
fn nothing_on_offer(world: &mut World, found: &mut Found) -> Step<()> {
    for phone in 0..world.phones() {
        call(world.phone(phone)?, json!({"cmd": "offered_drafts"}))?;
        world.truth.fetch_add(COPY_DUE_MS, Ordering::Relaxed);
    }
    settle(world)?;
    for phone in 0..world.phones() {
        let offered = call(world.phone(phone)?, json!({"cmd": "offered_drafts"}))?;
        let left: Vec<Value> = list(&offered["drafts"]).to_vec();
        if !left.is_empty() {
            found
                .wrong
                .push(format!("phone {phone} is offered {left:?}"));
        }
    }
    Ok(())
}

fn said(error: ApiError) -> Stopped {
    Stopped(error.sentence)
}
