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
    boot: String,
}

/// Before any simulated day.
const BOOT_MS: i64 = 1_700_000_000_000;

impl PhoneClock {
    /// A clock that is right.
    pub fn right(truth: &Truth, boot: &str) -> Self {
        Self {
            truth: Arc::clone(truth),
            wrong_by: Arc::default(),
            boot: boot.to_owned(),
        }
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
        self.truth.load(Ordering::Relaxed) + self.wrong_by()
    }

    fn boottime_ms(&self) -> i64 {
        self.truth.load(Ordering::Relaxed) - BOOT_MS
    }

    fn boot_id(&self) -> String {
        self.boot.clone()
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
