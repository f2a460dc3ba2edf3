//! Plays the plan: two phones, one server that is put forward from market day to market day.

use super::calendar::Team;
use super::camera::Camera;
use super::compose::midnight;
use super::evening::{self, PATIENCE_MS, Reviewed};
use super::on_site;
use super::plan::{Morning, Plan};
use super::visit::PastVisit;
use crate::link::{Line, Link, Profile};
use crate::market::audited::audit_of;
use crate::market::console::Console;
use crate::market::json as js;
use crate::market::morning::Visited;
use crate::market::noon::{OnLine, sync_within};
use crate::market::phone::{Phone, now_ms};
use crate::market::server::{Opening, Server};
use crate::market::small::choose_inspectors;
use crate::market::{Step, Stopped};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;
use xunji_domain::county::MAIN_STATION;

const HOUR: i64 = 3_600_000;

/// Where and with which programs the plan is played.
pub struct Stage {
    /// Empty folder for county, phones, accounts and results.
    pub out: PathBuf,
    /// Folder of the programs.
    pub programs: PathBuf,
    /// Seed of what is drawn.
    pub seed: u64,
    /// Generated operators beside the county's own.
    pub crowd: u32,
}

/// What the past came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// First day of the county.
    pub first_day: String,
    /// The last market day, whose records wait.
    pub last_day: String,
    /// Records signed.
    pub inspected: u64,
    /// Of these, on the server with the same bytes.
    pub synced: u64,
    /// Photos taken.
    pub photos: u64,
    /// Records approved at once.
    pub approved: u64,
    /// Records sent back, amended and approved.
    pub returned: u64,
    /// Records in the queue.
    pub waiting: u64,
    /// Of these, records with something that wants eyes, as the queue says it.
    pub want_eyes: Vec<String>,
    /// Records by conclusion.
    pub conclusions: BTreeMap<String, u64>,
    /// Records by grade; `none` is 不评级.
    pub grades: BTreeMap<String, u64>,
    /// Seconds.
    pub seconds: f64,
    /// What is wrong; empty when the past holds.
    pub wrong: Vec<String>,
}

/// One team: its phone, its camera, its two people.
struct Walker {
    team: Team,
    people: [&'static str; 2],
    line: OnLine,
    camera: Camera,
}

/// Plays everything and checks what is left. The county is as a county is on its first morning.
///
/// # Errors
/// The first step that cannot be made; what was made until then is left as it is.
pub async fn play(stage: &Stage, plan: &Plan) -> Step<Summary> {
    let begun = Instant::now();
    let set_up = midnight(plan.set_up)? + 9 * HOUR;
    let (program, county) = (
        stage.programs.join("xunji-server"),
        stage.out.join("county"),
    );
    let accounts = stage.out.join("accounts.txt");
    let opening = Opening {
        on: Some(plan.first_day),
        crowd: stage.crowd,
    };
    Server::county_opening(&program, &county, &accounts, set_up, &opening).await?;
    let mut server = Server::start(&program, &county, set_up).await?;
    let mut one = walker(stage, &server, Team::One, set_up).await?;
    let mut two = walker(stage, &server, Team::Two, set_up).await?;
    let accounts = std::fs::read_to_string(&accounts).map_err(|e| Stopped::at("accounts", e))?;
    let mut count = Reviewed::default();
    let mut visited = Vec::new();
    let days = by_day(plan);
    let all = days.len();
    for (number, (day, mornings)) in (1..).zip(days) {
        let of = |team: Team| mornings.iter().find(|m| m.round.team == team).copied();
        let (first, second) = tokio::join!(
            go_round(&mut one, of(Team::One), day),
            go_round(&mut two, of(Team::Two), day)
        );
        let (first, second) = (first?, second?);
        let evening = midnight(day)? + 17 * HOUR;
        server.restart_at(evening).await?;
        let base = format!("http://{}", server.address);
        let console = Console::sign_in(&base, &accounts, "所长甲").await?;
        let (a, b) = tokio::join!(
            home(&mut one, &server, evening),
            home(&mut two, &server, evening)
        );
        a.and(b)?;
        for (walker, done) in [(&mut one, &first), (&mut two, &second)] {
            let now = evening::review(&console, &mut walker.line, &mut walker.camera, done).await?;
            count.approved += now.approved;
            count.returned += now.returned;
            count.waiting += now.waiting;
        }
        visited.extend(first.into_iter().chain(second).map(|(_, v)| v));
        say(&format!(
            "往日检查 {number}/{all}：{day}，已签 {} 份，已通过 {} 份，退回补正 {} 份",
            visited.len(),
            count.approved + count.returned,
            count.returned
        ));
    }
    let mut summary = open_county(&mut server, &accounts, plan).await?;
    for walker in [&mut one, &mut two] {
        walker.line.phone.kill().await?;
    }
    write_taken(stage, &[&one.camera, &two.camera], &visited)?;
    summary.inspected = visited.len() as u64;
    summary.photos = (one.camera.taken.len() + two.camera.taken.len()) as u64;
    (summary.approved, summary.returned) = (count.approved, count.returned);
    compare(stage, count, &mut summary).await?;
    summary.seconds = begun.elapsed().as_secs_f64();
    Ok(summary)
}

/// One line of progress on stderr; stdout belongs to the result.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn by_day(plan: &Plan) -> Vec<(NaiveDate, Vec<&Morning>)> {
    let mut days: BTreeMap<NaiveDate, Vec<&Morning>> = BTreeMap::new();
    for morning in &plan.mornings {
        days.entry(morning.round.day).or_default().push(morning);
    }
    days.into_iter().collect()
}

