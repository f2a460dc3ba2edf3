//! The phones and the server of one simulated day, and how they die and come back.

use super::chance::Chance;
use super::clock::{PhoneClock, Truth};
use super::image::{self, DAWN, Font, Image, copy, open_phone, phone_name};
use super::net::{Link, Net};
use crate::market::{Step, Stopped};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use tempfile::TempDir;
use xunji_device::Device;
use xunji_device::runner::{Took, take_turn};
use xunji_device::sync::plan::Goal;
use xunji_protocol::kinds::{Newest, newest_version};
use xunji_server::App;

/// One of a phone's two databases: no transaction spans both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// `local.db`.
    Local,
    /// `mirror.db`, which a power cut may take back.
    Mirror,
}

impl Half {
    fn files(self) -> [&'static str; 3] {
        match self {
            Self::Local => ["local.db", "local.db-wal", "local.db-shm"],
            Self::Mirror => ["mirror.db", "mirror.db-wal", "mirror.db-shm"],
        }
    }
}

/// A phone of the simulation.
pub struct Slot {
    device: Option<Device>,
    /// Where its data lies now; a crash moves on to a copy.
    pub home: PathBuf,
    /// Its clock.
    pub clock: PhoneClock,
    crashes: u64,
}

/// Everything.
pub struct World {
    folder: TempDir,
    /// The true time.
    pub truth: Truth,
    /// Dice.
    pub chance: Chance,
    /// Links.
    pub net: Arc<Net>,
    slots: Vec<Slot>,
    pub(super) server: Option<Arc<App>>,
    pub(super) server_home: PathBuf,
    pub(super) die_at: Arc<AtomicUsize>,
    /// How far the server reads what phones write.
    pub newest: Newest,
    font: Font,
    copies: u64,
    seed: u64,
    /// Phones and servers that died.
    pub kills: u64,
    /// Records that comparing had to put right in the phones' mirrors.
    pub mended: u64,
}

impl Slot {
    /// A phone that is not open yet.
    pub(super) fn at(home: PathBuf, clock: PhoneClock) -> Self {
        Self {
            device: None,
            home,
            clock,
            crashes: 0,
        }
    }
}

impl World {
    /// A copy of the image with so many phones.
    ///
    /// # Errors
    /// Something does not open.
    pub fn begin(image: &Image, seed: u64, phones: usize) -> Step<Self> {
        let world = Self::on(image.copied(phones)?, DAWN, seed, phones, image.font())?;
        image.begun(world.net.trace());
        Ok(world)
    }

    /// The server and the phones that lie in a folder, at a moment.
    ///
    /// # Errors
    /// Something does not open.
    pub fn on(folder: TempDir, at: i64, seed: u64, phones: usize, font: Font) -> Step<Self> {
        let truth: Truth = Arc::new(AtomicI64::new(at));
        let server_home = folder.path().join("server");
        let die_at = Arc::new(AtomicUsize::new(usize::MAX));
        let mut chance = Chance::of(seed);
        let newest: Newest = newest_version;
        let (app, router) = image::serve_dying(&server_home, &truth, &die_at, newest)?;
        let net = Net::new(router, phones, Chance::of(chance.word()), &truth, &die_at);
        let mut world = Self {
            slots: Vec::new(),
            server: Some(app),
            font,
            copies: 0,
            kills: 0,
            mended: 0,
            folder,
            truth,
            chance,
            net,
            server_home,
            die_at,
            newest,
            seed,
        };
        for number in 0..phones {
            let home = world.folder.path().join(phone_name(number));
            let clock = PhoneClock::right(&world.truth, &format!("boot{number}"));
            let mut slot = Slot::at(home, clock);
            world.open(number, &mut slot)?;
            world.slots.push(slot);
        }
        Ok(world)
    }

    /// How many phones there are.
    pub fn phones(&self) -> usize {
        self.slots.len()
    }

    /// A phone.
    ///
    /// # Errors
    /// There is none of this number, or it is dead.
    pub fn phone(&self, number: usize) -> Step<&Device> {
        let slot = self.slots.get(number);
        slot.and_then(|slot| slot.device.as_ref())
            .ok_or_else(|| Stopped(format!("phone {number} is not there")))
    }

    /// A phone's place.
    ///
    /// # Errors
    /// There is none of this number.
    pub fn slot(&self, number: usize) -> Step<&Slot> {
        self.slots
            .get(number)
            .ok_or_else(|| Stopped(format!("no phone {number}")))
    }

    /// The server.
    ///
    /// # Errors
    /// It is dead.
    pub fn server(&self) -> Step<&Arc<App>> {
        self.server
            .as_ref()
            .ok_or_else(|| Stopped("the server is not there".to_owned()))
    }

    /// Where its data lies now; a kill moves on to a copy.
    pub fn server_home(&self) -> &Path {
        &self.server_home
    }

