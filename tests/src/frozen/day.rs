//! The day that is frozen: a county with reviews, a conflict that was decided and one that was not, an amendment,
//! a return, a report, an upload that was cut; two phones that went out of signal in the middle of their work.

use super::SERVER;
use super::kept::{self, Kept};
use crate::market::{Step, Stopped};
use crate::sim::deeds::{Deeds, list, photograph, text, write_phone};
use crate::sim::image::{Image, call, closed, duty, phone_name};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use crate::tamper::county::{self, in_runtime};
use crate::tamper::visit;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use tempfile::TempDir;
use xunji_device::sync::plan::Goal;

/// Dice of the day.
const SEED: u64 = 20_261_028;
/// Phones: one with every kind of work in hand, one that had to open another log.
const PHONES: usize = 2;
/// Bytes of pictures that still pass before the last link breaks.
const LAST_BYTES: u64 = 700;
/// Turns of the run that breaks.
const TURNS: usize = 40;

/// What the day left.
pub struct Left {
    _folder: TempDir,
    /// Folders by name: `server`, `phone0` …
    pub homes: Vec<(String, PathBuf)>,
    /// What the phones acknowledged.
    pub deeds: Deeds,
    /// What lay on each of them.
    pub kept: Vec<Kept>,
    /// The record whose amendment is under way, and its item.
    pub returned: (String, Value),
    /// When.
    pub at: i64,
}

/// Plays it.
///
/// # Errors
/// Somebody refused what he should take.
pub fn played() -> Step<Left> {
    let image = Image::make()?;
    let mut world = World::begin(&image, SEED, PHONES)?;
    let mut deeds = Deeds::default();
    let mut kept = vec![Kept::default(); PHONES];
    let first = morning(&mut world, &mut deeds)?;
    let returned = visit::whole(&mut world, 0, 2)?;
    settle(&mut world)?;
    in_runtime(county::evening(&world, &image, &deeds, &first))?;
    settle(&mut world)?;
    county::amend(&mut world, &first)?;
    settle(&mut world)?;
    in_runtime(county::one_more_back(&world, &image, &returned))?;
    in_runtime(county::report(&world, &image, 1))?;
    settle(&mut world)?;
    damaged(&mut world, &mut deeds)?;
    settle(&mut world)?;
    out_of_signal(&mut world, &mut deeds, &mut kept, &returned)?;
    for (phone, kept) in kept.iter_mut().enumerate() {
        *kept = kept::of(world.phone(phone)?, kept)?;
    }
    let at = world.truth.load(Ordering::Relaxed);
    let (folder, server, homes) = world.closed();
    closed(&server)?;
    let phones = homes.into_iter().enumerate();
    let homes = phones
        .map(|(number, home)| (phone_name(number), home))
        .chain([(SERVER.to_owned(), server)]);
    Ok(Left {
        homes: homes.collect(),
        _folder: folder,
        deeds,
        kept,
        returned,
        at,
    })
}

/// Visits, entries and edits of all phones; one record is going to be sent back.
fn morning(world: &mut World, deeds: &mut Deeds) -> Step<(String, Value)> {
    for phone in 0..PHONES {
        world.truth.fetch_add(7 * 60_000, Ordering::Relaxed);
        duty(world.phone(phone)?)?;
        deeds.register(world, phone)?;
        deeds.visit(world, phone)?;
    }
    // Two fields that two phones write differently.
    settle(world)?;
    for (field, first) in [(0, "13900000001"), (1, "13900000003")] {
        let entry = deeds.registered.get(field).map(|(id, _)| json!(id));
        let entry = entry.unwrap_or_default();
        for (phone, number) in [(0, first), (1, "13900000002")] {
            write_phone(world, phone, &entry, number)?;
        }
    }
    let returned = visit::whole(world, 0, 0)?;
    let whole = visit::whole(world, 1, 1)?;
    deeds.records.push(numbered(world, 1, whole.0)?);
    Ok(returned)
}

/// A record with its number.
fn numbered(world: &World, phone: usize, id: String) -> Step<(String, String)> {
    let draft = call(world.phone(phone)?, json!({"cmd": "draft", "id": id}))?;
    Ok((id, text(&draft, "record_no")))
}

