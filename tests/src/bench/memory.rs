//! Memory of a phone that has seen a lot: 200 records with 2,000 photos lie on it, and somebody looks at
//! every one of them. Gives the most that the app and its page's process ever held.

use crate::market::morning;
use crate::market::noon::sync_within;
use crate::market::phone::now_ms;
use crate::market::roll::Roll;
use crate::market::script::{Script, Visit, Whom};
use crate::market::server::Server;
use crate::market::small::{SmallDay, script_of};
use crate::market::{Step, Stopped};
use crate::photos;
use crate::window::{App, Page};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SEED: u64 = 31;
/// Longest time until the server has everything, ms: this measures memory, not sync.
const PATIENCE_MS: u64 = 3_600_000;
/// Between two visits, ms.
const NEXT: i64 = 90_000;
/// Every so many records one photo is looked at large.
const LARGE: usize = 5;
const ROW: &str = "const row = document.querySelector(`[data-testid=\"record-row-${arguments[0]}\"]`);\
    if (row) { row.scrollIntoView({ block: 'center' }); return true }\
    const list = document.querySelector('.scroll'); list.scrollTop += list.clientHeight / 2; return false";
const FIRST: &str =
    "document.querySelector('[data-testid^=\"photo-view-\"]').scrollIntoView({ block: 'center' })";
const SHOWN: &str = "return document.querySelectorAll('[data-testid^=\"photo-view-\"][data-state=\"shown\"]').length";

/// How much lies on the phone.
pub struct Load {
    /// Empty folder.
    pub out: PathBuf,
    /// Records.
    pub records: usize,
    /// Photos of each, at least one.
    pub photos: usize,
}

/// What was measured; memory in KiB.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Memory {
    /// Records looked at.
    pub records: usize,
    /// Thumbnails that were on the screen.
    pub thumbnails: u64,
    /// Photos looked at large.
    pub large: u64,
    /// The app when its first page stood.
    pub app_first: u64,
    /// The page's process at that moment.
    pub page_first: u64,
    /// The most the app ever held.
    pub app_peak: u64,
    /// The most the page's process ever held.
    pub page_peak: u64,
    /// Seconds of the walk.
    pub seconds: f64,
}

/// Makes the phone and walks through it.
///
/// # Errors
/// The first step that cannot be made.
pub async fn measure(load: &Load, programs: &Path, say: &mut dyn FnMut(String)) -> Step<Memory> {
    let mut day = set_up(load, say).await?;
    let mut line = day.phone("walker", &["检查员甲", "检查员乙"]).await?;
    let market = day.market()?;
    let plans = plans(&day.script, load)?;
    for (number, plan) in plans.iter().enumerate() {
        let (phone, roll) = (&mut line.phone, &mut day.roll);
        let done = morning::visit(phone, roll, &market, plan, None, &mut Vec::new()).await?;
        day.visited.push(done);
        if (number + 1) % 20 == 0 {
            say(format!("{}/{} records", number + 1, load.records));
        }
    }
    sync_within(&mut line.phone, "all", PATIENCE_MS).await?;
    line.phone.kill().await?;
    let home = load.out.join("window");
    std::fs::create_dir_all(&home).map_err(|e| Stopped::at("window", e))?;
    std::fs::rename(&line.phone.data, home.join("phone"))
        .map_err(|e| Stopped::at("move the phone", e))?;
    let mut app = App::new(&programs.join("xunji-app"), &home).await?;
    let now = plans.last().map_or(0, |plan| plan.start + 2 * NEXT);
    app.set_env("XUNJI_CLOCK_OFFSET_MS", (now - now_ms()).to_string());
    walk(&app, &day, load.photos, say).await
}

