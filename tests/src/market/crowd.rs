//! Many phones at once: each plays its visits without signal, then all lines come up together with one
//! profile, and everything goes to one server. What arrives is compared by the audit, as on the market day.

use super::audited::audit_against;
use super::morning;
use super::noon::{OnLine, sync_within};
use super::phone::now_ms;
use super::roll::Roll;
use super::script::{self, Visit, Whom};
use super::small::{SmallDay, dawn, programs, script_of};
use super::{Step, Stopped, json as js};
use crate::link::{Line, Profile};
use crate::market::server::Server;
use serde::Serialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;
use tokio::task::JoinSet;

/// Longest time for one goal, ms: a slow line and many photos take what they take.
const PATIENCE_MS: u64 = 4 * 3_600_000;
/// The pairs who go out, in turn.
const PAIRS: [[&str; 2]; 2] = [["检查员甲", "检查员乙"], ["检查员丙", "检查员丁"]];
/// Between the first visits of two phones, ms: no two act in the same millisecond.
const APART: i64 = 7_000;

/// What is played.
pub struct Crowd {
    /// Empty folder for county, phones, photos and results.
    pub out: PathBuf,
    /// Phones.
    pub devices: usize,
    /// Visits of each.
    pub visits: usize,
    /// Photos of each visit, at least one: the storefront.
    pub photos: usize,
    /// Name of the line's profile.
    pub link: String,
    /// Seed of photos and cuts.
    pub seed: u64,
    /// A server that runs already, in place of a fresh one.
    pub server: Option<Running>,
}

/// A server that somebody else runs on this machine, with the demo's county.
pub struct Running {
    /// Where it listens; of this machine only.
    pub address: SocketAddr,
    /// Its folder: codes are made by its commands, and the audit opens it.
    pub county: PathBuf,
}

impl Running {
    /// Reads `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// Another scheme, a name, or an address of another machine.
    pub fn at(url: &str, county: PathBuf) -> Result<Self, String> {
        let address = url
            .strip_prefix("http://")
            .map(|rest| rest.trim_end_matches('/'));
        let address: Option<SocketAddr> = address.and_then(|address| address.parse().ok());
        match address {
            Some(address) if address.ip().is_loopback() => Ok(Self { address, county }),
            _ => Err(format!(
                "{url}: a day is played only against this machine, such as http://127.0.0.1:8080"
            )),
        }
    }
}

/// What it came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Phones.
    pub devices: u64,
    /// Records signed.
    pub inspected: u64,
    /// Of these, on the server with the same bytes.
    pub synced: u64,
    /// Acknowledged and not there.
    pub lost: u64,
    /// There twice.
    pub doubled: u64,
    /// Photos the cameras wrote.
    pub photos_taken: u64,
    /// Originals on the server with the same bytes.
    pub photos_received: u64,
    /// Name of the profile.
    pub link: String,
    /// Cuts that hit an open connection.
    pub cuts: u64,
    /// Bytes the phones put on their lines.
    pub bytes_sent: u64,
    /// Of these, more than one crossing would have taken.
    pub bytes_sent_twice: u64,
    /// Seconds from the first signal until the last phone's records were in.
    pub records_done_s: f64,
    /// … its thumbnails.
    pub thumbnails_done_s: f64,
    /// … everything.
    pub all_done_s: f64,
    /// The seed.
    pub seed: u64,
    /// What is wrong; empty when everything held.
    pub wrong: Vec<String>,
}

/// Plays it. The county is fresh; `say` gets a line of progress now and then.
///
/// # Errors
/// The first step that cannot be made; what was made until then is left as it is.
pub async fn play(crowd: &Crowd, say: &mut dyn FnMut(String)) -> Step<Summary> {
    let profile = Profile::named(&crowd.link).map_err(Stopped)?;
    let (mut day, mut lines) = set_up(crowd, say).await?;
    for (number, line) in lines.iter_mut().enumerate() {
        line.link.set(Line::Down);
        for plan in plans(&day, crowd, number)? {
            let market = day.market()?;
            let (phone, roll) = (&mut line.phone, &mut day.roll);
            let done = morning::visit(phone, roll, &market, &plan, None, &mut Vec::new()).await?;
            day.visited.push(done);
        }
        say(format!("{}/{} phones are back", number + 1, crowd.devices));
    }
    let mut summary = Summary {
        devices: lines.len() as u64,
        inspected: day.visited.len() as u64,
        photos_taken: day.roll.taken.len() as u64,
        link: crowd.link.clone(),
        seed: crowd.seed,
        ..Summary::default()
    };
    let begun = Instant::now();
    for line in &lines {
        line.link.set(Line::Up(profile));
    }
    for (goal, took) in [
        ("records", &mut summary.records_done_s),
        ("thumbnails", &mut summary.thumbnails_done_s),
        ("all", &mut summary.all_done_s),
    ] {
        lines = everybody(lines, goal).await?;
        *took = begun.elapsed().as_secs_f64();
        say(format!("{goal} are in after {took:.1} s"));
    }
    for line in &mut lines {
        let stats = line.link.stats();
        summary.bytes_sent += stats.bytes_up;
        summary.cuts += stats.cuts;
        line.phone.kill().await?;
    }
    if crowd.server.is_none() {
        day.server.kill().await?;
    }
    day.write_taken()?;
    compare(&day, &mut summary).await?;
    Ok(summary)
}