    /// One turn of a phone's sync; a server that dies during it is started again.
    ///
    /// # Errors
    /// Those of the phone's store; those of the network are what is played.
    pub fn turn(&mut self, number: usize, goal: Goal) -> Step<Took> {
        let took = {
            let mut font = self.font.lock().unwrap_or_else(PoisonError::into_inner);
            let phone = self.phone(number)?;
            let before = phone.sync().traffic().mended;
            let took = take_turn(phone, goal, &mut font).map_err(|e| Stopped(e.sentence))?;
            self.mended += phone.sync().traffic().mended.saturating_sub(before);
            took
        };
        if self.net.take_dying() {
            self.restart_server()?;
        }
        if let Took::Failed(_) | Took::Waits(_) = took {
            self.truth.fetch_add(500, Ordering::Relaxed);
        }
        Ok(took)
    }

    /// SIGKILL and a new start: what lies on the disk at this moment, and nothing else.
    ///
    /// # Errors
    /// Those of the disk; the phone does not open.
    pub fn kill_phone(&mut self, number: usize) -> Step<()> {
        self.reborn(number, |_| Ok(()))
    }

    /// A power cut that also takes back what the mirror had written since `kept` was copied: it is not
    /// synced at every commit.
    ///
    /// # Errors
    /// As [`Self::kill_phone`].
    pub fn cut_power(&mut self, number: usize, kept: &Path) -> Step<()> {
        self.kill_between(number, Half::Mirror, kept)
    }

    /// A kill that finds one of the two databases as it was when `kept` was copied.
    ///
    /// # Errors
    /// As [`Self::kill_phone`].
    pub fn kill_between(&mut self, number: usize, half: Half, kept: &Path) -> Step<()> {
        self.reborn(number, |home| {
            for name in half.files() {
                let _ = std::fs::remove_file(home.join(name));
                if kept.join(name).exists() {
                    std::fs::copy(kept.join(name), home.join(name))
                        .map_err(|e| Stopped::at(name, e))?;
                }
            }
            Ok(())
        })
    }

    /// The mirror's files as they are now.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keep_mirror(&mut self, number: usize) -> Step<PathBuf> {
        self.keep_half(number, Half::Mirror)
    }

    /// The files of one of the two databases as they are now.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keep_half(&mut self, number: usize, half: Half) -> Step<PathBuf> {
        let kept = self.place("half");
        std::fs::create_dir_all(&kept).map_err(|e| Stopped::at("kept half", e))?;
        let home = self.slot(number)?.home.clone();
        for name in half.files() {
            if home.join(name).exists() {
                std::fs::copy(home.join(name), kept.join(name))
                    .map_err(|e| Stopped::at(name, e))?;
            }
        }
        Ok(kept)
    }

    /// Ends the server as SIGKILL does and starts it on what lies on the disk.
    ///
    /// # Errors
    /// Those of the disk; the folder cannot be served.
    pub fn restart_server(&mut self) -> Step<()> {
        self.kills += 1;
        self.net.note("server restarted");
        let next = self.place("server");
        copy(&self.server_home, &next)?;
        self.net.serve(None);
        drop(self.server.take());
        let (app, router) = image::serve_dying(&next, &self.truth, &self.die_at, self.newest)?;
        (self.server, self.server_home) = (Some(app), next);
        self.net.serve(Some(router));
        Ok(())
    }

    /// Closes everything and gives the folders of the server and of the phones.
    pub fn closed(mut self) -> (TempDir, PathBuf, Vec<PathBuf>) {
        self.net.serve(None);
        drop(self.server.take());
        let homes = self
            .slots
            .iter_mut()
            .map(|slot| {
                drop(slot.device.take());
                slot.home.clone()
            })
            .collect();
        (self.folder, self.server_home, homes)
    }

    pub(super) fn reborn(
        &mut self,
        number: usize,
        before: impl FnOnce(&Path) -> Step<()>,
    ) -> Step<()> {
        self.net.note(&format!("phone {number} killed"));
        let home = self.slot(number)?.home.clone();
        self.reborn_from(number, &home, before)
    }

    /// A phone that was running is no more; another starts on a copy of this folder.
    pub(super) fn reborn_from(
        &mut self,
        number: usize,
        from: &Path,
        before: impl FnOnce(&Path) -> Step<()>,
    ) -> Step<()> {
        self.kills += 1;
        let next = self.place(&phone_name(number));
        let mut slot = Slot {
            crashes: self.slot(number)?.crashes + 1,
            ..Slot::at(next, self.slot(number)?.clock.clone())
        };
        copy(from, &slot.home)?;
        before(&slot.home)?;
        self.open(number, &mut slot)?;
        if let Some(place) = self.slots.get_mut(number) {
            *place = slot;
        }
        Ok(())
    }

    pub(super) fn push(&mut self, slot: Slot) {
        self.slots.push(slot);
    }

    pub(super) fn open(&self, number: usize, slot: &mut Slot) -> Step<()> {
        let seed = self.seed ^ ((number as u64 + 1) << 32) ^ (slot.crashes << 48);
        let device = open_phone(&slot.home, slot.clock.clone(), seed)?;
        device.sync().use_transport(Arc::new(Link {
            net: Arc::clone(&self.net),
            phone: number,
        }));
        let truth = Arc::clone(&self.truth);
        device
            .sync()
            .use_stopwatch(move || u64::try_from(truth.load(Ordering::Relaxed)).unwrap_or(0));
        slot.device = Some(device);
        Ok(())
    }

    pub(super) fn place(&mut self, name: &str) -> PathBuf {
        self.copies += 1;
        self.folder.path().join(format!("{name}.{}", self.copies))
    }
}
