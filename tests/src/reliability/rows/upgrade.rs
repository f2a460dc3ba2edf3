//! Row 16: the app and the server are upgraded over frozen databases with work that is nowhere else, and the power
//! goes in the middle of it, again and again. Then everything is sent.

use super::phone_play::runtime;
use super::power::Power;
use crate::disk::Folder;
use crate::frozen::{SERVER, Set, Told, kept, older, sets};
use crate::link::schedule::SplitMix;
use crate::market::phone::Phone;
use crate::market::server::Server;
use crate::market::small::programs;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::chance::Chance;
use crate::sim::checks::{self, Found};
use crate::sim::image::{Font, duty, phone_name};
use crate::sim::play::settle;
use crate::sim::world::World;
use crate::tamper::{county, visit};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The row.
pub const ROW: Row = Row {
    key: "16",
    fault: "upgraded over unsent work from every frozen schema, and cut in the middle",
    trials: 60,
    whole: 200,
    short: 12,
    run,
};

/// Cuts of one upgrade at most; the last start is left in peace.
const CUTS: u64 = 3;

fn run(plan: &Plan) -> Step<Count> {
    let sets = sets();
    let runtime = runtime()?;
    let mut bench = Bench {
        programs: programs()?,
        phone: Place::of(&plan.out.join("phone"), &plan.out.join("phone-disk"))?,
        server: Place::of(&plan.out.join("county"), &plan.out.join("county-disk"))?,
        font: Font::default(),
    };
    let mut count = Count::default();
    for seed in (plan.seed..).take(usize::try_from(plan.trials).unwrap_or(usize::MAX)) {
        let at = usize::try_from(seed).unwrap_or(0) % sets.len().max(1);
        let set = sets
            .get(at)
            .ok_or_else(|| Stopped("no set is frozen".to_owned()))?;
        let tried = runtime.block_on(bench.cut(set, seed));
        let found = tried.and_then(|cut| one(cut, seed, &bench.font));
        let found = found.unwrap_or_else(|stopped| Found {
            wrong: vec![stopped.to_string()],
            ..Found::default()
        });
        count.trials += 1;
        count.lost += found.lost;
        count.doubled += found.doubled;
        let said = found.wrong.iter().map(|w| format!("seed {seed}: {w}"));
        count.wrong.extend(said);
        if !count.wrong.is_empty() {
            break;
        }
    }
    Ok(count)
}

/// A folder whose disk loses what was not synced, for one program after another.
struct Place {
    root: PathBuf,
    power: Power,
}

impl Place {
    fn of(root: &Path, scratch: &Path) -> Step<Self> {
        Ok(Self {
            root: root.to_owned(),
            power: Power::watch(root, scratch)?,
        })
    }

    fn lay(&mut self, from: &Path) -> Step<()> {
        self.power.lay(&Folder::read(from)?)
    }

    fn take(&self, to: &Path) -> Step<()> {
        Folder::read(&self.root)?.write(to)
    }
}

/// Where programs are started, and cut.
struct Bench {
    programs: PathBuf,
    phone: Place,
    server: Place,
    font: Font,
}

/// A thawed set after its upgrade was cut short.
struct Cut {
    folder: tempfile::TempDir,
    told: Told,
}

impl Bench {
    /// Thaws a set, takes it some steps further back, and cuts the first starts of one phone and of the server.
    async fn cut(&mut self, set: &Set, seed: u64) -> Step<Cut> {
        let folder = tempfile::tempdir().map_err(|e| Stopped::at("scratch", e))?;
        let told = set.thaw(folder.path())?;
        let mut chance = Chance::of(seed);
        for number in 0..told.kept.len() {
            older::phone(&folder.path().join(phone_name(number)), &mut chance)?;
        }
        let server = folder.path().join(SERVER);
        older::server(&server, &mut chance)?;
        let mut random = SplitMix::new(seed);
        let phone = folder
            .path()
            .join(phone_name(chance.index(told.kept.len())));
        self.phone(&phone, &mut random).await?;
        self.county(&server, told.at, &mut random).await?;
        Ok(Cut { folder, told })
    }

    async fn phone(&mut self, home: &Path, random: &mut SplitMix) -> Step<()> {
        let program = self.programs.join("xunji-headless");
        self.phone.lay(home)?;
        for _ in 0..random.between(1, CUTS) {
            let mut phone = Phone::off("phone", &program, &self.phone.root);
            phone.env = self.phone.power.env();
            phone.open().await?;
            let asked = json!({"cmd": "status"});
            // Mostly the journal holds all of the start, to be cut anywhere; now and then the kill comes first.
            if random.between(0, 3) == 0 {
                phone.send(asked).await?;
                tokio::time::sleep(Duration::from_millis(random.between(0, 60))).await;
            } else {
                phone.call(asked).await?;
            }
            phone.kill().await?;
            let played = self.phone.power.cut()?;
            self.phone.power.put(&played, random)?;
        }
        self.phone.take(home)
    }

    async fn county(&mut self, home: &Path, at: i64, random: &mut SplitMix) -> Step<()> {
        let program = self.programs.join("xunji-server");
        self.server.lay(home)?;
        for _ in 0..random.between(1, CUTS) {
            let mut server = Server::off(&program, &self.server.root, at);
            server.env = self.server.power.env();
            server.open().await?;
            server.kill().await?;
            let played = self.server.power.cut()?;
            self.server.power.put(&played, random)?;
        }
        self.server.take(home)
    }
}

/// Everything is there, all of it arrives, and what was in hand is brought to its end.
fn one(cut: Cut, seed: u64, font: &Font) -> Step<Found> {
    let Cut { folder, mut told } = cut;
    let mut found = Found::default();
    let mut world = World::on(folder, told.at, seed, told.kept.len(), font.clone())?;
    holds(&world, &told, &mut found)?;
    settle(&mut world)?;
    holds(&world, &told, &mut found)?;
    for (number, kept) in told.kept.iter().enumerate() {
        duty(world.phone(number)?)?;
        for id in kept.drafts.keys() {
            let record_no = visit::rest(world.phone(number)?, id)?;
            told.deeds.records.push((id.clone(), record_no));
        }
    }
    county::amend(&mut world, &told.returned)?;
    settle(&mut world)?;
    checks::on_phones(&world, &told.deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &told.deeds, &mut found)?;
    found.wrong.extend(super::disks::verified(&server));
    Ok(found)
}

/// Drafts, amendments and changes are as they were when the set was frozen.
fn holds(world: &World, told: &Told, found: &mut Found) -> Step<()> {
    for (number, before) in told.kept.iter().enumerate() {
        let now = kept::of(world.phone(number)?, before)?;
        let missing = before.missing(&now);
        found.lost += missing.len() as u64;
        let said = missing.iter().map(|m| format!("phone {number}: {m}"));
        found.wrong.extend(said);
    }
    Ok(())
}