async fn set_up(crowd: &Crowd, say: &mut dyn FnMut(String)) -> Step<(SmallDay, Vec<OnLine>)> {
    let photos = (crowd.devices * crowd.visits * crowd.photos) as u64;
    say(format!("drawing {photos} photos"));
    let program = programs()?.join("xunji-server");
    let day = if let Some(running) = &crowd.server {
        let (begins, today) = now()?;
        let server = Server::running(&program, &running.county, running.address);
        let roll = Roll::draw(&crowd.out.join("camera-roll"), crowd.seed, photos).await?;
        SmallDay::beside(
            &crowd.out,
            server,
            script::write(today, crowd.seed)?,
            begins,
            roll,
        )?
    } else {
        let script = script_of(crowd.seed)?;
        let (county, accounts) = (crowd.out.join("county"), crowd.out.join("accounts.txt"));
        Server::county(&program, &county, &accounts, dawn(&script)).await?;
        SmallDay::on_county(&crowd.out, script, crowd.seed, photos).await?
    };
    let mut lines = Vec::new();
    for number in 0..crowd.devices {
        let people = PAIRS
            .iter()
            .cycle()
            .nth(number)
            .copied()
            .unwrap_or(PAIRS[0]);
        lines.push(day.phone(&format!("phone{number}"), &people).await?);
    }
    Ok((day, lines))
}

/// The clock, and the day in the county.
fn now() -> Step<(i64, chrono::NaiveDate)> {
    let now = now_ms();
    let today = xunji_domain::time::Millis(now).date(480);
    today
        .map(|today| (now, today))
        .ok_or_else(|| Stopped("today".into()))
}

/// One phone's visits: operators of the market in turn, one after the other.
fn plans(day: &SmallDay, crowd: &Crowd, number: usize) -> Step<Vec<Visit>> {
    let known: Vec<&Visit> = day
        .script
        .visits
        .iter()
        .filter(|visit| matches!(visit.whom, Whom::Known(_)))
        .collect();
    let first = known.first().ok_or_else(|| Stopped("no visits".into()))?;
    // The script's hours, counted from where this day begins.
    let begins = first.start - dawn(&day.script) + day.begins;
    let mut at = begins + number as i64 * APART;
    let turn = known.iter().cycle().skip(number * crowd.visits);
    let plans = turn.take(crowd.visits).map(|visit| {
        let plan = Visit {
            start: at,
            photos: crowd.photos,
            ..(*visit).clone()
        };
        at += plan.minutes * 60_000 + 60_000;
        plan
    });
    Ok(plans.collect())
}

/// All phones at once until a goal.
async fn everybody(lines: Vec<OnLine>, goal: &'static str) -> Step<Vec<OnLine>> {
    let mut running = JoinSet::new();
    for mut line in lines {
        running.spawn(async move {
            sync_within(&mut line.phone, goal, PATIENCE_MS)
                .await
                .map(|_| line)
        });
    }
    let mut back = Vec::new();
    while let Some(done) = running.join_next().await {
        back.push(done.map_err(|e| Stopped::at(goal, e))??);
    }
    Ok(back)
}

async fn compare(day: &SmallDay, summary: &mut Summary) -> Step<()> {
    let found = audit_against(&day.programs, &day.out, day.server.data()).await?;
    let count = |pointer: &str| {
        js::int(&found, pointer).and_then(|n| u64::try_from(n).map_err(|e| Stopped::at(pointer, e)))
    };
    summary.synced = count("/synced")?;
    summary.lost = count("/lost")?;
    summary.doubled = count("/doubled")?;
    summary.photos_received = count("/photos_received")?;
    summary.bytes_sent_twice = summary.bytes_sent.saturating_sub(count("/payload_bytes")?);
    let said = js::list(&found, "/wrong")?.iter();
    summary.wrong = said
        .filter_map(|wrong| wrong.as_str().map(str::to_owned))
        .collect();
    for (what, found, wanted) in [
        ("records", summary.synced, summary.inspected),
        ("photos", summary.photos_received, summary.photos_taken),
    ] {
        if found != wanted {
            summary.wrong.push(format!("{found} of {wanted} {what}"));
        }
    }
    Ok(())
}
