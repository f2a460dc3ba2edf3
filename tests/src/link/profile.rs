//! The states a line can be in.

use serde::{Deserialize, Serialize};

/// Whether there is signal, and how good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// No signal: what is open is reset, and so is every new connection.
    Down,
    /// Signal of the given quality.
    Up(Profile),
}

/// The quality of a line that is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Payload bits per second, each way, shared by all connections. 0 counts as 1.
    pub rate_bps: u64,
    /// Round trip in milliseconds: half of it each way, and one whole for the handshake.
    #[serde(default)]
    pub delay_ms: u64,
    /// Shortest and longest time between two cuts, in milliseconds. `None`: never cut.
    #[serde(default)]
    pub cut_ms: Option<(u64, u64)>,
}

impl Profile {
    /// The village at noon: 128 kbit/s, 600 ms, cut every 3 to 8 s.
    pub const VILLAGE: Self = Self {
        rate_bps: 128_000,
        delay_ms: 600,
        cut_ms: Some((3_000, 8_000)),
    };
    /// The station's Wi-Fi: 50 Mbit/s, 4 ms, cut every 2 to 5 s.
    pub const STATION_WIFI: Self = Self {
        rate_bps: 50_000_000,
        delay_ms: 4,
        cut_ms: Some((2_000, 5_000)),
    };
    /// A line that adds nothing a test could notice: 10 Gbit/s, no delay, no cuts.
    pub const CLEAR: Self = Self {
        rate_bps: 10_000_000_000,
        delay_ms: 0,
        cut_ms: None,
    };
}
