//! The day from the fresh county to the audit.

use super::audited::{audit_of, take_over};
use super::console::Console;
use super::evening;
use super::morning::{KillAfter, Visited, visit};
use super::noon::{OnLine, both, both_with_kills, sync};
use super::phone::{Phone, now_ms};
use super::roll::Roll;
use super::script::{self, PHOTOS, Script, Team};
use super::server::Server;
use super::summary::Summary;
use super::{Step, Stopped, json as js};
use crate::link::Link;
use crate::link::{Line, Profile};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What the day is played with.
pub struct Options {
    /// Empty folder for county, phones, photos and results.
    pub out: PathBuf,
    /// Folder of the programs.
    pub programs: PathBuf,
    /// Seed of script, photos and cuts.
    pub seed: u64,
    /// The user's own photos.
    pub photos: Option<PathBuf>,
}

struct Stage {
    script: Script,
    server: Server,
    one: OnLine,
    two: OnLine,
    spare: OnLine,
    roll: Roll,
    market: String,
    killed: Vec<u32>,
}

/// Plays the day and writes `summary.json`; the summary says what is wrong.
pub async fn play(options: &Options) -> Step<Summary> {
    let start = Instant::now();
    let today = xunji_domain::time::Millis(now_ms())
        .date(480)
        .ok_or_else(|| Stopped("today".into()))?;
    let script = script::write(today, options.seed)?;
    say(&format!("演练日：{}，种子 {}", script.day, options.seed));
    let mut stage = set_stage(options, script).await?;
    let visited = play_morning(&mut stage).await?;
    say(&format!(
        "上午无信号：{} 份记录已签字，照片 {} 张",
        visited.len(),
        stage.roll.taken.len()
    ));
    edit_phone_number(&mut stage).await?;
    let mut summary = Summary {
        seed: options.seed,
        day: stage.script.day.to_string(),
        ..Summary::default()
    };
    play_noon(&mut stage, &visited, &mut summary).await?;
    let base = format!("http://{}", stage.server.address);
    let accounts = std::fs::read_to_string(options.out.join("accounts.txt"))
        .map_err(|e| Stopped::at("accounts.txt", e))?;
    let console = Console::sign_in(&base, &accounts, "所长甲").await?;
    play_afternoon(&mut stage, &console, &visited, options, &mut summary).await?;
    finish(&mut stage, &console, &visited, options, &mut summary).await?;
    summary.seconds = start.elapsed().as_secs_f64();
    Ok(summary)
}

/// One line of progress on stderr; stdout belongs to the result.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}

async fn set_stage(options: &Options, script: Script) -> Step<Stage> {
    let county = options.out.join("county");
    let program = options.programs.join("xunji-server");
    let dawn = script.midnight + 5 * 3_600_000 + 20 * 60_000;
    let accounts = options.out.join("accounts.txt");
    Server::county(&program, &county, &accounts, dawn).await?;
    let server = Server::start(&program, &county, dawn).await?;
    let roll = match &options.photos {
        Some(folder) => Roll::of_folder(folder, PHOTOS as u64)?,
        None => {
            Roll::draw(
                &options.out.join("camera-roll"),
                options.seed,
                PHOTOS as u64,
            )
            .await?
        }
    };
    let people = [
        ["检查员甲", "检查员乙"],
        ["检查员丙", "检查员丁"],
        ["检查员丙", "检查员丁"],
    ];
    let mut lines = Vec::new();
    for (index, (name, pair)) in ["team1", "team2", "spare"].iter().zip(people).enumerate() {
        lines.push(
            enrol(
                options,
                &server,
                name,
                pair,
                options.seed + index as u64,
                dawn,
            )
            .await?,
        );
    }
    let (Some(spare), Some(two), Some(one)) = (lines.pop(), lines.pop(), lines.pop()) else {
        return Err(Stopped("three phones".into()));
    };
    let market = xunji_domain::county::DemoCounty::on(script.day)
        .ok()
        .and_then(|c| {
            c.market(xunji_domain::county::MAIN_MARKET)
                .map(|m| m.id.to_string())
        })
        .ok_or_else(|| Stopped("market".into()))?;
    Ok(Stage {
        script,
        server,
        one,
        two,
        spare,
        roll,
        market,
        killed: Vec::new(),
    })
}

