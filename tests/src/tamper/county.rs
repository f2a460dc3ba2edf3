//! The county: three phones' day with photos, edits and conflicts, an evening at the console with
//! approvals, a return, its amendment and a day report.

use super::desk::Desk;
use super::visit;
use crate::market::{Step, Stopped};
use crate::sim::deeds::{Deeds, PEN, photograph};
use crate::sim::image::{Image, call, closed, duty};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tempfile::TempDir;
use xunji_server::config::DataFolder;
use xunji_server::storage::verify::Found;
use xunji_server::verify;

/// Phones of the day.
const PHONES: usize = 3;
/// Visits of each.
const VISITS: usize = 2;
/// Other deeds of the day.
const DEEDS: usize = 24;

/// The folder of a server that was stopped after the day.
pub struct County {
    _kept: TempDir,
    /// The data folder.
    pub home: PathBuf,
    /// The database as it was left.
    pristine: Vec<u8>,
}

impl County {
    /// Plays the day.
    ///
    /// # Errors
    /// Somebody refused what he should take.
    pub fn made(seed: u64) -> Step<Self> {
        let image = Image::make()?;
        let mut world = World::begin(&image, seed, PHONES)?;
        let mut deeds = Deeds::default();
        for n in 0..PHONES * VISITS + DEEDS {
            let phone = n % PHONES;
            world.truth.fetch_add(7 * 60_000, Ordering::Relaxed);
            duty(world.phone(phone)?)?;
            match n < PHONES * VISITS {
                true => deeds.visit(&mut world, phone)?,
                false => deeds.one(&mut world, phone)?,
            }
            if n % 5 == 4 {
                burst(&mut world, phone)?;
            }
        }
        let returned = visit::whole(&mut world, 0, 0)?;
        let kept = visit::whole(&mut world, 1, 1)?;
        deeds.records.push((kept.0, String::new()));
        settle(&mut world)?;
        in_runtime(evening(&world, &image, &deeds, &returned))?;
        settle(&mut world)?;
        amend(&mut world, &returned)?;
        settle(&mut world)?;
        in_runtime(report(&world, &image, 2))?;
        let (kept, home, _) = world.closed();
        closed(&home)?;
        lone(&home)?;
        let pristine = std::fs::read(home.join("county.db")).map_err(|e| Stopped::at("read", e))?;
        Ok(Self {
            _kept: kept,
            home,
            pristine,
        })
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.home.join("county.db")
    }

    /// The database's bytes as they were left.
    pub fn pristine(&self) -> &[u8] {
        &self.pristine
    }

    /// Puts the database back.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn restore(&self) -> Step<()> {
        std::fs::write(self.database(), &self.pristine).map_err(|e| Stopped::at("put back", e))
    }

    /// What `verify` says of it; what cannot be looked through is a sentence.
    pub fn looked_at(&self) -> Result<Found, String> {
        verify::folder(&DataFolder::new(&self.home), &|_, _| {}).map_err(|e| e.to_string())
    }
}

/// Out of the mode with companions, so that an altered copy is one file.
fn lone(home: &Path) -> Step<()> {
    let doing = |e: rusqlite::Error| Stopped::at("one file", e);
    let db = rusqlite::Connection::open(home.join("county.db")).map_err(doing)?;
    let mode: String = db
        .query_row("PRAGMA journal_mode=DELETE", [], |row| row.get(0))
        .map_err(doing)?;
    match mode.as_str() {
        "delete" => Ok(()),
        other => Err(Stopped(format!("the database stays in mode {other}"))),
    }
}

/// Runs console work on a runtime of its own.
///
/// # Errors
/// What the work says.
pub fn in_runtime<T>(work: impl Future<Output = Step<T>>) -> Step<T> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|e| Stopped::at("runtime", e))?
        .block_on(work)
}

/// One more record is sent back for one item.
///
/// # Errors
/// The console refused it.
pub async fn one_more_back(
    world: &World,
    image: &Image,
    (back, item): &(String, Value),
) -> Step<()> {
    send_back(world, &desk(world, image).await?, back, item).await
}

