//! The morning, without signal: register, check, photograph, sign. One phone is killed in between.

use super::phone::Phone;
use super::roll::Roll;
use super::script::{Closing, Visit, Whom, answer_at, checklist_of};
use super::{Step, Stopped, json as js, place};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use xunji_domain::words::{Answer, Severity};

/// What one visit left behind.
#[derive(Clone, Debug)]
pub struct Visited {
    /// Inspection id.
    pub id: String,
    /// Record number.
    pub record_no: String,
    /// Operator id.
    pub operator: String,
    /// Name on the record.
    pub name: String,
    /// Codes of failed items.
    pub failed: Vec<String>,
    /// The operator was registered on the spot.
    pub new: bool,
}

/// Where in a visit the phone is to be killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillAfter(pub usize);

/// Plays one visit from the greeting to the locked record.
pub async fn visit(
    phone: &mut Phone,
    roll: &mut Roll,
    market: &str,
    plan: &Visit,
    kill: Option<KillAfter>,
    killed: &mut Vec<u32>,
) -> Step<Visited> {
    phone.set_clock(plan.start).await?;
    let (operator, name, new) = whom(phone, market, plan).await?;
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": operator}))
        .await?;
    let id = js::text(&draft, "/id")?.to_owned();
    phone
        .call(json!({"cmd": "position", "inspection": id, "told": place::told(plan)}))
        .await?;
    phone
        .call(json!({"cmd": "notice", "inspection": id, "given": true}))
        .await?;
    photo(phone, roll, &id, json!({"kind": "storefront"})).await?;
    licences(phone, &id, &draft).await?;
    let mut left = plan.photos - 1;
    let checklist = checklist_of(&plan.whom)?;
    let mut failed = Vec::new();
    for (at, item) in checklist.items.iter().enumerate() {
        let answer = answer_at(plan, at);
        let code = item.code.as_str();
        phone
            .call(
                json!({"cmd": "answer", "inspection": id, "item": code, "answer": answer,
                "shown_ms": 4_000 + (at as i64 * 977) % 9_000, "answered_by": "card"}),
            )
            .await?;
        if answer == Answer::Fail {
            failed.push(code.to_owned());
            let pictured = left > 0;
            finding(phone, &id, item, pictured, plan.start).await?;
            if pictured {
                left -= 1;
                photo(phone, roll, &id, json!({"kind": "items", "items": [code]})).await?;
            }
        }
        if kill == Some(KillAfter(at)) {
            killed.push(phone.kill().await?);
            phone.open().await?;
            same_after_kill(phone, &id, at + 1).await?;
        }
    }
    for _ in 0..left {
        photo(phone, roll, &id, json!({"kind": "licence"})).await?;
    }
    phone.set_clock(plan.start + plan.minutes * 60_000).await?;
    let record_no = sign(phone, &id, plan, &name).await?;
    Ok(Visited {
        id,
        record_no,
        operator,
        name,
        failed,
        new,
    })
}

/// The operator of a visit: id, name, and whether it was registered just now.
pub async fn whom(phone: &mut Phone, market: &str, plan: &Visit) -> Step<(String, String, bool)> {
    match &plan.whom {
        Whom::Known(operator) => Ok((operator.id.to_string(), operator.name.clone(), false)),
        Whom::NewStall(name) => {
            let made = phone
                .call(
                    json!({"cmd": "register_operator", "kind": "stall", "name": name,
                    "owner": "秋实禾", "phone": "", "address": "柳汀大集南入口", "market": market,
                    "slot": "临时摊位", "varieties": ["糕点"]}),
                )
                .await?;
            let id = made.pointer("/operator/id").or_else(|| made.get("id"));
            let id = id
                .and_then(Value::as_str)
                .ok_or_else(|| Stopped(format!("no id in {made}")))?;
            Ok((id.to_owned(), name.clone(), true))
        }
    }
}

/// Known certificates are confirmed by one tap; a new stall's card is typed.
pub async fn licences(phone: &mut Phone, id: &str, draft: &Value) -> Step<()> {
    let known: Vec<String> = js::list(draft, "/licences")?
        .iter()
        .filter(|l| l.get("known").is_some_and(|k| !k.is_null()))
        .filter_map(|l| l.pointer("/known/kind").and_then(Value::as_str))
        .map(str::to_owned)
        .collect();
    for kind in &known {
        phone
            .call(json!({"cmd": "licence_same", "inspection": id, "kind": kind}))
            .await?;
    }
    if known.is_empty() {
        phone
            .call(
                json!({"cmd": "licence_typed", "inspection": id, "licence": {
                "kind": "stall_card", "number": "演示卡〔2026〕379921-0099", "holder": "秋实禾"}}),
            )
            .await?;
    }
    Ok(())
}

