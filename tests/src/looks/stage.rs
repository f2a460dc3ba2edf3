//! What the pictures show: a county with its server, two phones that were out since dawn, a record that
//! came back, a draft begun and one ready to be signed. Everything went through the real programs.

use super::gallery::checkout;
use crate::bridge::BridgeProcess;
use crate::link::{Line, Link};
use crate::market::console::Console;
use crate::market::evening;
use crate::market::morning::{self, Visited};
use crate::market::noon::{OnLine, sync};
use crate::market::past::{plan, play};
use crate::market::phone::{Phone, now_ms};
use crate::market::script::{Script, Team, Visit, answer_at, checklist_of};
use crate::market::small::{SmallDay, programs, script_of};
use crate::market::{Step, Stopped, json as js};
use crate::window::App;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use xunji_device::photos::CAMERA;
use xunji_domain::words::{Answer, OperatorKind};

/// One moment after the last visit: the inspectors pause in the shade.
const PAUSE: i64 = 20 * 60_000;
/// Pictures that lie in a camera folder and belong to nobody knows which visit.
const FOUND: u64 = 2;
/// Seed of the script and of all that is drawn.
const SEED: u64 = 11;

/// The running county and what the pictures need to know of it.
pub struct Stage {
    /// The day with its server.
    pub day: SmallDay,
    /// The supervisor at the interface.
    pub console: Console,
    /// The phone's folder as the pictures begin; every window opens a copy.
    phone: PathBuf,
    /// Pictures of which no phone knows anything yet.
    found: PathBuf,
    /// A line that leads nowhere: there is no signal at the market.
    link: Link,
    /// What the phone's clock reads.
    wall: i64,
    /// The record that came back, and its item.
    pub returned: (Visited, String),
    /// Draft with half of its answers; one of them fails.
    pub half: Half,
    /// Draft that waits for signatures.
    pub full: String,
    /// Number of a record with photos and failed items that waits for the supervisor.
    pub looked_at: String,
    /// The first version of the day report.
    pub report: PathBuf,
}

/// A draft in the middle.
#[derive(Clone, Debug, Default)]
pub struct Half {
    /// Its inspection.
    pub id: String,
    /// A failed item with a photo.
    pub failed: String,
}

impl Stage {
    /// Plays the morning: `visits` of team one and as many of team two, then the drafts. With its past the
    /// county has what the demo's has: 120 visits of the last ninety days.
    pub async fn set(out: &Path, visits: usize, with_past: bool) -> Step<Self> {
        // Two teams, at most two photos a visit, and what the drafts show.
        let photos = 4 * visits as u64 + 12 + FOUND;
        let mut day = if with_past {
            let script = script_of(SEED)?;
            play_past(out, &script).await?;
            SmallDay::on_county(out, script, SEED, photos).await?
        } else {
            SmallDay::begin(out, SEED, photos).await?
        };
        let mut one = day.phone("today1", &["检查员甲", "检查员乙"]).await?;
        let first = visits_of(&mut day, &mut one.phone, Team::One, 0, visits).await?;
        let mut two = day.phone("today2", &["检查员丙", "检查员丁"]).await?;
        visits_of(&mut day, &mut two.phone, Team::Two, 0, visits).await?;
        contest(&day, [&mut one.phone, &mut two.phone]).await?;
        let noon = day.script.midnight + 12 * 3_600_000;
        day.server.restart_at(noon).await?;
        for line in [&mut one, &mut two] {
            line.link.set_upstream(day.server.address);
            line.phone.set_clock(noon).await?;
            sync(&mut line.phone, "all").await?;
        }
        two.phone.kill().await?;
        let console = sign_in(&day).await?;
        let returned = send_back(&console, &first).await?;
        sync(&mut one.phone, "pulled").await?;
        one.link.set(Line::Down);
        let (half, full) = drafts(&mut day, &mut one, visits).await?;
        let wall = noon + 90 * 60_000 + PAUSE;
        one.phone.kill().await?;
        let found = found(&mut day, out)?;
        let looked_at = worth_a_look(&console, &day, &returned.0.id).await?;
        let report = report(&console, &day, &looked_at).await?;
        Ok(Self {
            phone: one.phone.data.clone(),
            found,
            link: one.link,
            day,
            console,
            wall,
            returned,
            half,
            full,
            looked_at,
            report,
        })
    }

    /// The field app on a copy of the phone, without signal. `name` is the copy's.
    pub async fn app(&self, name: &str) -> Step<App> {
        let home = self.home(name);
        copy(&self.phone, &home.join("phone")).map_err(|e| Stopped::at("copy the phone", e))?;
        self.app_in(&home).await
    }

    /// The same, and its camera folder holds pictures that were taken while the app was killed.
    pub async fn found_app(&self, name: &str) -> Step<App> {
        self.find_pictures(name)?;
        self.app(name).await
    }