/// A team on the day the register is set up: a phone of its own, enrolled and filled.
async fn walker(stage: &Stage, server: &Server, team: Team, wall: i64) -> Step<Walker> {
    let (name, people, number) = match team {
        Team::One => ("team1", ["检查员甲", "检查员乙"], 1),
        Team::Two => ("team2", ["检查员丙", "检查员丁"], 2),
    };
    let data = stage.out.join("phones").join(name);
    let mut phone = Phone::start(name, &stage.programs.join("xunji-headless"), &data).await?;
    phone.set_clock(wall).await?;
    let link = Link::start(0, server.address, stage.seed + number)
        .await
        .map_err(|e| Stopped::at("line", e))?;
    link.set(Line::Up(Profile::CLEAR));
    let code = server.enrol_code(MAIN_STATION).await?;
    let url = format!("http://{}", link.address());
    phone
        .call(json!({"cmd": "enrol", "server_url": url, "code": code}))
        .await?;
    sync_within(&mut phone, "pulled", PATIENCE_MS).await?;
    Ok(Walker {
        team,
        people,
        line: OnLine { phone, link },
        camera: Camera::new(stage.seed.wrapping_mul(31).wrapping_add(number)),
    })
}

/// One team's morning, without signal.
async fn go_round<'p>(
    walker: &mut Walker,
    morning: Option<&'p Morning>,
    day: NaiveDate,
) -> Step<Vec<(&'p PastVisit, Visited)>> {
    let Some(morning) = morning else {
        return Ok(Vec::new());
    };
    walker.line.link.set(Line::Down);
    let phone = &mut walker.line.phone;
    phone.set_clock(midnight(day)? + 5 * HOUR).await?;
    choose_inspectors(phone, &walker.people).await?;
    let mut done = Vec::new();
    for plan in &morning.visits {
        let visited = on_site::visit(phone, &mut walker.camera, plan).await;
        let visited = visited.map_err(|e| {
            let at = format!("{day} {:?}, {}", walker.team, plan.operator.name);
            Stopped::at(&at, e)
        })?;
        done.push((plan, visited));
    }
    Ok(done)
}

/// Back at the station: everything goes to the server, and its news come.
async fn home(walker: &mut Walker, server: &Server, evening: i64) -> Step<()> {
    walker.line.link.set_upstream(server.address);
    walker.line.link.set(Line::Up(Profile::CLEAR));
    walker.line.phone.set_clock(evening).await?;
    sync_within(&mut walker.line.phone, "all", PATIENCE_MS).await?;
    Ok(())
}