async fn desk(world: &World, image: &Image) -> Step<Desk> {
    let router = xunji_server::router(Arc::clone(world.server()?));
    Desk::sign_in(router, &image.accounts()?, "所长甲").await
}

/// Approves all records but one, which is sent back for one item.
///
/// # Errors
/// The console refused it.
pub async fn evening(
    world: &World,
    image: &Image,
    deeds: &Deeds,
    (back, item): &(String, Value),
) -> Step<()> {
    let desk = desk(world, image).await?;
    for (id, _) in &deeds.records {
        world.truth.fetch_add(60_000, Ordering::Relaxed);
        let seen = desk.open(id).await?;
        desk.post(
            &format!("/api/console/records/{id}/approve"),
            json!({"seen": seen}),
        )
        .await?;
    }
    decide(&desk).await?;
    send_back(world, &desk, back, item).await
}

/// Sends a record back for one item.
async fn send_back(world: &World, desk: &Desk, back: &str, item: &Value) -> Step<()> {
    world.truth.fetch_add(60_000, Ordering::Relaxed);
    let seen = desk.open(back).await?;
    let items = json!([{"item": item, "reason": "请补拍现场照片"}]);
    desk.post(
        &format!("/api/console/records/{back}/return"),
        json!({"seen": seen, "items": items}),
    )
    .await?;
    Ok(())
}

/// The first value of every field that two phones wrote differently stands, but of the last one.
async fn decide(desk: &Desk) -> Step<()> {
    let found = desk.get("/api/console/conflicts").await?;
    let rows = found["rows"].as_array().cloned().unwrap_or_default();
    for row in rows.iter().rev().skip(1) {
        let said = json!({
            "operator": row["operator"], "field": row["field"], "conflicts": row["conflicts"],
            "seen": row["now"], "value": row["values"][0]["value"], "reason": "电话里问过",
        });
        desk.post("/api/console/conflicts/resolve", said).await?;
    }
    Ok(())
}

/// The inspectors answer the return with another photo.
///
/// # Errors
/// No phone takes it.
pub fn amend(world: &mut World, (record, item): &(String, Value)) -> Step<()> {
    let phone = (0..world.phones())
        .find(|n| amendment(world, *n, record).is_ok())
        .ok_or_else(|| Stopped("no phone amends the record".to_owned()))?;
    let draft = amendment(world, phone, record)?;
    let id = draft["id"].clone();
    let device = world.phone(phone)?;
    call(
        device,
        json!({"cmd": "amend_item", "amendment": id, "item": item, "problem": "现场不符合要求，已补拍"}),
    )?;
    let text = id.as_str().unwrap_or_default().to_owned();
    photograph(world, phone, &text)?;
    let device = world.phone(phone)?;
    call(
        device,
        json!({"cmd": "amend_reason", "amendment": id, "reason": "按退回意见补拍"}),
    )?;
    let inspectors = draft["inspectors"].as_array().cloned().unwrap_or_default();
    for inspector in inspectors {
        let person = match &inspector["person"] {
            Value::Null => inspector["id"].clone(),
            person => person.clone(),
        };
        call(
            device,
            json!({"cmd": "sign_amendment", "amendment": id, "person": person, "strokes": PEN}),
        )?;
    }
    call(device, json!({"cmd": "finish_amendment", "amendment": id}))?;
    Ok(())
}

fn amendment(world: &World, phone: usize, record: &str) -> Step<Value> {
    call(
        world.phone(phone)?,
        json!({"cmd": "start_amendment", "inspection": record}),
    )
}

/// So many versions of the day's report.
///
/// # Errors
/// The console refused it.
pub async fn report(world: &World, image: &Image, versions: usize) -> Step<()> {
    let desk = desk(world, image).await?;
    let day = "2026-10-28";
    for _ in 0..versions {
        desk.post("/api/console/reports", json!({"day": day}))
            .await?;
    }
    Ok(())
}