    /// The same phone behind the development bridge, for a browser.
    pub async fn found_bridge(&self, name: &str) -> Step<BridgeProcess> {
        self.find_pictures(name)?;
        let phone = self.home(name).join("phone");
        copy(&self.phone, &phone).map_err(|e| Stopped::at("copy the phone", e))?;
        let program = self.day.programs.join("field-bridge");
        BridgeProcess::start(&program, &checkout(), &phone, self.wall - now_ms()).await
    }

    fn find_pictures(&self, name: &str) -> Step<()> {
        let camera = self.home(name).join("phone").join(CAMERA);
        copy(&self.found, &camera).map_err(|e| Stopped::at("copy found pictures", e))
    }

    fn home(&self, name: &str) -> PathBuf {
        self.day.out.join("windows").join(name)
    }

    /// The field app on a phone that belongs to no station yet.
    pub async fn new_app(&self, name: &str) -> Step<App> {
        let home = self.home(name);
        std::fs::create_dir_all(&home).map_err(|e| Stopped::at("a new phone", e))?;
        self.app_in(&home).await
    }

    async fn app_in(&self, home: &Path) -> Step<App> {
        let mut app = App::new(&self.day.programs.join("xunji-app"), home).await?;
        app.set_env("XUNJI_CLOCK_OFFSET_MS", (self.wall - now_ms()).to_string());
        Ok(app)
    }

    /// The address of the console.
    pub fn console_url(&self) -> String {
        format!("http://{}/", self.day.server.address)
    }

    /// The address of the line without signal, as the phone knows its server.
    pub fn line_url(&self) -> String {
        format!("http://{}", self.link.address())
    }

    /// Account and password of the supervisor.
    pub fn account(&self) -> Step<(String, String)> {
        let text = accounts(&self.day)?;
        let line = text
            .lines()
            .find(|line| !line.starts_with('#') && line.contains("所长甲"));
        let mut words = line.unwrap_or_default().split_whitespace();
        match (words.next(), words.next()) {
            (Some(account), Some(password)) => Ok((account.to_owned(), password.to_owned())),
            _ => Err(Stopped("no account of 所长甲".into())),
        }
    }
}

/// The county's past, as the demo plays it, up to the day of the script.
async fn play_past(out: &Path, script: &Script) -> Step<()> {
    let plan = plan::write(script.day, SEED, plan::VISITS)?;
    let stage = play::Stage {
        out: out.to_owned(),
        programs: programs()?,
        seed: SEED,
        crowd: 0,
    };
    let summary = play::play(&stage, &plan).await?;
    match summary.wrong.first() {
        Some(wrong) => Err(Stopped(format!("the county's past: {wrong}"))),
        None => Ok(()),
    }
}

/// Both phones write another telephone number for one stall, each seeing it empty.
async fn contest(day: &SmallDay, phones: [&mut Phone; 2]) -> Step<()> {
    let operator = day.script.contested.id;
    for (phone, number) in phones.into_iter().zip(["13800138021", "13800138012"]) {
        let write = json!({"field": "phone", "seen": "", "new": number});
        let command = json!({"cmd": "edit_operator", "id": operator, "writes": [write]});
        phone.call(command).await?;
    }
    Ok(())
}

/// Plays visits of one team of the script, from the front.
async fn visits_of(
    day: &mut SmallDay,
    phone: &mut Phone,
    team: Team,
    skip: usize,
    count: usize,
) -> Step<Vec<Visited>> {
    let mut visited = Vec::new();
    for at in positions(day, team).into_iter().skip(skip).take(count) {
        visited.push(day.visit(phone, at).await?);
    }
    Ok(visited)
}

fn positions(day: &SmallDay, team: Team) -> Vec<usize> {
    let all = day.script.visits.iter().enumerate();
    all.filter(|(_, visit)| visit.team == team)
        .map(|(at, _)| at)
        .collect()
}

fn accounts(day: &SmallDay) -> Step<String> {
    std::fs::read_to_string(day.out.join("accounts.txt"))
        .map_err(|e| Stopped::at("accounts.txt", e))
}

/// Takes pictures from the roll that stay in a folder of their own.
fn found(day: &mut SmallDay, out: &Path) -> Step<PathBuf> {
    let folder = out.join("found");
    for _ in 0..FOUND {
        day.roll.shoot(&folder)?;
    }
    Ok(folder)
}

async fn sign_in(day: &SmallDay) -> Step<Console> {
    let base = format!("http://{}", day.server.address);
    Console::sign_in(&base, &accounts(day)?, "所长甲").await
}

