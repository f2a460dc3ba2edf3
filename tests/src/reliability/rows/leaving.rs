//! Row R42: weeks pass, backups are made now and then, and phones let go what they may. At every moment
//! whatever has left a phone lies in the last backup, also when a kill came between rows and bytes. Then the
//! server is put back: from its last backup nothing is missing; from one that is too old the hole is told, and
//! holds nothing up.

use super::trials;
use crate::audit::{self, county::County, phone::Phone};
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, call, duty};
use crate::sim::play::settle;
use crate::sim::world::World;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// The row.
pub const ROW: Row = Row {
    key: "R42",
    fault: "weeks pass, phones let go what a backup holds, kills between rows and bytes; then the server is put back",
    trials: 40,
    whole: 200,
    short: 4,
    run: |plan| trials::each(plan, one),
};

const PHONES: usize = 2;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Working days of a play, five or six days apart: what the first ones made has left by its end.
const DAYS: usize = 9;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, PHONES)?;
    let mut play = Play::default();
    for day in 0..DAYS {
        play.day(&mut world)?;
        if day == 0 || world.chance.one_in(2) {
            play.back_up(&world)?;
        }
        let days = 5 + i64::try_from(world.chance.below(2)).unwrap_or(0);
        world.truth.fetch_add(days * DAY_MS, Ordering::Relaxed);
    }
    // A last backup, so that there is one that everything which leaves from now on waits for.
    play.day(&mut world)?;
    play.back_up(&world)?;
    if play.gone(&world)? == 0 {
        play.found.wrong.push("nothing left any phone".to_owned());
    }
    let too_old = world.chance.one_in(2);
    let kept = if too_old {
        play.backups.first()
    } else {
        play.backups.last()
    };
    let kept = kept
        .cloned()
        .ok_or_else(|| Stopped("no backup".to_owned()))?;
    play.forget_what_nobody_has(&world, &kept)?;
    world.put_server_back(&kept, true)?;
    play.day(&mut world)?;
    play.ended(world)
}

#[derive(Default)]
struct Play {
    deeds: Deeds,
    found: Found,
    backups: Vec<PathBuf>,
    places: Vec<tempfile::TempDir>,
    /// Left a phone, and in no copy that is put back.
    missing: BTreeSet<String>,
}

impl Play {
    /// Every phone makes a record and sends all it has; one of them is killed where it has let something go.
    fn day(&mut self, world: &mut World) -> Step<()> {
        for phone in 0..PHONES {
            duty(world.phone(phone)?)?;
            self.deeds.visit(world, phone)?;
        }
        let phone = world.chance.index(PHONES);
        let before = world.keep_files(phone)?;
        settle(world)?;
        if world.chance.one_in(2) {
            world.kill_before_removal(phone, &before)?;
            let tray = call(world.phone(phone)?, json!({"cmd": "tray"}))?;
            if tray.as_array().is_none_or(|photos| !photos.is_empty()) {
                self.found
                    .wrong
                    .push(format!("what left came back into the tray: {tray}"));
            }
        }
        self.gone(world).map(|_| ())
    }

    fn back_up(&mut self, world: &World) -> Step<()> {
        let place = tempfile::tempdir().map_err(|e| Stopped::at("backup", e))?;
        let to = place.path().join("copy");
        world.back_up(&to)?;
        self.backups.push(to);
        self.places.push(place);
        Ok(())
    }

    /// How many changes and files have left the phones; each must lie in the last backup.
    fn gone(&mut self, world: &World) -> Step<usize> {
        let mut gone = BTreeSet::new();
        for phone in phones(world)? {
            gone.extend(names(&phone));
        }
        if gone.is_empty() {
            return Ok(0);
        }
        let held = match self.backups.last() {
            Some(last) => held(&county(last)?),
            None => BTreeSet::new(),
        };
        for what in gone.difference(&held) {
            if !self.missing.contains(what) {
                self.found.lost += 1;
                self.found
                    .wrong
                    .push(format!("{what} left its phone and is in no backup"));
            }
        }
        Ok(gone.len())
    }

    /// A backup that is too old lacks what has left since: nobody can bring that back.
    fn forget_what_nobody_has(&mut self, world: &World, kept: &Path) -> Step<()> {
        let (now, then) = (county(world.server_home())?, held(&county(kept)?));
        let mut gone = BTreeSet::new();
        for phone in phones(world)? {
            gone.extend(names(&phone));
        }
        self.missing = gone.difference(&then).cloned().collect();
        let lost: Vec<String> = now
            .changes
            .iter()
            .filter(|c| self.missing.contains(&hex::encode(&c.hash)))
            .map(|c| String::from_utf8_lossy(&c.envelope).into_owned())
            .collect();
        let named = |id: &str| lost.iter().any(|envelope| envelope.contains(id));
        self.deeds.records.retain(|(id, _)| !named(id));
        self.deeds.photos.retain(|sha| !self.missing.contains(sha));
        Ok(())
    }

    fn ended(mut self, world: World) -> Step<Found> {
        checks::shows_all(&world, &self.deeds, &mut self.found)?;
        let (_folder, server, homes) = world.closed();
        self.found.wrong.extend(super::disks::verified(&server));
        let missing = self.missing;
        checks::on_disks_without(&server, &homes, &self.deeds, &missing, &mut self.found)?;
        Ok(self.found)
    }
}

fn phones(world: &World) -> Step<Vec<Phone>> {
    (0..PHONES)
        .map(|phone| {
            let home = &world.slot(phone)?.home;
            audit::phone::read(home).map_err(|e| Stopped::at("audit", e))
        })
        .collect()
}

/// What has left a phone: hashes of changes, and of files.
fn names(phone: &Phone) -> impl Iterator<Item = String> + '_ {
    let changes = phone.left.values().map(hex::encode);
    changes.chain(phone.left_files.keys().cloned())
}

fn county(folder: &Path) -> Step<County> {
    audit::county::read(folder).map_err(|e| Stopped::at("audit", e))
}

/// What a county holds, by the same names.
fn held(county: &County) -> BTreeSet<String> {
    let changes = county.changes.iter().map(|c| hex::encode(&c.hash));
    let files = county.blobs.iter();
    let whole = files.filter(|(sha, (hash, _))| *sha == hash);
    let bodies = county.changes.iter().filter_map(|c| c.body.as_ref());
    changes
        .chain(whole.map(|(sha, _)| sha.clone()))
        .chain(bodies.map(|body| xunji_protocol::digest::Digest::of(body).to_hex()))
        .collect()
}