/// The first morning: the server's clock is right again, and the queue holds what waits.
async fn open_county(server: &mut Server, accounts: &str, plan: &Plan) -> Step<Summary> {
    let morning = midnight(plan.first_day)? + 8 * HOUR;
    let today = xunji_domain::time::Millis(now_ms()).date(480) == Some(plan.first_day);
    server
        .restart_at(if today { now_ms() } else { morning })
        .await?;
    let base = format!("http://{}", server.address);
    let console = Console::sign_in(&base, accounts, "所长甲").await?;
    let pending = console.get("/api/console/queue?state=pending").await?;
    let listed = console.get("/api/console/queue?state=all").await?;
    let mut summary = Summary {
        first_day: plan.first_day.to_string(),
        last_day: plan
            .mornings
            .last()
            .map(|m| m.round.day.to_string())
            .unwrap_or_default(),
        waiting: js::list(&pending, "/rows")?.len() as u64,
        ..Summary::default()
    };
    for row in js::list(&pending, "/rows")? {
        if row["group"] == "look_first" {
            summary.want_eyes.push(first_look(row));
        }
    }
    for row in js::list(&listed, "/rows")? {
        let word = |key: &str| row[key].as_str().unwrap_or("none").to_owned();
        *summary.conclusions.entry(word("conclusion")).or_default() += 1;
        *summary.grades.entry(word("grade")).or_default() += 1;
    }
    server.kill().await?;
    Ok(summary)
}

/// An operator's name and what the queue says about the visit.
fn first_look(row: &Value) -> String {
    let name = row["operator_name"].as_str().unwrap_or_default();
    let flags = row["flags"].as_array().into_iter().flatten();
    let said: Vec<&str> = flags.filter_map(|f| f["text"].as_str()).collect();
    format!("{name}：{}", said.join("，"))
}

/// What the cameras shot and the phones signed, for the separate checker.
fn write_taken(stage: &Stage, cameras: &[&Camera], visited: &[Visited]) -> Step<()> {
    let photos: Vec<&String> = cameras.iter().flat_map(|c| &c.taken).collect();
    let again: Vec<&String> = cameras.iter().flat_map(|c| &c.again).collect();
    let records: Vec<_> = visited
        .iter()
        .map(|v| json!({"id": v.id, "record_no": v.record_no}))
        .collect();
    let taken = json!({"photos": photos, "again": again, "records": records});
    std::fs::write(stage.out.join("taken.json"), taken.to_string())
        .map_err(|e| Stopped::at("taken.json", e))
}

/// The separate checker opens what server and phones left; what it finds stands in the summary.
async fn compare(stage: &Stage, count: Reviewed, summary: &mut Summary) -> Step<()> {
    let found = audit_of(&stage.programs, &stage.out).await?;
    for wrong in js::list(&found, "/wrong")? {
        let text = wrong.as_str().unwrap_or_default();
        summary.wrong.push(text.to_owned());
    }
    let number = |key: &str| found[key].as_u64().unwrap_or(u64::MAX);
    summary.synced = number("synced");
    let expected = [
        ("已同步记录", number("synced"), summary.inspected),
        ("已收原片", number("photos_received"), summary.photos),
        (
            "已通过",
            number("approved"),
            count.approved + count.returned,
        ),
        ("退回", number("returned"), count.returned),
        ("补正", number("amended"), count.returned),
        ("待审", summary.waiting, count.waiting),
        ("丢失", number("lost"), 0),
        ("重复", number("doubled"), 0),
    ];
    for (what, found, wanted) in expected {
        if found != wanted {
            summary
                .wrong
                .push(format!("{what}：应为 {wanted}，实为 {found}"));
        }
    }
    Ok(())
}

/// Writes the summary beside the county.
///
/// # Errors
/// When the file cannot be written.
pub fn write_summary(out: &Path, summary: &Summary) -> Step<()> {
    let text = serde_json::to_string_pretty(summary).map_err(|e| Stopped::at("summary", e))?;
    std::fs::write(out.join("past.json"), text).map_err(|e| Stopped::at("past.json", e))
}
