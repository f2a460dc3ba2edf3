//! Time and randomness as a simulation tells them.

use super::chance::Chance;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use xunji_device::clock::{Clock, Entropy, EntropyError};

/// The one true time of a simulation, milliseconds UTC.
pub type Truth = Arc<AtomicI64>;

/// A phone's clock: the truth, wrong by what somebody set. Boot time is never wrong.
#[derive(Clone, Debug)]
pub struct PhoneClock {
    truth: Truth,
    wrong_by: Arc<AtomicI64>,
    /// A clock that nobody can rely on: it jumps between these at every look.
    jumps: Arc<Mutex<Vec<i64>>>,
    boot: String,
    /// When it was started the last time, by the truth.
    booted: Arc<AtomicI64>,
}

/// Before any simulated day.
const BOOT_MS: i64 = 1_700_000_000_000;

impl PhoneClock {
    /// A clock that is right.
    pub fn right(truth: &Truth, boot: &str) -> Self {
        Self {
            truth: Arc::clone(truth),
            wrong_by: Arc::default(),
            jumps: Arc::default(),
            boot: boot.to_owned(),
            booted: Arc::new(AtomicI64::new(BOOT_MS)),
        }
    }

    /// From now on it jumps to the next of these at every look; with none it stands still again.
    pub fn set_jumps(&self, jumps: Vec<i64>) {
        *self.jumps.lock().unwrap_or_else(PoisonError::into_inner) = jumps;
    }

    /// The phone is switched off and on: another boot, counted from now.
    pub fn reboot(&self) {
        let now = self.truth.load(Ordering::Relaxed);
        self.booted.store(now, Ordering::Relaxed);
    }

    /// The true time of a boot time, by the boot's id.
    pub fn truth_of(boot: &str, boottime: i64) -> Option<i64> {
        let booted: i64 = boot.split_once('@')?.1.parse().ok()?;
        Some(booted + boottime)
    }

    /// Somebody sets the phone's date.
    pub fn set_wrong_by(&self, ms: i64) {
        self.wrong_by.store(ms, Ordering::Relaxed);
    }

    /// How far it is off.
    pub fn wrong_by(&self) -> i64 {
        self.wrong_by.load(Ordering::Relaxed)
    }
}

impl Clock for PhoneClock {
    fn wall_ms(&self) -> i64 {
        let mut jumps = self.jumps.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(next) = jumps.first().copied() {
            jumps.rotate_left(1);
            self.set_wrong_by(next);
        }
        self.truth.load(Ordering::Relaxed) + self.wrong_by()
    }

    fn boottime_ms(&self) -> i64 {
        self.truth.load(Ordering::Relaxed) - self.booted.load(Ordering::Relaxed)
    }

    fn boot_id(&self) -> String {
        format!("{}@{}", self.boot, self.booted.load(Ordering::Relaxed))
    }
}

/// Random bytes of a seed.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<Chance>);

impl SeededEntropy {
    /// The bytes of a seed.
    pub fn of(seed: u64) -> Self {
        Self(Mutex::new(Chance::of(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            for (to, from) in chunk.iter_mut().zip(chance.word().to_le_bytes()) {
                *to = from;
            }
        }
        Ok(())
    }
}
