//! A whole visit: every item answered, one of them failed, certificates confirmed, all sign.

use crate::market::{Step, Stopped};
use crate::sim::deeds::{PEN, list, operators, photograph, text};
use crate::sim::image::call;
use crate::sim::world::World;
use serde_json::{Value, json};
use xunji_device::Device;

/// Makes it at an operator that nobody visits otherwise; gives the record's id and the failed item.
///
/// # Errors
/// The phone refused it.
pub fn whole(world: &mut World, phone: usize, operator: usize) -> Step<(String, Value)> {
    let rows = operators(world, phone, "")?;
    let row = rows.get(rows.len().saturating_sub(1 + operator));
    let row = row.ok_or_else(|| Stopped("no operators".to_owned()))?;
    let began = json!({"cmd": "start_inspection", "operator": row["id"]});
    let draft = call(world.phone(phone)?, began)?;
    let id = draft["id"].as_str().unwrap_or_default().to_owned();
    photograph(world, phone, &id)?;
    let device = world.phone(phone)?;
    let asked = json!({"cmd": "checklist", "id": draft["checklist_id"]});
    let checklist = call(device, asked)?;
    let failed = checklist["items"][0]["code"].clone();
    call(
        device,
        json!({"cmd": "answer", "inspection": id, "item": failed, "answer": "fail", "shown_ms": 900,
            "answered_by": "card"}),
    )?;
    call(
        device,
        json!({"cmd": "finding", "inspection": id, "item": failed, "problem": "现场不符合要求", "measure": "deadline",
            "deadline": "2026-11-04", "no_photo_reason": "问题为当场询问得知，无可拍摄对象"}),
    )?;
    rest(device, &id)?;
    Ok((id, failed))
}

/// Ends a visit that is under way: what has no answer passes, what failed was not to be photographed, certificates are
/// as known, all sign. Gives the number.
///
/// # Errors
/// The phone refused it.
pub fn rest(device: &Device, id: &str) -> Step<String> {
    let draft = call(device, json!({"cmd": "draft", "id": id}))?;
    let asked = json!({"cmd": "checklist", "id": draft["checklist_id"]});
    let checklist = call(device, asked)?;
    let code = |item: &Value| item["code"].as_str().unwrap_or_default().to_owned();
    let items = list(&checklist["items"]).iter().map(code);
    for item in items.filter(|item| draft["answers"][item].is_null()) {
        call(
            device,
            json!({"cmd": "answer", "inspection": id, "item": item, "answer": "pass", "shown_ms": 900,
                "answered_by": "card"}),
        )?;
    }
    for item in list(&checklist["items"]).iter().map(code) {
        if draft["answers"][&item]["answer"] == "fail" {
            let why = json!({"cmd": "finding", "inspection": id, "item": item,
                "no_photo_reason": "问题为当场询问得知，无可拍摄对象"});
            call(device, why)?;
        }
    }
    for licence in draft["licences"].as_array().into_iter().flatten() {
        let kind = &licence["known"]["kind"];
        if !kind.is_null() {
            call(
                device,
                json!({"cmd": "licence_same", "inspection": id, "kind": kind}),
            )?;
        }
    }
    call(
        device,
        json!({"cmd": "notice", "inspection": id, "given": true}),
    )?;
    call(
        device,
        json!({"cmd": "sign_party", "inspection": id, "name": "经营者甲", "relation": "经营者本人", "strokes": PEN}),
    )?;
    for person in draft["inspectors"].as_array().into_iter().flatten() {
        call(
            device,
            json!({"cmd": "sign_inspector", "inspection": id, "person": person["id"], "strokes": PEN}),
        )?;
    }
    call(device, json!({"cmd": "finish", "inspection": id}))?;
    Ok(text(&draft, "record_no"))
}
