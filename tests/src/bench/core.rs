//! The device core without a screen: the first pull of the register, a tap until it is committed, a
//! search; and the record with seventeen photos that the console is then measured with.

use super::figures::Figures;
use crate::market::morning::{licences, photo_by};
use crate::market::noon::sync;
use crate::market::phone::{Phone, now_ms};
use crate::market::server::Server;
use crate::market::small::choose_inspectors;
use crate::market::{Step, Stopped, json as js};
use crate::photos;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::time::Instant;
use xunji_domain::checklist::for_kind;
use xunji_domain::county::{DemoCounty, MAIN_STATION};
use xunji_domain::operator::Operator;
use xunji_domain::words::OperatorKind;

/// Photos of the record that must be readable within a second.
pub const PHOTOS: u64 = 17;
/// Visits whose taps are measured.
const VISITS: usize = 5;
const RAW_COMMIT: &str = "SQLite alone, WAL FULL: 0.15 / 0.26-0.38";
const CENTRAL_FILTER: &str = "ODK Collect, 100k entities, Nexus 5X: filter ~2 s";
const COLLECT_DOWNLOAD: &str = "ODK Collect, 100k entities, Nexus 5X: download ~2 min";
/// What is looked for: first letters, one character, a whole name, a number, and what is not there.
pub const QUERIES: [&str; 8] = [
    "ltgjsjg",
    "谷",
    "凉皮",
    "豆腐坊",
    "137号",
    "lj",
    "三槐炒",
    "没有的店",
];

/// The phone and its record.
pub struct Measured {
    /// Record number of the visit with seventeen photos.
    pub record_no: String,
    /// How many operators each query finds.
    pub found: Vec<(String, u64)>,
}

/// Measures on a phone of its own; the server runs.
///
/// # Errors
/// What phone or server refuse.
pub async fn measure(
    out: &Path,
    programs: &Path,
    server: &Server,
    figures: &mut Figures,
) -> Step<Measured> {
    let data = out.join("phones/bench");
    let mut phone = Phone::start("bench", &programs.join("xunji-headless"), &data).await?;
    phone.set_clock(now_ms()).await?;
    let code = server.enrol_code(MAIN_STATION).await?;
    let url = format!("http://{}", server.address);
    phone
        .call(json!({"cmd": "enrol", "server_url": url, "code": code}))
        .await?;
    let begun = Instant::now();
    sync(&mut phone, "pulled").await?;
    let pulled = ms(begun);
    figures.add(
        "first pull of the whole register",
        None,
        COLLECT_DOWNLOAD,
        &[pulled],
    );
    choose_inspectors(&mut phone, &["检查员甲", "检查员乙"]).await?;
    let found = searches(&mut phone, figures).await?;
    let today = xunji_domain::time::Millis(now_ms()).date(480);
    let county = today.and_then(|day| DemoCounty::on(day).ok());
    let county = county.ok_or_else(|| Stopped("county".into()))?;
    let shops = county
        .operators
        .iter()
        .filter(|o| o.kind == OperatorKind::SmallRestaurant)
        .filter(|o| Some(o.station) == county.station(MAIN_STATION).map(|s| s.id));
    let (mut taps, mut record_no) = (Vec::new(), String::new());
    for (number, shop) in shops.take(VISITS).enumerate() {
        let photos = if number == 0 { PHOTOS } else { 1 };
        let signed = visit(&mut phone, shop, photos, &mut taps).await?;
        if number == 0 {
            record_no = signed;
        }
    }
    figures.add("tap to commit, device core", None, RAW_COMMIT, &taps);
    sync(&mut phone, "all").await?;
    phone.kill().await?;
    Ok(Measured { record_no, found })
}

async fn searches(phone: &mut Phone, figures: &mut Figures) -> Step<Vec<(String, u64)>> {
    let (mut took, mut found) = (Vec::new(), Vec::new());
    for round in 0..5 {
        for query in QUERIES {
            let begun = Instant::now();
            let rows = phone
                .call(json!({"cmd": "operators", "query": query, "limit": 50}))
                .await?;
            took.push(ms(begun));
            if round == 0 {
                let total = js::int(&rows, "/total")?;
                found.push((query.to_owned(), u64::try_from(total).unwrap_or(0)));
            }
        }
    }
    figures.add("search, device core", None, CENTRAL_FILTER, &took);
    Ok(found)
}

/// A visit of which every tap is timed; the photos are as large as a phone's camera makes them.
async fn visit(
    phone: &mut Phone,
    shop: &Operator,
    photos: u64,
    taps: &mut Vec<f64>,
) -> Step<String> {
    let list = for_kind(shop.kind).ok_or_else(|| Stopped("no checklist".into()))?;
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": shop.id}))
        .await?;
    let id = js::text(&draft, "/id")?.to_owned();
    phone
        .call(json!({"cmd": "notice", "inspection": id, "given": true}))
        .await?;
    for number in 0..photos {
        let purpose = match number {
            0 => json!({"kind": "storefront"}),
            _ => json!({"kind": "items", "items": [list.items[number as usize].code.as_str()]}),
        };
        photo_by(phone, &id, purpose, |folder| shoot(folder, number)).await?;
    }
    licences(phone, &id, &draft).await?;
    for item in &list.items {
        let tap = json!({"cmd": "answer", "inspection": id, "item": item.code.as_str(),
            "answer": "pass", "shown_ms": 4_000, "answered_by": "card"});
        let begun = Instant::now();
        phone.call(tap).await?;
        taps.push(ms(begun));
    }
    close(phone, &id, &shop.owner).await
}

fn shoot(folder: &Path, number: u64) -> Step<(std::path::PathBuf, String)> {
    let bytes = photos::generate(17, number);
    let path = folder.join(format!("IMG_{number:04}.jpg"));
    std::fs::write(&path, &bytes).map_err(|e| Stopped::at("take a photo", e))?;
    Ok((path, hex::encode(Sha256::digest(&bytes))))
}

async fn close(phone: &mut Phone, id: &str, owner: &str) -> Step<String> {
    let pen = json!([[120, 400, 30, -60, 25, 70, 40, -20]]);
    phone
        .call(json!({"cmd": "sign_party", "inspection": id, "name": owner,
            "relation": "经营者本人", "strokes": pen}))
        .await?;
    let draft = phone.call(json!({"cmd": "draft", "id": id})).await?;
    for inspector in js::list(&draft, "/inspectors")? {
        let person = inspector.get("person").or_else(|| inspector.get("id"));
        let person = person.cloned().unwrap_or(Value::Null);
        phone
            .call(
                json!({"cmd": "sign_inspector", "inspection": id, "person": person,
                "strokes": pen}),
            )
            .await?;
    }
    let done = phone
        .call(json!({"cmd": "finish", "inspection": id}))
        .await?;
    js::text(&done, "/record_no").map(str::to_owned)
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}
