//! Row R39: the real `backup` command beside a server that takes in changes and photos, killed at any
//! moment. What is there afterwards under its name is whole; and no receipt of a time that the server says is
//! backed up is missing in the copy.

use crate::audit::rows;
use crate::market::small::programs;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, duty};
use crate::sim::play::burst;
use crate::sim::world::World;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::receipt::Receipt;
use xunji_server::config::DataFolder;
use xunji_server::storage::backups;
use xunji_server::verify;

/// The row.
pub const ROW: Row = Row {
    key: "R39",
    fault: "backup killed (-9) at any moment while phones send",
    trials: 100,
    whole: 200,
    short: 8,
    run,
};

const PHONES: usize = 3;
/// One in so many backups is left to end.
const LEFT_ALONE: u64 = 3;
/// A backup that has not ended by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

fn run(plan: &Plan) -> Step<Count> {
    let image = Image::make()?;
    let mut world = World::begin(&image, plan.seed, PHONES)?;
    let mut play = Play {
        program: programs()?.join("xunji-server"),
        out: plan.out.clone(),
        last: Duration::from_millis(400),
        deeds: Deeds::default(),
    };
    let mut count = Count::default();
    let (mut named, mut ended) = (0, 0);
    while count.trials < plan.trials {
        let dir = plan.out.join(format!("backup{}", count.trials));
        let done = play.one(&mut world, &dir)?;
        ended += u64::from(done);
        if dir.exists() {
            named += 1;
            let doubts = doubts(&world, &dir)?;
            count.lost += doubts.len() as u64;
            count.wrong.extend(doubts);
        } else if done {
            count.wrong.push(format!("{} is not there", dir.display()));
        }
        count.trials += 1;
        let _ = std::fs::remove_dir_all(&dir);
    }
    if ended == 0 || named == plan.trials {
        count.wrong.push(format!(
            "{ended} backups came to their end and {named} to their name: the kills were not spread"
        ));
    }
    Ok(count)
}

struct Play {
    program: PathBuf,
    out: PathBuf,
    /// How long a backup took that was left alone.
    last: Duration,
    deeds: Deeds,
}

impl Play {
    /// One backup beside work and sync; whether it came to its end well.
    fn one(&mut self, world: &mut World, dir: &Path) -> Step<bool> {
        self.work(world)?;
        let alone = world.chance.one_in(LEFT_ALONE);
        let span = u64::try_from(self.last.as_millis()).unwrap_or(u64::MAX);
        let until = match alone {
            true => PATIENCE,
            false => Duration::from_millis(world.chance.below(span)),
        };
        let began = Instant::now();
        let mut child = self.start(world, dir)?;
        let ended = loop {
            let status = child.try_wait().map_err(|e| Stopped::at("backup", e))?;
            if let Some(status) = status {
                break Some(status);
            }
            if began.elapsed() >= until {
                break None;
            }
            self.work(world)?;
        };
        match ended {
            Some(status) if status.success() => self.last = began.elapsed(),
            Some(status) => return Err(Stopped(format!("backup ended with {status}"))),
            None if alone => return Err(Stopped("backup does not end".to_owned())),
            None => {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
        // What is received after it may carry an earlier time than it said: its own clock is another.
        self.work(world)?;
        Ok(ended.is_some())
    }

    fn start(&self, world: &World, dir: &Path) -> Step<Child> {
        let log = std::fs::File::create(self.out.join("backup.log"));
        Command::new(&self.program)
            .arg("backup")
            .arg(dir)
            .arg("--data")
            .arg(world.server()?.data.path())
            .arg("--away")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.map_err(|e| Stopped::at("backup.log", e))?)
            .spawn()
            .map_err(|e| Stopped::at("xunji-server backup", e))
    }

    fn work(&mut self, world: &mut World) -> Step<()> {
        let phone = world.chance.index(PHONES);
        world.truth.fetch_add(60_000, Ordering::Relaxed);
        duty(world.phone(phone)?)?;
        self.deeds.one(world, phone)?;
        burst(world, phone)
    }
}

/// What does not hold of a copy that has its name.
fn doubts(world: &World, dir: &Path) -> Step<Vec<String>> {
    let mut wrong = Vec::new();
    match verify::folder(&DataFolder::new(dir), &|_, _| {}) {
        Ok(found) => wrong.extend(found.flaws().map(|(flaw, n)| format!("{n}: {flaw}"))),
        Err(e) => wrong.push(e.to_string()),
    }
    let server = world.server()?;
    let last = backups::last(&server.store, server.bureau).map_err(|e| Stopped::at("last", e))?;
    let Some(last) = last else {
        return Ok(wrong);
    };
    let here = receipts(dir)?;
    for token in receipts(server.data.path())?.difference(&here) {
        let said = SignedStatement(token.clone()).peek::<Receipt>();
        let at = said.map(|said| match said {
            Receipt::Log { server_time, .. } | Receipt::File { server_time, .. } => server_time,
        });
        if at.is_none_or(|at| at <= last.through) {
            wrong.push(format!(
                "a receipt of {at:?} is not in the copy that reaches to {:?}",
                last.through
            ));
        }
    }
    Ok(wrong)
}

fn receipts(folder: &Path) -> Step<BTreeSet<String>> {
    let doing = |e: rusqlite::Error| Stopped::at("receipts", e);
    let path = folder.join("county.db");
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(doing)?;
    Ok(rows::receipts(&db)
        .map_err(doing)?
        .into_values()
        .flatten()
        .collect())
}