/// What a failed item needs: problem, measure, deadline, and why there is no photo when there is none.
pub async fn finding(
    phone: &mut Phone,
    id: &str,
    item: &xunji_domain::checklist::Item,
    pictured: bool,
    start: i64,
) -> Step<()> {
    let problem = item
        .phrases
        .first()
        .cloned()
        .unwrap_or_else(|| "现场不符合要求".to_owned());
    let mut command =
        json!({"cmd": "finding", "inspection": id, "item": item.code.as_str(), "problem": problem});
    let more = if item.severity == Severity::Minor {
        json!({"measure": "on_site"})
    } else {
        let day = xunji_domain::time::Millis(start + 7 * 86_400_000)
            .date(480)
            .ok_or_else(|| Stopped("deadline".into()))?;
        json!({"measure": "deadline", "deadline": day.to_string()})
    };
    merge(&mut command, more);
    if !pictured {
        merge(
            &mut command,
            json!({"no_photo_reason": "问题为当场询问得知，无可拍摄对象"}),
        );
    }
    phone.call(command).await?;
    Ok(())
}

fn merge(into: &mut Value, more: Value) {
    if let (Some(into), Value::Object(more)) = (into.as_object_mut(), more) {
        into.extend(more);
    }
}

/// One photo: the expectation is committed, the camera writes, the core takes over.
pub async fn photo(phone: &mut Phone, roll: &mut Roll, id: &str, purpose: Value) -> Step<String> {
    photo_by(phone, id, purpose, |camera| {
        let path = roll.shoot(camera)?;
        Ok((path, roll.taken.last().cloned().unwrap_or_default()))
    })
    .await
}

/// The same with any camera: it writes into the folder and says which file and which SHA-256.
pub async fn photo_by(
    phone: &mut Phone,
    id: &str,
    purpose: Value,
    shoot: impl FnOnce(&Path) -> Step<(PathBuf, String)>,
) -> Step<String> {
    let expected = phone
        .call(json!({"cmd": "expect_photo", "inspection": id, "purpose": purpose}))
        .await?;
    let photo = js::text(&expected, "/photo")?.to_owned();
    let (path, expected_hash) = shoot(Path::new(js::text(&expected, "/folder")?))?;
    let taken = phone
        .call(json!({"cmd": "take_over", "photo": photo, "path": path, "origin": "camera"}))
        .await?;
    if js::text(&taken, "/sha256")? != expected_hash {
        return Err(Stopped(format!(
            "photo {photo} was taken over with another hash"
        )));
    }
    if path.exists() {
        return Err(Stopped(format!(
            "{} still lies in the camera folder",
            path.display()
        )));
    }
    Ok(photo)
}

/// After the kill: as many answers as were acknowledged, on the same draft.
async fn same_after_kill(phone: &mut Phone, id: &str, answered: usize) -> Step<()> {
    let draft = phone.call(json!({"cmd": "draft", "id": id})).await?;
    let found = js::int(&draft, "/progress/answered")?;
    if usize::try_from(found).ok() != Some(answered) {
        return Err(Stopped(format!(
            "after the kill {found} answers, acknowledged {answered}"
        )));
    }
    Ok(())
}

async fn sign(phone: &mut Phone, id: &str, plan: &Visit, name: &str) -> Step<String> {
    let pen = json!([
        [120, 400, 30, -60, 25, 70, 40, -20],
        [300, 380, 60, 5, 20, 40]
    ]);
    match plan.closing {
        Closing::Signs => {
            phone
                .call(json!({"cmd": "sign_party", "inspection": id, "name": name, "relation": "经营者本人", "strokes": pen}))
                .await?;
        }
        Closing::Refuses => {
            phone
                .call(json!({"cmd": "refuse_party", "inspection": id, "reason": "当事人认为问题轻微，不同意签字",
                    "witness": {"name": "桑知秋", "unit": "集市管理员", "phone": ""}}))
                .await?;
        }
    }
    let draft = phone.call(json!({"cmd": "draft", "id": id})).await?;
    for inspector in js::list(&draft, "/inspectors")? {
        let person = inspector
            .get("person")
            .or_else(|| inspector.get("id"))
            .cloned()
            .unwrap_or(Value::Null);
        phone.call(json!({"cmd": "sign_inspector", "inspection": id, "person": person, "strokes": pen})).await?;
    }
    let done = phone
        .call(json!({"cmd": "finish", "inspection": id}))
        .await?;
    js::text(&done, "/record_no").map(str::to_owned)
}
