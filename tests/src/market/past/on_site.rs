//! One planned visit, done on a phone by its commands, its clock moved from item to item.

use super::camera::Camera;
use super::pen;
use super::visit::{Closing, Given, Outcome, PastVisit};
use crate::market::json as js;
use crate::market::morning::{self, Visited, photo_by};
use crate::market::phone::Phone;
use crate::market::{Step, Stopped};
use serde_json::{Value, json};
use xunji_domain::words::Answer;

/// Seconds from the greeting to the first item.
const GREETING_S: i64 = 45;
/// Seconds a finding takes beside its item: words, photo, measure.
const FINDING_S: i64 = 35;

/// Plays a visit from the greeting to the locked record.
///
/// # Errors
/// What the phone refuses.
pub async fn visit(phone: &mut Phone, camera: &mut Camera, plan: &PastVisit) -> Step<Visited> {
    phone.set_clock(plan.start).await?;
    let operator = plan.operator.id.to_string();
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": operator}))
        .await?;
    let id = js::text(&draft, "/id")?.to_owned();
    phone
        .call(json!({"cmd": "notice", "inspection": id, "given": true}))
        .await?;
    if plan.front {
        storefront(phone, camera, &id, plan).await?;
    }
    match &plan.outcome {
        Outcome::Inspected {
            answers, opinion, ..
        } => {
            morning::licences(phone, &id, &draft).await?;
            fill_in(phone, camera, &id, plan, answers).await?;
            if !opinion.is_empty() {
                phone
                    .call(json!({"cmd": "party_opinion", "inspection": id, "text": opinion}))
                    .await?;
            }
        }
        Outcome::Absent(why) => {
            phone
                .call(json!({"cmd": "not_inspected", "inspection": id, "reason": why}))
                .await?;
        }
    }
    phone.set_clock(plan.end()).await?;
    let record_no = close(phone, &id, plan).await?;
    Ok(Visited {
        id,
        record_no,
        operator,
        name: plan.operator.name.clone(),
        failed: plan.findings().iter().map(|f| f.item.clone()).collect(),
        new: false,
    })
}

async fn storefront(
    phone: &mut Phone,
    camera: &mut Camera,
    id: &str,
    plan: &PastVisit,
) -> Step<()> {
    let at = plan.start;
    photo_by(phone, id, json!({"kind": "storefront"}), |folder| {
        if plan.reuses_photo {
            camera.show_again(folder, at)
        } else {
            camera.shoot(folder, at)
        }
    })
    .await
    .map(|_| ())
}

async fn fill_in(
    phone: &mut Phone,
    camera: &mut Camera,
    id: &str,
    plan: &PastVisit,
    answers: &[Given],
) -> Step<()> {
    let short = plan.seconds < 5 * 60;
    let mut clock = plan.start + if short { 8_000 } else { GREETING_S * 1_000 };
    for given in answers {
        clock += given.shown_ms;
        phone.set_clock(clock).await?;
        answer(phone, id, given).await?;
        if given.answer == Answer::Fail {
            finding(phone, camera, id, plan, &given.item, clock).await?;
            clock += FINDING_S * 1_000;
        }
    }
    if clock > plan.end() {
        return Err(Stopped(format!(
            "the items of {} take longer than the visit",
            plan.operator.name
        )));
    }
    Ok(())
}

async fn answer(phone: &mut Phone, id: &str, given: &Given) -> Step<()> {
    phone
        .call(
            json!({"cmd": "answer", "inspection": id, "item": given.item, "answer": given.answer,
            "shown_ms": given.shown_ms, "answered_by": given.answered_by}),
        )
        .await?;
    for (key, value) in &given.readings {
        phone
            .call(json!({"cmd": "reading", "inspection": id, "item": given.item, "key": key, "value": value}))
            .await?;
    }
    if !given.note.is_empty() {
        phone
            .call(json!({"cmd": "note", "inspection": id, "item": given.item, "text": given.note}))
            .await?;
    }
    Ok(())
}

async fn finding(
    phone: &mut Phone,
    camera: &mut Camera,
    id: &str,
    plan: &PastVisit,
    item: &str,
    clock: i64,
) -> Step<()> {
    let found = plan.findings().iter().find(|f| f.item == item);
    let found = found.ok_or_else(|| Stopped(format!("{item} fails without a finding")))?;
    let mut command = json!({"cmd": "finding", "inspection": id, "item": item,
        "problem": found.problem, "measure": found.measure, "deadline": found.deadline});
    if !found.no_photo.is_empty() {
        command["no_photo_reason"] = found.no_photo.clone().into();
    }
    phone.call(command).await?;
    if found.no_photo.is_empty() {
        let purpose = json!({"kind": "items", "items": [item]});
        photo_by(phone, id, purpose, |folder| camera.shoot(folder, clock)).await?;
    }
    Ok(())
}

async fn close(phone: &mut Phone, id: &str, plan: &PastVisit) -> Step<String> {
    let party = match &plan.closing {
        Closing::Signs { name, relation } => {
            json!({"cmd": "sign_party", "inspection": id, "name": name, "relation": relation,
                "strokes": pen::signature(plan.pen)})
        }
        Closing::Refuses {
            reason,
            witness,
            unit,
        } => json!({"cmd": "refuse_party", "inspection": id, "reason": reason,
            "witness": {"name": witness, "unit": unit, "phone": ""}}),
        Closing::Absent => json!({"cmd": "party_absent", "inspection": id}),
    };
    phone.call(party).await?;
    let draft = phone.call(json!({"cmd": "draft", "id": id})).await?;
    for (at, inspector) in (1_u64..).zip(js::list(&draft, "/inspectors")?) {
        let person = person(inspector);
        phone
            .call(
                json!({"cmd": "sign_inspector", "inspection": id, "person": person,
                "strokes": pen::signature(plan.pen.wrapping_add(at))}),
            )
            .await?;
    }
    let done = phone
        .call(json!({"cmd": "finish", "inspection": id}))
        .await?;
    js::text(&done, "/record_no").map(str::to_owned)
}

/// The id of an inspector as a draft or an amendment names it.
pub fn person(inspector: &Value) -> Value {
    let id = inspector.get("person").or_else(|| inspector.get("id"));
    id.cloned().unwrap_or(Value::Null)
}
