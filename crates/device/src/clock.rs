//! Time and randomness as they come into the core: injected once, when the device is opened, so that
//! a played day and a test use the same code as a phone.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// What a phone knows about time.
pub trait Clock: Send + Sync {
    /// Wall clock, milliseconds UTC. May jump in either direction.
    fn wall_ms(&self) -> i64;
    /// Milliseconds since boot, running on while the phone sleeps. Never goes back within one boot.
    fn boottime_ms(&self) -> i64;
    /// Names the boot; where the system hides it, a random id per process start, marked `p-`.
    fn boot_id(&self) -> String;
}

/// Where random bytes come from.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    ///
    /// # Errors
    /// The system has no randomness to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no randomness")]
pub struct EntropyError;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(|_| EntropyError)
    }
}

/// The operating system's clocks.
#[derive(Clone, Debug)]
pub struct SystemClock {
    boot: String,
}

impl SystemClock {
    /// Reads the boot id once.
    ///
    /// # Errors
    /// The boot id is hidden and there is no randomness to replace it.
    pub fn start(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let boot = match told.trim() {
            "" => {
                let mut bytes = [0; 8];
                entropy.fill(&mut bytes)?;
                format!("p-{}", hex::encode(bytes))
            }
            id => id.to_owned(),
        };
        Ok(Self { boot })
    }
}

impl Clock for SystemClock {
    fn wall_ms(&self) -> i64 {
        system_wall_ms()
    }

    fn boottime_ms(&self) -> i64 {
        // Not `Instant`: that one stands still while a phone sleeps.
        let at = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        at.tv_sec * 1000 + at.tv_nsec / 1_000_000
    }

    fn boot_id(&self) -> String {
        self.boot.clone()
    }
}

/// A clock that is a fixed distance from the system's: a played day. Its boot time follows its wall
/// clock, so that both run forward together when the day is moved on.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    offset: AtomicI64,
}

impl ShiftedClock {
    /// A boot before any played day.
    const BOOT_WALL_MS: i64 = 1_700_000_000_000;

    /// A clock that shows `wall_ms` now and runs on from there.
    pub fn showing(wall_ms: i64) -> Self {
        Self {
            offset: AtomicI64::new(wall_ms - system_wall_ms()),
        }
    }

    /// Moves the clock so that it shows `wall_ms` now.
    pub fn show(&self, wall_ms: i64) {
        self.shift(wall_ms - system_wall_ms());
    }

    /// Sets the distance from the system's clock.
    pub fn shift(&self, offset_ms: i64) {
        self.offset.store(offset_ms, Ordering::Relaxed);
    }
}

impl Clock for ShiftedClock {
    fn wall_ms(&self) -> i64 {
        system_wall_ms() + self.offset.load(Ordering::Relaxed)
    }

    fn boottime_ms(&self) -> i64 {
        self.wall_ms() - Self::BOOT_WALL_MS
    }

    fn boot_id(&self) -> String {
        "played".to_owned()
    }
}

/// A new id: UUIDv7 of the wall clock and random bytes.
///
/// # Errors
/// The system has no randomness to give.
pub fn new_id(clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Uuid, EntropyError> {
    let mut random = [0; 10];
    entropy.fill(&mut random)?;
    let millis = u64::try_from(clock.wall_ms()).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// The system's wall clock; 0 for a phone that believes to live before 1970.
fn system_wall_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_carry_the_clock_and_differ() {
        let clock = ShiftedClock::showing(1_760_000_000_000);
        let (a, b) = (
            new_id(&clock, &SystemEntropy).unwrap(),
            new_id(&clock, &SystemEntropy).unwrap(),
        );
        assert_ne!(a, b);
        assert_eq!(a.get_version_num(), 7);
        let (seconds, _) = a.get_timestamp().unwrap().to_unix();
        assert_eq!(seconds, 1_760_000_000);
    }

    #[test]
    fn boot_time_runs_on_when_the_day_is_moved() {
        let clock = ShiftedClock::showing(1_760_000_000_000);
        let before = clock.boottime_ms();
        clock.show(1_760_000_600_000);
        // Each line takes its own moment; a second is more than the moments between them.
        assert!(clock.boottime_ms() >= before + 599_000);
    }
}
