//! What inspectors do in a simulation, and what their phones acknowledged: after everything it must be
//! there, once.

use super::image::{call, duty};
use super::world::World;
use crate::market::{Step, Stopped};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use xunji_domain::county::MAIN_MARKET;

/// What was acknowledged.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Deeds {
    /// Registered operators: id and name.
    pub registered: Vec<(String, String)>,
    /// Phone numbers that were written, each once, with the phone they were written on.
    pub written: Vec<(usize, String)>,
    /// What did not hold on the way.
    pub wrong: Vec<String>,
    /// Records: inspection id and number.
    pub records: Vec<(String, String)>,
    /// Photos of records, SHA-256.
    pub photos: Vec<String>,
    /// Drafts by id: the phone they are on, and the last answer of each item.
    pub drafts: BTreeMap<String, (usize, BTreeMap<String, String>)>,
    /// A phone was copied or put back.
    pub forked: bool,
    /// Changes that wait for a person, as they should.
    pub quarantined: u64,
    numbered: u64,
}

/// Operators that everybody edits.
const SHARED: usize = 5;
/// A few lines of the pen.
pub const PEN: [&[i32]; 2] = [&[120, 400, 30, -60, 25, 70, 40, -20], &[300, 380, 60, 5]];

impl Deeds {
    /// Somebody does something on a phone; the dice say what.
    ///
    /// # Errors
    /// The phone refused what it should take.
    pub fn one(&mut self, world: &mut World, phone: usize) -> Step<()> {
        let deed = world.chance.below(10);
        world.net.note(&format!("phone {phone} deed {deed}"));
        duty(world.phone(phone)?)?;
        match deed {
            0..=1 => self.register(world, phone),
            2..=5 => self.edit(world, phone),
            6..=7 => self.answer(world, phone),
            _ => self.visit(world, phone),
        }
    }

    /// A new stall.
    ///
    /// # Errors
    /// The phone refused it.
    pub fn register(&mut self, world: &World, phone: usize) -> Step<()> {
        self.numbered += 1;
        let name = format!("模拟摊{:04}", self.numbered);
        let phone = world.phone(phone)?;
        let markets = call(phone, json!({"cmd": "markets"}))?;
        let market = list(&markets).iter().find(|m| m["name"] == MAIN_MARKET);
        let market = market.ok_or_else(|| Stopped("no market".to_owned()))?;
        let made = call(
            phone,
            json!({"cmd": "register_operator", "kind": "stall", "name": name, "owner": "经营者甲",
                "market": market["id"], "slot": "东排", "varieties": ["烧饼"]}),
        )?;
        self.registered.push((text(&made, "id"), name));
        Ok(())
    }

    /// One of a few operators that everybody edits.
    fn edit(&mut self, world: &mut World, phone: usize) -> Step<()> {
        let rows = operators(world, phone, "")?;
        let at = world.chance.index(rows.len().min(SHARED));
        let Some(row) = rows.get(at) else {
            return Ok(());
        };
        let id = row["id"].clone();
        self.numbered += 1;
        let new = format!("139{:08}", self.numbered);
        write_phone(world, phone, &id, &new)?;
        self.written.push((phone, new));
        Ok(())
    }

    /// One tap in a draft.
    fn answer(&mut self, world: &mut World, phone: usize) -> Step<()> {
        let id = match self.drafts.iter().find(|(_, (on, _))| *on == phone) {
            Some((id, _)) => id.clone(),
            None => self.begin(world, phone)?,
        };
        let device = world.phone(phone)?;
        let draft = call(device, json!({"cmd": "draft", "id": id}))?;
        let list_id = draft["checklist_id"].clone();
        let checklist = call(device, json!({"cmd": "checklist", "id": list_id}))?;
        let items: Vec<String> = list(&checklist["items"])
            .iter()
            .map(|i| text(i, "code"))
            .collect();
        let (at, given) = (world.chance.index(items.len()), world.chance.index(3));
        let item = items.get(at).cloned().unwrap_or_default();
        let answer = ["pass", "not_applicable", "fail"]
            .get(given)
            .copied()
            .unwrap_or("pass");
        call(
            world.phone(phone)?,
            json!({"cmd": "answer", "inspection": id, "item": item, "answer": answer, "shown_ms": 900,
                "answered_by": "card"}),
        )?;
        if let Some((_, answers)) = self.drafts.get_mut(&id) {
            answers.insert(item, answer.to_owned());
        }
        Ok(())
    }

    fn begin(&mut self, world: &mut World, phone: usize) -> Step<String> {
        let id = start(world, phone)?;
        self.drafts.insert(id.clone(), (phone, BTreeMap::new()));
        Ok(id)
    }

    /// A stall that was found closed: the shortest whole record, with a photo of the place.
    ///
    /// # Errors
    /// The phone refused it.
    pub fn visit(&mut self, world: &mut World, phone: usize) -> Step<()> {
        let id = start(world, phone)?;
        if self.drafts.contains_key(&id) {
            return Ok(());
        }
        self.close(world, phone, &id, "未营业")
    }

