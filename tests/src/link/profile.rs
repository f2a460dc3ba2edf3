//! The states a line can be in.

use super::stranger::Stranger;
use serde::{Deserialize, Serialize};

/// Whether there is signal, and how good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// No signal: what is open is reset, and so is every new connection.
    Down,
    /// Signal of the given quality.
    Up(Profile),
    /// Signal, and nothing moves: what is open stays open, and not a byte arrives.
    Stalled,
    /// Somebody else answers, or stands between.
    Strange(Stranger),
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
    /// 2G: 50 kbit/s, 800 ms, cut every 20 to 60 s.
    pub const TWO_G: Self = Self {
        rate_bps: 50_000,
        delay_ms: 800,
        cut_ms: Some((20_000, 60_000)),
    };
    /// Where the signal ends: 64 kbit/s, 600 ms, cut every 10 s.
    pub const EDGE_OF_SIGNAL: Self = Self {
        rate_bps: 64_000,
        delay_ms: 600,
        cut_ms: Some((10_000, 10_000)),
    };
    /// A cable in the office: 1 Gbit/s, 1 ms, never cut.
    pub const LAN: Self = Self {
        rate_bps: 1_000_000_000,
        delay_ms: 1,
        cut_ms: None,
    };
    /// The profiles that have a name.
    pub const NAMED: [(&'static str, Self); 5] = [
        ("2g", Self::TWO_G),
        ("edge-of-signal", Self::EDGE_OF_SIGNAL),
        ("village", Self::VILLAGE),
        ("flaky-wifi", Self::STATION_WIFI),
        ("lan", Self::LAN),
    ];

    /// The profile of this name; without one, the names there are.
    ///
    /// # Errors
    /// The names, for a message.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = Self::NAMED.iter().find(|(known, _)| *known == name);
        found.map(|(_, profile)| *profile).ok_or_else(|| {
            let names: Vec<_> = Self::NAMED.iter().map(|(known, _)| *known).collect();
            format!("no profile {name}; there are {}", names.join(", "))
        })
    }

    /// A line that adds nothing a test could notice: 10 Gbit/s, no delay, no cuts.
    pub const CLEAR: Self = Self {
        rate_bps: 10_000_000_000,
        delay_ms: 0,
        cut_ms: None,
    };
}
