//! Row R34: records are erased by the real command, killed (-9) again and again, while phones still hold what
//! it erases; then everything is offered again: by a phone that was put back to before its first answer, on a
//! stick, over the network, and to a server that was restored from before the erasing.

use super::trials;
use crate::market::small::programs;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::checks::{self, Found};
use crate::sim::deeds::{Deeds, list};
use crate::sim::image::{Image, call, duty};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use rusqlite::Connection;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use uuid::Uuid;
use xunji_domain::ids::{InspectionId, PersonId, ReviewId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{INSPECTION_REVIEWED, Review, ReviewDecision};
use xunji_server::bundle::import;
use xunji_server::clock::ServerClock;
use xunji_server::storage::meta;
use xunji_server::write::append_bureau_change;

/// The row.
pub const ROW: Row = Row {
    key: "R34",
    fault: "erased by a rule with kills (-9) in between, then offered again: phone put back, stick, restored server",
    trials: 60,
    whole: 200,
    short: 8,
    run,
};

const PHONES: usize = 3;
/// Deeds beside the visits.
const DEEDS: usize = 6;
/// Long enough for the rule.
const SIX_YEARS_MS: i64 = 6 * 366 * 24 * 60 * 60 * 1000;
/// Runs that are killed.
const KILLS: u64 = 4;

/// What was met in all trials: a row that tries nothing finds nothing.
#[derive(Debug, Default)]
struct Met {
    erased: u64,
    stayed: u64,
    killed: u64,
    refused: u64,
    restored: u64,
}

fn run(plan: &Plan) -> Step<Count> {
    let mut met = Met::default();
    let program = programs()?.join("xunji-server");
    let mut count = trials::once(plan, |image, seed| trial(image, seed, &program, &mut met))?;
    let all = [
        met.erased,
        met.stayed,
        met.killed,
        met.refused,
        met.restored,
    ];
    if plan.trials >= ROW.short && all.contains(&0) {
        count.wrong.push(format!("not everything was met: {met:?}"));
    }
    Ok(count)
}

fn trial(image: &Image, seed: u64, program: &Path, met: &mut Met) -> Step<Found> {
    let mut world = World::begin(image, seed, PHONES)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    for phone in 0..PHONES {
        duty(world.phone(phone)?)?;
        deeds.visit(&mut world, phone)?;
    }
    // It has heard of no answer: what it holds it offers as if for the first time.
    let unheard = world.keep_phone(0)?;
    for _ in 0..DEEDS {
        // What the first phone did now would be gone from it when it is put back.
        let phone = 1 + world.chance.index(PHONES - 1);
        deeds.one(&mut world, phone)?;
        burst(&mut world, phone)?;
    }
    settle(&mut world)?;
    let before = world.keep_server()?;
    let kept = approve(&mut world, &deeds)?;
    settle(&mut world)?;
    world.truth.fetch_add(SIX_YEARS_MS, Ordering::Relaxed);
    erase(&mut world, program, met)?;
    settle(&mut world)?;
    offered_again(&mut world, &mut deeds, &unheard, met)?;
    if seed.is_multiple_of(3) {
        met.restored += 1;
        world.put_server_back(&before, true)?;
        settle(&mut world)?;
        approve_but(&world, &deeds, &kept)?;
        // The time counts from the approval that stands.
        world.truth.fetch_add(SIX_YEARS_MS, Ordering::Relaxed);
        erase(&mut world, program, met)?;
    }
    settle(&mut world)?;
    shown(&world, &deeds, &kept, &mut found)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    met.erased += (deeds.records.len() - kept.len()) as u64;
    met.stayed += kept.len() as u64;
    let (folder, server, homes) = world.closed();
    found.wrong.extend(super::disks::verified(&server));
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    gone(&server, &deeds, &kept, &mut found)?;
    drop(folder);
    Ok(found)
}

/// The supervisor approves all records but some, which therefore stay.
fn approve(world: &mut World, deeds: &Deeds) -> Step<BTreeSet<String>> {
    let mut kept = BTreeSet::new();
    // The first is the one that is offered again.
    for (id, _) in deeds.records.iter().skip(1) {
        if world.chance.one_in(3) {
            kept.insert(id.clone());
        }
    }
    approve_but(world, deeds, &kept)?;
    kept.extend(in_conflict(world)?);
    Ok(kept)
}

/// Records of entries about which a person has to decide: they stay as well.
fn in_conflict(world: &World) -> Step<Vec<String>> {
    let doing = |e: rusqlite::Error| Stopped::at("conflicts", e);
    let db = Connection::open(world.server()?.data.database()).map_err(doing)?;
    let mut query = db
        .prepare(
            "SELECT inspection FROM inspection WHERE operator IN (SELECT operator FROM conflict WHERE resolved = 0)",
        )
        .map_err(doing)?;
    let rows = query.query_map([], |row| row.get::<_, [u8; 16]>(0));
    let ids: Result<Vec<_>, _> = rows.map_err(doing)?.collect();
    let ids = ids.map_err(doing)?.into_iter();
    Ok(ids.map(|id| Uuid::from_bytes(id).to_string()).collect())
}

fn approve_but(world: &World, deeds: &Deeds, kept: &BTreeSet<String>) -> Step<()> {
    let server = world.server()?;
    let doing = |e: rusqlite::Error| Stopped::at("review", e);
    let db = Connection::open(server.data.database()).map_err(doing)?;
    let chief = "SELECT person, name FROM person WHERE role = 'supervisor' AND name = '所长甲'";
    let chief: ([u8; 16], String) = db
        .query_row(chief, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(doing)?;
    for (n, (id, _)) in (1..).zip(&deeds.records) {
        if kept.contains(id) {
            continue;
        }
        let id: Uuid = id.parse().map_err(|e| Stopped::at("record id", e))?;
        let version: [u8; 32] = db
            .query_row(
                "SELECT version FROM inspection WHERE inspection = ?1",
                [id.as_bytes()],
                |row| row.get(0),
            )
            .map_err(doing)?;
        let review = Review {
            id: ReviewId(Uuid::from_u128(
                0x0199_0000_0000_7000_8000_0000_0000_0000 + n,
            )),
            inspection: InspectionId(id),
            seen: Digest(version).to_hex(),
            reviewer: PersonId(Uuid::from_bytes(chief.0)),
            reviewer_name: chief.1.clone(),
            at: Millis(world.truth.load(Ordering::Relaxed)),
            decision: ReviewDecision::Approved {
                originals_missing: Vec::new(),
            },
        };
        append_bureau_change(
            server,
            INSPECTION_REVIEWED,
            &review,
            vec![id],
            review.reviewer,
            |_| Ok(()),
        )
        .map_err(|e| Stopped::at("review", e.0.title))?;
    }
    Ok(())
}

/// The real command beside the running server, killed some times and then left to end.
fn erase(world: &mut World, program: &Path, met: &mut Met) -> Step<()> {
    let server = world.server()?;
    let offset = world.truth.load(Ordering::Relaxed) - ServerClock::new(0, String::new()).now().0;
    meta::set(
        &server.store,
        server.bureau,
        meta::CLOCK_OFFSET,
        offset.to_string(),
    )
    .map_err(|e| Stopped::at("clock", e))?;
    let account: String = Connection::open(server.data.database())
        .and_then(|db| {
            let sql = "SELECT a.account FROM account a JOIN person p ON p.person = a.person
                       WHERE p.role IN ('administrator', 'bureau') ORDER BY a.account LIMIT 1";
            db.query_row(sql, [], |row| row.get(0))
        })
        .map_err(|e| Stopped::at("account", e))?;
    let data = server.data.path().to_owned();
    let listed = Instant::now();
    ended(started(program, &data, None)?)?;
    // To begin takes as long as to list; what is written is written after that.
    let span = u64::try_from(listed.elapsed().as_millis()).unwrap_or(u64::MAX) * 2;
    for _ in 0..KILLS {
        let mut child = started(program, &data, Some(&account))?;
        std::thread::sleep(Duration::from_millis(world.chance.below(span)));
        let ended = child.try_wait().map_err(|e| Stopped::at("erase", e))?;
        met.killed += u64::from(ended.is_none());
        let _ = child.kill();
        let _ = child.wait();
        if world.chance.one_in(2) {
            let phone = world.chance.index(PHONES);
            burst(world, phone)?;
        }
    }
    ended(started(program, &data, Some(&account))?)
}

fn ended(mut child: Child) -> Step<()> {
    let status = child.wait().map_err(|e| Stopped::at("erase", e))?;
    match status.success() {
        true => Ok(()),
        false => Err(Stopped(format!("erase ended with {status}"))),
    }
}

/// The command: by somebody's order, or only to list.
fn started(program: &Path, data: &Path, by: Option<&str>) -> Step<Child> {
    let mut command = Command::new(program);
    command.arg("erase").arg("--data").arg(data);
    command.args(["--rule", "inspection"]);
    if let Some(account) = by {
        command.args(["--yes", "--by", account, "--order", "鉴定〔2032〕1号"]);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| Stopped::at("xunji-server erase", e))
}

/// The phone that heard of nothing writes a stick, then meets the server.
fn offered_again(world: &mut World, deeds: &mut Deeds, unheard: &Path, met: &mut Met) -> Step<()> {
    world.net.set_up(0, false);
    world.put_phone_back(0, unheard)?;
    deeds.forked = true;
    let stick = tempfile::tempdir().map_err(|e| Stopped::at("stick", e))?;
    let ask = json!({"cmd": "export_bundle", "folder": stick.path(), "along": "all", "volume_bytes": 64 << 20});
    let written = call(world.phone(0)?, ask)?;
    let files: Vec<PathBuf> = list(&written["volumes"])
        .iter()
        .filter_map(|path| path.as_str().map(PathBuf::from))
        .collect();
    let done = import(world.server()?, &files, &mut |_| {});
    if let Some(stopped) = done.stopped {
        return Err(Stopped(stopped.0.title));
    }
    if world.chance.one_in(2) {
        world.restart_server()?;
    }
    for receipts in done.bundles.into_iter().filter_map(|(_, bytes)| bytes) {
        let text = String::from_utf8_lossy(&receipts).into_owned();
        if world.chance.one_in(2) {
            let taken = call(
                world.phone(0)?,
                json!({"cmd": "take_receipts", "text": text}),
            )?;
            met.refused += taken["erased"].as_u64().unwrap_or(0);
        }
    }
    world.net.set_up(0, true);
    settle(world)
}

/// What a person sees on every phone: the number and 已按规定删除, or the record as it was.
fn shown(world: &World, deeds: &Deeds, kept: &BTreeSet<String>, found: &mut Found) -> Step<()> {
    for phone in 0..world.phones() {
        for (id, number) in &deeds.records {
            let page = call(world.phone(phone)?, json!({"cmd": "record", "id": id}))?;
            let row = &page["row"];
            let erased = row["state_text"] == "已按规定删除";
            if erased == kept.contains(id) {
                found.wrong.push(format!(
                    "phone {phone} shows {number} as {}",
                    row["state_text"]
                ));
            }
            let bare = row["operator_name"] == "" && page["content"].is_null();
            if erased && !(bare && row["record_no"] == **number) {
                found
                    .wrong
                    .push(format!("phone {phone} shows {number} with {row}"));
            }
        }
        let state = call(world.phone(phone)?, json!({"cmd": "sync_state"}))?;
        if state["waiting_for"] != "全部已收" {
            found
                .wrong
                .push(format!("phone {phone} waits: {}", state["waiting_for"]));
        }
    }
    Ok(())
}

/// Every approved record is erased with all its bodies, every other one has them.
fn gone(server: &Path, deeds: &Deeds, kept: &BTreeSet<String>, found: &mut Found) -> Step<()> {
    let doing = |e: rusqlite::Error| Stopped::at("erased", e);
    let db = Connection::open(server.join("county.db")).map_err(doing)?;
    for (id, number) in &deeds.records {
        let id_bytes: Uuid = id.parse().map_err(|e| Stopped::at("record id", e))?;
        let bodies: i64 = db
            .query_row(
                "SELECT count(*) FROM inspection_event e JOIN change c ON c.hash = e.change
                 WHERE e.inspection = ?1 AND c.body IS NOT NULL",
                [id_bytes.as_bytes()],
                |row| row.get(0),
            )
            .map_err(doing)?;
        if kept.contains(id) == (bodies == 0) {
            found.wrong.push(format!("{number} has {bodies} bodies"));
            found.lost += u64::from(kept.contains(id));
        }
    }
    Ok(())
}
