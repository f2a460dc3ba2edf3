//! The server's clock: the system's wall clock, shifted where a played day asks for it. The only
//! place that reads the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use xunji_domain::time::{CHINA_OFFSET_MIN, ClockReading, Millis};

/// A clock with an offset, and the boot it belongs to.
#[derive(Clone, Debug)]
pub struct ServerClock {
    source: Source,
    started: Instant,
    boot: String,
}

#[derive(Clone, Debug)]
enum Source {
    /// The system's, so many milliseconds ahead.
    System(i64),
    /// What a simulation says, milliseconds UTC.
    Told(Arc<AtomicI64>),
}

impl ServerClock {
    /// A clock that runs `offset_ms` ahead of the system's. `boot` names this process start.
    pub fn new(offset_ms: i64, boot: String) -> Self {
        Self {
            source: Source::System(offset_ms),
            started: Instant::now(),
            boot,
        }
    }

    /// A clock that shows what it is told, in milliseconds UTC.
    pub fn told(wall: Arc<AtomicI64>, boot: String) -> Self {
        Self {
            source: Source::Told(wall),
            started: Instant::now(),
            boot,
        }
    }

    /// Now, UTC.
    pub fn now(&self) -> Millis {
        let offset_ms = match &self.source {
            Source::Told(wall) => return Millis(wall.load(Ordering::Relaxed)),
            Source::System(offset_ms) => *offset_ms,
        };
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_millis());
        Millis(
            i64::try_from(since)
                .unwrap_or(i64::MAX)
                .saturating_add(offset_ms),
        )
    }

    /// The system's own time, never shifted: what a disk writes on its files.
    pub fn system(&self) -> SystemTime {
        SystemTime::now()
    }

    /// How far it is shifted, in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        match self.source {
            Source::System(offset_ms) => offset_ms,
            Source::Told(_) => 0,
        }
    }

    fn boottime_ms(&self) -> i64 {
        match &self.source {
            // Told time is the only time there is.
            Source::Told(wall) => wall.load(Ordering::Relaxed),
            Source::System(_) => {
                i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
            }
        }
    }

    /// The reading that stands in the server's own changes.
    pub fn reading(&self) -> ClockReading {
        ClockReading {
            wall: self.now(),
            zone: CHINA_OFFSET_MIN,
            boottime: self.boottime_ms(),
            boot: self.boot.clone(),
            server_offset: Some(0),
            server_offset_age: Some(0),
            unlock: None,
        }
    }
}