    /// Signs a begun visit as one that could not take place, with a photo of the place.
    ///
    /// # Errors
    /// The phone refused it.
    pub fn close(&mut self, world: &mut World, phone: usize, id: &str, reason: &str) -> Step<()> {
        let sha = photograph(world, phone, id)?;
        let device = world.phone(phone)?;
        call(
            device,
            json!({"cmd": "notice", "inspection": id, "given": true}),
        )?;
        call(
            device,
            json!({"cmd": "not_inspected", "inspection": id, "reason": reason}),
        )?;
        call(device, json!({"cmd": "party_absent", "inspection": id}))?;
        let draft = call(device, json!({"cmd": "draft", "id": id}))?;
        for person in list(&draft["inspectors"]) {
            call(
                device,
                json!({"cmd": "sign_inspector", "inspection": id, "person": person["id"], "strokes": PEN}),
            )?;
        }
        call(device, json!({"cmd": "finish", "inspection": id}))?;
        self.records
            .push((id.to_owned(), text(&draft, "record_no")));
        self.photos.push(sha);
        Ok(())
    }
}

/// Begins a visit, or opens the one that is under way at the drawn operator.
///
/// # Errors
/// The phone refused it.
pub fn start(world: &mut World, phone: usize) -> Step<String> {
    let rows = operators(world, phone, "")?;
    let at = world.chance.index(rows.len());
    let row = rows
        .get(at)
        .ok_or_else(|| Stopped("no operators".to_owned()))?;
    let operator = row["id"].clone();
    let draft = call(
        world.phone(phone)?,
        json!({"cmd": "start_inspection", "operator": operator}),
    )?;
    Ok(text(&draft, "id"))
}

/// A photo of the whole record, or of the whole amendment.
///
/// # Errors
/// The phone refused it.
pub fn photograph(world: &mut World, phone: usize, id: &str) -> Step<String> {
    let bytes = picture(world.chance.word())?;
    let device = world.phone(phone)?;
    let expected = call(
        device,
        json!({"cmd": "expect_photo", "inspection": id, "purpose": {"kind": "storefront"}}),
    )?;
    let folder = text(&expected, "folder");
    let path = Path::new(&folder).join("IMG.jpg");
    std::fs::write(&path, &bytes).map_err(|e| Stopped::at("camera", e))?;
    call(
        device,
        json!({"cmd": "take_over", "photo": expected["photo"], "path": path, "origin": "camera"}),
    )?;
    Ok(hex::encode(Sha256::digest(&bytes)))
}

/// A small JPEG that no other seed draws.
///
/// # Errors
/// It cannot be encoded.
pub fn picture(word: u64) -> Step<Vec<u8>> {
    let noise = word.to_le_bytes();
    let picture = image::RgbImage::from_fn(96, 72, |x, y| {
        let at = usize::try_from((x * 7 + y * 13) % 8).unwrap_or(0);
        let byte = noise.get(at).copied().unwrap_or(0);
        image::Rgb([byte, byte.wrapping_mul(3), byte.wrapping_add(90)])
    });
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 90)
        .encode_image(&picture)
        .map_err(|e| Stopped::at("picture", e))?;
    Ok(out)
}

/// Own writes that this phone shows: operator and number. They may not change by a kill, whatever the
/// mirror has forgotten.
///
/// # Errors
/// The phone does not read its own data.
pub fn own_shown(world: &World, deeds: &Deeds, phone: usize) -> Step<Vec<(String, String)>> {
    let mut shown = Vec::new();
    for row in operators(world, phone, "")?.iter().take(SHARED) {
        let page = call(
            world.phone(phone)?,
            json!({"cmd": "operator", "id": row["id"]}),
        )?;
        let number = text(&page["operator"], "phone");
        if deeds
            .written
            .iter()
            .any(|(on, own)| *on == phone && *own == number)
        {
            shown.push((text(row, "id"), number));
        }
    }
    Ok(shown)
}

/// Writes a phone number over the one that is shown.
///
/// # Errors
/// The phone refused it.
pub fn write_phone(world: &World, phone: usize, id: &Value, new: &str) -> Step<()> {
    let device = world.phone(phone)?;
    let shown = call(device, json!({"cmd": "operator", "id": id}))?;
    let write = json!({"field": "phone", "seen": shown["operator"]["phone"], "new": new});
    call(
        device,
        json!({"cmd": "edit_operator", "id": id, "writes": [write]}),
    )?;
    Ok(())
}

/// Rows of the register as this phone shows them.
///
/// # Errors
/// The phone does not read them.
pub fn operators(world: &World, phone: usize, query: &str) -> Step<Vec<Value>> {
    let asked = json!({"cmd": "operators", "query": query, "limit": 50, "offset": 0});
    let page = call(world.phone(phone)?, asked)?;
    Ok(list(&page["rows"]).to_vec())
}

/// The elements of an array; none of anything else.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A text of an object; empty where there is none.
pub fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
