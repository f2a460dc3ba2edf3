//! The server's clock: the system's wall clock, shifted where a played day asks for it. The only
//! place that reads the time.

use std::time::{Instant, SystemTime, UNIX_EPOCH};
use xunji_domain::time::{CHINA_OFFSET_MIN, ClockReading, Millis};

/// A clock with an offset, and the boot it belongs to.
#[derive(Clone, Debug)]
pub struct ServerClock {
    offset_ms: i64,
    started: Instant,
    boot: String,
}

impl ServerClock {
    /// A clock that runs `offset_ms` ahead of the system's. `boot` names this process start.
    pub fn new(offset_ms: i64, boot: String) -> Self {
        Self {
            offset_ms,
            started: Instant::now(),
            boot,
        }
    }

    /// Now, UTC.
    pub fn now(&self) -> Millis {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_millis());
        Millis(
            i64::try_from(since)
                .unwrap_or(i64::MAX)
                .saturating_add(self.offset_ms),
        )
    }

    /// The system's own time, never shifted: what a disk writes on its files.
    pub fn system(&self) -> SystemTime {
        SystemTime::now()
    }

    /// How far it is shifted, in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms
    }

    /// The reading that stands in the server's own changes.
    pub fn reading(&self) -> ClockReading {
        ClockReading {
            wall: self.now(),
            zone: CHINA_OFFSET_MIN,
            boottime: i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX),
            boot: self.boot.clone(),
            server_offset: Some(0),
            server_offset_age: Some(0),
            unlock: None,
        }
    }
}
