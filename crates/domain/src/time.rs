//! Instants, local dates and clock readings. No clock is read here: readings come in from outside.

use crate::place::FixSource;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// China Standard Time, minutes east of UTC: the default zone of a station.
pub const CHINA_OFFSET_MIN: i32 = 8 * 60;

/// An instant in milliseconds since 1970 in UTC. Below 2^53, so that canonical JSON holds it exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The wall-clock time at an offset in minutes; `None` outside chrono's range.
    pub fn at_offset(self, offset_min: i32) -> Option<DateTime<FixedOffset>> {
        let zone = FixedOffset::east_opt(offset_min.checked_mul(60)?)?;
        Utc.timestamp_millis_opt(self.0)
            .single()
            .map(|t| t.with_timezone(&zone))
    }

    /// The calendar day at an offset in minutes.
    pub fn date(self, offset_min: i32) -> Option<NaiveDate> {
        self.at_offset(offset_min).map(|t| t.date_naive())
    }

    /// `06:05` at an offset in minutes; `--:--` outside chrono's range.
    pub fn clock_text(self, offset_min: i32) -> String {
        self.at_offset(offset_min)
            .map_or_else(|| "--:--".to_owned(), |t| t.format("%H:%M").to_string())
    }

    /// `2026-10-21 06:05` at an offset in minutes.
    pub fn minute_text(self, offset_min: i32) -> String {
        self.at_offset(offset_min).map_or_else(
            || "----".to_owned(),
            |t| t.format("%Y-%m-%d %H:%M").to_string(),
        )
    }
}

/// A wall clock this far from the server's is off: it may put what happened on another day.
pub const CLOCK_OFF_MS: i64 = 5 * 60 * 1000;

/// What a phone knew about time when something happened. Nothing here is personal (it stands in
/// the envelope, which outlives erasure); a position is in the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    /// Wall clock, UTC.
    pub wall: Millis,
    /// Offset of the phone's zone in minutes east of UTC.
    pub zone: i32,
    /// Milliseconds since boot, running on during sleep.
    pub boottime: i64,
    /// Boot id, or a random id per process start where the system hides it.
    pub boot: String,
    /// Server time minus wall time, as far as the phone could know it from its last contact: a clock that
    /// was set since shows here. `None` before the first contact.
    pub server_offset: Option<i64>,
    /// Age of that offset in milliseconds of boottime; `None` when another boot lies between.
    pub server_offset_age: Option<i64>,
    /// The unlock of the acting person; `None` until PINs exist (the record page says 未设口令).
    pub unlock: Option<String>,
}

impl ClockReading {
    /// How far the wall clock was off, server time minus wall time; `None` while it was right or as far as
    /// nobody could know.
    pub fn off_by(&self) -> Option<i64> {
        self.server_offset
            .filter(|off| off.unsigned_abs() > CLOCK_OFF_MS.unsigned_abs())
    }

    /// The time it was: the wall clock, put right where it was off.
    pub fn time(&self) -> Millis {
        Millis(self.wall.0.saturating_add(self.off_by().unwrap_or(0)))
    }
}

/// A position in WGS-84. Integers because canonical JSON holds no floats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeoFix {
    /// Latitude in 1e-7 degrees.
    pub lat_e7: i64,
    /// Longitude in 1e-7 degrees.
    pub lon_e7: i64,
    /// Radius of the estimate in centimetres.
    pub accuracy_cm: i64,
    /// Age of the fix in milliseconds when it was used.
    pub age_ms: i64,
    /// What measured it; absent where the phone does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<FixSource>,
    /// Whether a program stood in for the receiver; absent where the phone does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock: Option<bool>,
}

/// `20261021`, as record numbers write a day.
pub fn compact_date(date: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::{CLOCK_OFF_MS, ClockReading, Millis};

    fn reading(wall: i64, server_offset: Option<i64>) -> ClockReading {
        ClockReading {
            wall: Millis(wall),
            zone: 480,
            boottime: 0,
            boot: String::new(),
            server_offset,
            server_offset_age: None,
            unlock: None,
        }
    }

    #[test]
    fn only_a_clock_that_is_off_is_put_right() {
        let now = 1_793_136_000_000;
        assert_eq!(reading(now, None).time(), Millis(now));
        assert_eq!(reading(now, Some(CLOCK_OFF_MS)).time(), Millis(now));
        assert_eq!(reading(0, Some(now)).time(), Millis(now));
        assert_eq!(
            reading(now, Some(-CLOCK_OFF_MS - 1)).off_by(),
            Some(-CLOCK_OFF_MS - 1)
        );
        // What comes from outside may be any number.
        assert_eq!(reading(1, Some(i64::MAX)).time(), Millis(i64::MAX));
        assert_eq!(reading(0, Some(i64::MIN)).time(), Millis(i64::MIN));
    }
}
