//! The heaviest record that an inspector can sign: every item failed, every text as long as it may be,
//! every signature as long as it may be.

use super::chance::Chance;
use super::deeds::{Deeds, list, operators, photograph, text};
use super::image::call;
use super::world::World;
use crate::market::{Step, Stopped};
use serde_json::{Value, json};
use xunji_protocol::limits::{MAX_STROKES, MAX_TEXT};

/// As many may stand on one record.
const MOST_INSPECTORS: usize = 6;
/// The longest list of items.
const KIND: &str = "workshop";

/// Signs one; gives its id.
///
/// # Errors
/// The phone refused it.
pub fn heaviest(world: &mut World, deeds: &mut Deeds, phone: usize) -> Step<String> {
    let mut dice = Chance::of(world.chance.word());
    crowd(world, phone)?;
    let rows = operators(world, phone, "")?;
    let row = rows.iter().find(|row| row["kind"] == KIND);
    let row = row
        .or(rows.first())
        .ok_or_else(|| Stopped("no operators".to_owned()))?;
    let operator = row["id"].clone();
    let draft = call(
        world.phone(phone)?,
        json!({"cmd": "start_inspection", "operator": operator}),
    )?;
    let id = text(&draft, "id");
    let sha = photograph(world, phone, &id)?;
    fill(world, phone, &draft, &mut dice)?;
    let device = world.phone(phone)?;
    for inspector in list(&draft["inspectors"]) {
        call(
            device,
            json!({"cmd": "sign_inspector", "inspection": id, "person": inspector["id"],
                "strokes": strokes(&mut dice)}),
        )?;
    }
    call(
        device,
        json!({"cmd": "sign_party", "inspection": id, "name": "经营者甲", "relation": "经营者本人",
            "strokes": strokes(&mut dice)}),
    )?;
    call(device, json!({"cmd": "finish", "inspection": id}))?;
    deeds.records.push((id.clone(), text(&draft, "record_no")));
    deeds.photos.push(sha);
    Ok(id)
}

/// Everybody who may is on duty.
fn crowd(world: &World, phone: usize) -> Step<()> {
    let device = world.phone(phone)?;
    let roster = call(device, json!({"cmd": "roster"}))?;
    let able = list(&roster).iter().filter(|p| p["may_sign"] == true);
    let ids: Vec<&Value> = able.map(|p| &p["id"]).take(MOST_INSPECTORS).collect();
    call(device, json!({"cmd": "set_inspectors", "ids": ids}))?;
    Ok(())
}

fn fill(world: &World, phone: usize, draft: &Value, dice: &mut Chance) -> Step<()> {
    let device = world.phone(phone)?;
    let id = text(draft, "id");
    let checklist = call(
        device,
        json!({"cmd": "checklist", "id": draft["checklist_id"]}),
    )?;
    for item in list(&checklist["items"]) {
        let code = &item["code"];
        call(
            device,
            json!({"cmd": "answer", "inspection": id, "item": code, "answer": "fail", "shown_ms": 9_000,
                "answered_by": "card"}),
        )?;
        call(
            device,
            json!({"cmd": "note", "inspection": id, "item": code, "text": words(dice)}),
        )?;
        call(
            device,
            json!({"cmd": "finding", "inspection": id, "item": code, "problem": words(dice),
                "no_photo_reason": words(dice)}),
        )?;
    }
    call(
        device,
        json!({"cmd": "party_opinion", "inspection": id, "text": words(dice)}),
    )?;
    call(
        device,
        json!({"cmd": "conclusion", "inspection": id, "conclusion": "nonconforming", "reason": words(dice)}),
    )?;
    call(
        device,
        json!({"cmd": "notice", "inspection": id, "given": true}),
    )?;
    Ok(())
}

/// As many characters as a text may have, without a pattern.
fn words(dice: &mut Chance) -> String {
    let one = |dice: &mut Chance| {
        let code = 0x4e00 + u32::try_from(dice.below(20_900)).unwrap_or(0);
        char::from_u32(code).unwrap_or('检')
    };
    (0..MAX_TEXT).map(|_| one(dice)).collect()
}

/// One line of the pen, as long as a signature may be.
fn strokes(dice: &mut Chance) -> Value {
    // Three digits and a comma each.
    let points = MAX_STROKES / 4 - 8;
    let line: Vec<u64> = (0..points & !1).map(|_| 100 + dice.below(900)).collect();
    json!([line])
}