/// The evening before, at the station: enrol, pull the register, say who goes. Then no signal.
async fn enrol(
    options: &Options,
    server: &Server,
    name: &str,
    pair: [&str; 2],
    seed: u64,
    dawn: i64,
) -> Step<OnLine> {
    let data = options.out.join("phones").join(name);
    let mut phone = Phone::start(name, &options.programs.join("xunji-headless"), &data).await?;
    phone.set_clock(dawn).await?;
    let link = Link::start(0, server.address, seed)
        .await
        .map_err(|e| Stopped::at("line", e))?;
    link.set(Line::Up(Profile::CLEAR));
    let code = server
        .enrol_code(xunji_domain::county::MAIN_STATION)
        .await?;
    let url = format!("http://{}", link.address());
    phone
        .call(json!({"cmd": "enrol", "server_url": url, "code": code}))
        .await?;
    sync(&mut phone, "pulled").await?;
    let roster = phone.call(json!({"cmd": "roster"})).await?;
    let mut ids = Vec::new();
    for wanted in pair {
        let found = roster
            .as_array()
            .into_iter()
            .flatten()
            .find(|p| p["name"] == wanted);
        ids.push(
            found
                .map(|p| p["id"].clone())
                .ok_or_else(|| Stopped(format!("{wanted} is not in the roster")))?,
        );
    }
    phone
        .call(json!({"cmd": "set_inspectors", "ids": ids}))
        .await?;
    link.set(Line::Down);
    Ok(OnLine { phone, link })
}

async fn play_morning(stage: &mut Stage) -> Step<Vec<(Team, Visited)>> {
    let plans = stage.script.visits.clone();
    let mut visited = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        let line = match plan.team {
            Team::One => &mut stage.one,
            Team::Two => &mut stage.two,
            Team::Spare => &mut stage.spare,
        };
        let kill = (index == 10).then_some(KillAfter(17));
        let done = visit(
            &mut line.phone,
            &mut stage.roll,
            &stage.market,
            plan,
            kill,
            &mut stage.killed,
        )
        .await;
        visited.push((
            plan.team,
            done.map_err(|e| Stopped::at(&format!("visit {}", index + 1), e))?,
        ));
    }
    Ok(visited)
}

/// Both teams write another telephone number for one stall, each seeing it empty.
async fn edit_phone_number(stage: &mut Stage) -> Step<()> {
    let operator = stage.script.contested.id;
    for (line, number) in [(&mut stage.one, "13800138000"), (&mut stage.two, "12315")] {
        line.phone
            .call(json!({"cmd": "edit_operator", "id": operator,
                "writes": [{"field": "phone", "seen": "", "new": number}]}))
            .await?;
    }
    Ok(())
}

async fn play_noon(
    stage: &mut Stage,
    visited: &[(Team, Visited)],
    summary: &mut Summary,
) -> Step<()> {
    let noon = stage.script.midnight + 12 * 3_600_000;
    stage.server.restart_at(noon).await?;
    for line in [&mut stage.one, &mut stage.two, &mut stage.spare] {
        line.link.set_upstream(stage.server.address);
        line.phone.set_clock(noon).await?;
    }
    let start = Instant::now();
    for line in [&stage.one, &stage.two] {
        line.link.set(Line::Up(Profile::VILLAGE));
    }
    let killed = both_with_kills(&mut stage.one, &mut stage.two, &mut stage.server).await?;
    stage.spare.link.set_upstream(stage.server.address);
    stage.killed.extend(killed);
    both(&mut stage.one, &mut stage.two, "records").await?;
    summary.records_done_s = start.elapsed().as_secs_f64();
    say(&format!("记录收齐：{:.1} 秒", summary.records_done_s));
    both(&mut stage.one, &mut stage.two, "thumbnails").await?;
    summary.thumbnails_done_s = start.elapsed().as_secs_f64();
    say(&format!("缩略图收齐：{:.1} 秒", summary.thumbnails_done_s));
    for line in [&stage.one, &stage.two] {
        line.link.set(Line::Up(Profile::STATION_WIFI));
    }
    let seconds = both(&mut stage.one, &mut stage.two, "all").await?;
    both(&mut stage.one, &mut stage.two, "pulled").await?;
    say(&format!("工作照与原片收齐：{seconds:.1} 秒"));
    read_offline(stage, visited).await
}