async fn set_up(load: &Load, say: &mut dyn FnMut(String)) -> Step<SmallDay> {
    let script = script_of(SEED)?;
    let dawn = script.midnight + 5 * 3_600_000;
    let program = crate::market::small::programs()?.join("xunji-server");
    let county = load.out.join("county");
    Server::county(&program, &county, &load.out.join("accounts.txt"), dawn).await?;
    let count = load.records * load.photos;
    say(format!("drawing {count} photos"));
    let folder = load.out.join("roll");
    std::fs::create_dir_all(&folder).map_err(|e| Stopped::at("roll", e))?;
    for number in 0..count as u64 {
        let bytes = photos::snapshot(SEED, number, "2026:10:28 07:00:00");
        std::fs::write(folder.join(format!("IMG_{number:05}.jpg")), bytes)
            .map_err(|e| Stopped::at("roll", e))?;
    }
    let mut day = SmallDay::on_county(&load.out, script, SEED, 0).await?;
    day.roll = Roll::of_folder(&folder, count as u64)?;
    Ok(day)
}

/// Operators of the market in turn.
fn plans(script: &Script, load: &Load) -> Step<Vec<Visit>> {
    let known = script.visits.iter();
    let known: Vec<&Visit> = known
        .filter(|visit| matches!(visit.whom, Whom::Known(_)))
        .collect();
    let first = known.first().ok_or_else(|| Stopped("no visits".into()))?;
    let turn = known.iter().cycle().take(load.records).zip(0..);
    let plans = turn.map(|(visit, number)| Visit {
        start: first.start + number * NEXT,
        minutes: 1,
        photos: load.photos,
        ..(*visit).clone()
    });
    Ok(plans.collect())
}

async fn walk(
    app: &App,
    day: &SmallDay,
    photos: usize,
    say: &mut dyn FnMut(String),
) -> Step<Memory> {
    let window = app.open().await?;
    let page = window.page.clone();
    page.click("tab-records").await?;
    page.find_first("record-row-").await?;
    let begun = Instant::now();
    let own = window.pid()?;
    let web = window.page_pid()?;
    let mut memory = Memory {
        app_first: held(own, "VmRSS")?,
        page_first: held(web, "VmRSS")?,
        ..Memory::default()
    };
    for (number, visited) in day.visited.iter().rev().enumerate() {
        memory.thumbnails += open(&page, &visited.id, photos).await?;
        memory.records += 1;
        if number % LARGE == 0 {
            page.find_first("photo-view-").await?.click().await?;
            page.until_at("/photos/").await?;
            page.find("photo-large").await?;
            memory.large += 1;
            page.click("back").await?;
            page.until_at("/records/").await?;
        }
        page.click("back").await?;
        page.find_first("record-row-").await?;
        if (number + 1) % 50 == 0 {
            say(format!(
                "{} looked at: app {} MiB, page {} MiB",
                number + 1,
                held(own, "VmHWM")? / 1024,
                held(web, "VmHWM")? / 1024
            ));
        }
    }
    memory.app_peak = held(own, "VmHWM")?;
    memory.page_peak = held(web, "VmHWM")?;
    memory.seconds = begun.elapsed().as_secs_f64();
    window.close().await?;
    Ok(memory)
}

/// Opens a record from the list and waits until all its thumbnails are drawn.
async fn open(page: &Page, id: &str, photos: usize) -> Step<u64> {
    for _ in 0..400 {
        if page.script(ROW, vec![id.into()]).await?.as_bool() == Some(true) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    page.click(&format!("record-row-{id}")).await?;
    page.find("record-state").await?;
    page.script(FIRST, vec![]).await?;
    for _ in 0..200 {
        let shown = page.script(SHOWN, vec![]).await?.as_u64().unwrap_or(0);
        if shown >= photos as u64 {
            return Ok(shown);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Stopped(format!("not all photos of {id} are drawn")))
}

/// A line of a process's status, KiB.
fn held(pid: u32, name: &str) -> Step<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
        .map_err(|e| Stopped::at("status of a process", e))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|rest| rest.trim_start_matches(':').split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Stopped(format!("no {name} of {pid}")))
}