async fn send_back(console: &Console, visited: &[Visited]) -> Step<(Visited, String)> {
    let chosen = visited.iter().find(|visit| !visit.failed.is_empty());
    let (Some(visit), Some(item)) = (chosen, chosen.and_then(|visit| visit.failed.first())) else {
        return Err(Stopped("no failed item to send back".into()));
    };
    let reason = "照片看不清问题位置，请补拍近照并写明范围";
    console.send_back(&visit.id, item, reason).await?;
    Ok((visit.clone(), item.clone()))
}

/// One draft in the middle of a small restaurant's list, and one that only waits for signatures.
async fn drafts(day: &mut SmallDay, line: &mut OnLine, skip: usize) -> Step<(Half, String)> {
    let market = day.market()?;
    let known: Vec<Visit> = positions(day, Team::One)
        .into_iter()
        .skip(skip)
        .filter_map(|at| day.script.visits.get(at).cloned())
        .collect();
    let is_restaurant = |visit: &&Visit| {
        checklist_of(&visit.whom)
            .is_ok_and(|list| list.operator_kind == OperatorKind::SmallRestaurant)
    };
    let full = known.iter().find(|visit| !visit.failures.is_empty());
    let full = full.or(known.first()).cloned();
    let half = known.iter().rev().find(is_restaurant).or(known.last());
    let (Some(full), Some(half)) = (full, half.cloned()) else {
        return Err(Stopped("no visits left for the drafts".into()));
    };
    let full = answer(day, line, &market, full, usize::MAX).await?;
    let half = answer(day, line, &market, half, 19).await?;
    Ok((half, full.id))
}

/// Begins a visit and answers its first items; the fifth fails when the script lets none fail so early.
async fn answer(
    day: &mut SmallDay,
    line: &mut OnLine,
    market: &str,
    mut plan: Visit,
    most: usize,
) -> Step<Half> {
    if most != usize::MAX {
        plan.failures = vec![4, 11];
    }
    let phone = &mut line.phone;
    let operator = morning::whom(phone, market, &plan).await?.0;
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": operator}))
        .await?;
    let id = js::text(&draft, "/id")?.to_owned();
    phone
        .call(json!({"cmd": "notice", "inspection": id, "given": true}))
        .await?;
    morning::photo(phone, &mut day.roll, &id, json!({"kind": "storefront"})).await?;
    if most == usize::MAX {
        morning::licences(phone, &id, &draft).await?;
    }
    let mut failed = String::new();
    for (at, item) in checklist_of(&plan.whom)?
        .items
        .iter()
        .enumerate()
        .take(most)
    {
        let answer = answer_at(&plan, at);
        let code = item.code.as_str();
        phone
            .call(
                json!({"cmd": "answer", "inspection": id, "item": code, "answer": answer,
                "shown_ms": 4_000 + (at as i64 * 977) % 9_000, "answered_by": "card"}),
            )
            .await?;
        if answer == Answer::Fail {
            let pictured = failed.is_empty();
            morning::finding(phone, &id, item, pictured, plan.start).await?;
            if pictured {
                failed = code.to_owned();
                let purpose = json!({"kind": "items", "items": [code]});
                morning::photo(phone, &mut day.roll, &id, purpose).await?;
            }
        }
    }
    Ok(Half { id, failed })
}

async fn pending(console: &Console, day: &SmallDay) -> Step<Vec<Value>> {
    let text = day.script.day.to_string();
    let queue = console
        .get(&format!("/api/console/queue?state=pending&day={text}"))
        .await?;
    Ok(js::list(&queue, "/rows")?.clone())
}

/// The record of this morning with the most to look at: the one the queue names first, but not the one
/// that was sent back.
async fn worth_a_look(console: &Console, day: &SmallDay, returned: &str) -> Step<String> {
    let rows = pending(console, day).await?;
    let other = rows
        .iter()
        .find(|row| row.get("id").and_then(Value::as_str) != Some(returned));
    let row = other.ok_or_else(|| Stopped("nothing is pending".into()))?;
    js::text(row, "/record_no").map(str::to_owned)
}

/// Half of what can be approved is; the report of the day has one version.
async fn report(console: &Console, day: &SmallDay, kept: &str) -> Step<PathBuf> {
    let rows = pending(console, day).await?;
    let ready = |row: &&Value| {
        row.get("approvable").and_then(Value::as_bool) == Some(true)
            && row.get("record_no").and_then(Value::as_str) != Some(kept)
    };
    let ids: Vec<&str> = rows
        .iter()
        .rev()
        .filter(ready)
        .filter_map(|row| row.get("id").and_then(Value::as_str))
        .collect();
    for id in ids.iter().take(ids.len() / 2) {
        console.approve(id).await?;
    }
    let text = day.script.day.to_string();
    Ok(evening::report(console, &text, &day.out).await?.1)
}

/// Copies a folder with all it holds.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