/// A change of the second phone rots before it was sent: declared, in another log.
fn damaged(world: &mut World, deeds: &mut Deeds) -> Step<()> {
    deeds.register(world, 1)?;
    world.rot(1)?;
    deeds.registered.pop();
    burst(world, 1)?;
    deeds.register(world, 1)
}

/// The last pictures are cut on their way; then nothing is sent any more, and the work goes on.
fn out_of_signal(
    world: &mut World,
    deeds: &mut Deeds,
    kept: &mut [Kept],
    (record, item): &(String, Value),
) -> Step<()> {
    deeds.visit(world, 0)?;
    world.net.cut_after(LAST_BYTES);
    world.phone(0)?.sync().sync_now(true);
    for _ in 0..TURNS {
        if let xunji_device::runner::Took::Failed(_) = world.turn(0, Goal::All)? {
            break;
        }
    }
    for phone in 0..PHONES {
        world.net.set_up(phone, false);
        world.truth.fetch_add(60 * 60_000, Ordering::Relaxed);
        deeds.register(world, phone)?;
        let draft = begun(world, phone)?;
        if let Some(kept) = kept.get_mut(phone) {
            kept.drafts.insert(draft, Value::Null);
        }
    }
    for phone in 0..PHONES {
        let whole = visit::whole(world, phone, 4 + phone)?;
        deeds.records.push(numbered(world, phone, whole.0)?);
        let entry = deeds.registered.first().map(|(id, _)| json!(id));
        let number = format!("1380000000{phone}");
        write_phone(world, phone, &entry.unwrap_or_default(), &number)?;
        deeds.written.push((phone, number));
    }
    let amendment = amending(world, record, item)?;
    if let Some(kept) = kept.first_mut() {
        kept.amendments.insert(amendment, Value::Null);
    }
    Ok(())
}

/// A draft with answers of each kind, a failed item, a note, a picture.
fn begun(world: &mut World, phone: usize) -> Step<String> {
    let rows = crate::sim::deeds::operators(world, phone, "")?;
    let row = rows.get(10 + phone);
    let row = row.ok_or_else(|| Stopped("no operators".to_owned()))?;
    let device = world.phone(phone)?;
    let draft = call(
        device,
        json!({"cmd": "start_inspection", "operator": row["id"]}),
    )?;
    let id = text(&draft, "id");
    let asked = json!({"cmd": "checklist", "id": draft["checklist_id"]});
    let checklist = call(device, asked)?;
    for (n, item) in list(&checklist["items"]).iter().take(7).enumerate() {
        let answer = if n == 2 { "fail" } else { "pass" };
        call(
            device,
            json!({"cmd": "answer", "inspection": id, "item": item["code"], "answer": answer, "shown_ms": 900,
                "answered_by": "card"}),
        )?;
        if n == 2 {
            call(
                device,
                json!({"cmd": "finding", "inspection": id, "item": item["code"], "problem": "案板有裂缝",
                    "measure": "deadline", "deadline": "2026-11-04",
                    "no_photo_reason": "问题为当场询问得知，无可拍摄对象"}),
            )?;
        }
        if n == 3 {
            call(
                device,
                json!({"cmd": "note", "inspection": id, "item": item["code"], "text": "当场改正"}),
            )?;
        }
    }
    photograph(world, phone, &id)?;
    Ok(id)
}

/// The answer to the return, begun and not signed.
fn amending(world: &mut World, record: &str, item: &Value) -> Step<String> {
    let device = world.phone(0)?;
    let draft = call(
        device,
        json!({"cmd": "start_amendment", "inspection": record}),
    )?;
    let id = text(&draft, "id");
    call(
        device,
        json!({"cmd": "amend_item", "amendment": id, "item": item, "problem": "现场不符合要求，已补拍"}),
    )?;
    call(
        device,
        json!({"cmd": "amend_reason", "amendment": id, "reason": "按退回意见补拍"}),
    )?;
    photograph(world, 0, &id)?;
    Ok(id)
}