/// Team two reads team one's new stall after its pull, with the line down.
async fn read_offline(stage: &mut Stage, visited: &[(Team, Visited)]) -> Step<()> {
    let (_, stall) = visited
        .iter()
        .find(|(team, v)| *team == Team::One && v.new)
        .ok_or_else(|| Stopped("team one registered no stall".into()))?;
    stage.two.link.set(Line::Down);
    let seen = stage
        .two
        .phone
        .call(json!({"cmd": "operator", "id": stall.operator}))
        .await?;
    if js::text(&seen, "/operator/name")? != stall.name {
        return Err(Stopped(format!(
            "team two reads {} instead of {}",
            seen["operator"]["name"], stall.name
        )));
    }
    if js::list(&seen, "/last")?.is_empty() {
        return Err(Stopped(
            "team two does not see team one's visit to the new stall".into(),
        ));
    }
    stage.two.link.set(Line::Up(Profile::STATION_WIFI));
    Ok(())
}

async fn play_afternoon(
    stage: &mut Stage,
    console: &Console,
    visited: &[(Team, Visited)],
    options: &Options,
    summary: &mut Summary,
) -> Step<()> {
    let day = stage.script.day.to_string();
    let (_, returned) = visited
        .iter()
        .find(|(team, v)| *team == Team::One && !v.failed.is_empty())
        .ok_or_else(|| Stopped("no failed item to send back".into()))?;
    let item = returned
        .failed
        .first()
        .ok_or_else(|| Stopped("failed item".into()))?;
    console
        .send_back(
            &returned.id,
            item,
            "照片看不清问题位置，请补拍近照并写明范围",
        )
        .await?;
    evening::approve_all_but(console, &day, &[&returned.id]).await?;
    evening::amend(&mut stage.one, &mut stage.roll, returned, item).await?;
    console.approve(&returned.id).await?;
    let (id, path, version) = evening::report(console, &day, &options.out).await?;
    say(&format!(
        "日检查情况汇总第 {version} 版：{}",
        path.display()
    ));
    summary.pdf = path.display().to_string();
    let first = std::fs::read(&path).map_err(|e| Stopped::at("report", e))?;

    stage.spare.link.set(Line::Up(Profile::STATION_WIFI));
    sync(&mut stage.spare.phone, "all").await?;
    let listed = console
        .get(&format!("/api/console/reports?day={day}"))
        .await?;
    if js::int(&listed, "/late_since")? != 1 {
        summary.wrong.push(format!("晚到的记录没有标出：{listed}"));
    }
    let (_, late) = visited
        .iter()
        .find(|(t, _)| *t == Team::Spare)
        .ok_or_else(|| Stopped("spare".into()))?;
    console.approve(&late.id).await?;
    let (_, second, version) = evening::report(console, &day, &options.out).await?;
    say(&format!(
        "晚到 1 份，补充汇总第 {version} 版：{}",
        second.display()
    ));
    let again = console
        .bytes(&format!("/api/console/reports/{id}/pdf"))
        .await?;
    if version != 2 || again != first {
        summary.wrong.push("第一版汇总没有逐字节保留".to_owned());
    }
    Ok(())
}

/// All processes end, then the separate checker opens what they left.
async fn finish(
    stage: &mut Stage,
    console: &Console,
    visited: &[(Team, Visited)],
    options: &Options,
    summary: &mut Summary,
) -> Step<()> {
    let conflicts = console.get("/api/console/conflicts").await?;
    let shown = js::list(&conflicts, "/rows")?.len();
    for line in [&mut stage.one, &mut stage.two, &mut stage.spare] {
        sync(&mut line.phone, "pulled").await?;
        let stats = line.link.stats();
        summary.bytes_sent += stats.bytes_up;
        summary.cuts += stats.cuts;
        line.phone.kill().await?;
    }
    stage.server.kill().await?;
    summary.kills = stage.killed.len() as u64;
    summary.killed_pids.clone_from(&stage.killed);
    summary.inspected = visited.len() as u64;
    summary.photos_taken = stage.roll.taken.len() as u64;
    let taken = serde_json::to_vec(&json!({
        "photos": stage.roll.taken,
        "records": visited.iter().map(|(_, v)| json!({"id": v.id, "record_no": v.record_no})).collect::<Vec<_>>(),
    }))
    .map_err(|e| Stopped::at("taken.json", e))?;
    std::fs::write(options.out.join("taken.json"), taken)
        .map_err(|e| Stopped::at("taken.json", e))?;
    let found = audit_of(&options.programs, &options.out).await?;
    take_over(summary, &found, shown)
}

/// Writes the summary beside the county.
pub fn write_summary(out: &Path, summary: &Summary) -> Step<()> {
    let text = serde_json::to_string_pretty(summary).map_err(|e| Stopped::at("summary", e))?;
    std::fs::write(out.join("summary.json"), text).map_err(|e| Stopped::at("summary.json", e))
}
