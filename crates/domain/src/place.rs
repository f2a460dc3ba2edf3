//! The place of a visit: which fix may stand on a record, which of two is the better one, and what is said of
//! it. A fix is a help, never a condition: a visit without one is as good as any other.

use crate::mask::{self, Audience};
use crate::time::{GeoFix, Millis};
use crate::words::words;
use serde::{Deserialize, Serialize};

/// A fix older than this when it was used may be of the last stall.
pub const STALE_MS: i64 = 2 * 60 * 1000;
/// The place where a visit *began*: later than this after its start none is taken any more.
pub const BEGINS_MS: i64 = 10 * 60 * 1000;
/// Exact enough to stop asking.
pub const GOOD_CM: i64 = 30 * 100;
/// Around 0° N 0° E lies the sea and every receiver that has nothing to say; 1e-7 degrees.
const NOWHERE_E7: i64 = 10_000;

words!(/// What measured a position.
FixSource {
    /// 卫星.
    Satellite = "卫星",
    /// Masts and wireless networks.
    Network = "网络",
    /// Whatever the system thought best.
    Fused = "综合",
});

words!(/// Why there is no fix.
NoFix {
    /// This machine has no receiver.
    NoSource = "本机没有定位功能",
    /// 定位服务 is switched off.
    Off = "手机的定位服务没有打开",
    /// The person did not allow it.
    Denied = "没有允许巡集使用位置",
    /// The receiver gave none in time.
    NotFound = "一时没有定到",
});

/// What a receiver said, before it is known how old it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawFix {
    /// Latitude in 1e-7 degrees, WGS-84.
    pub lat_e7: i64,
    /// Longitude in 1e-7 degrees, WGS-84.
    pub lon_e7: i64,
    /// Radius of the estimate in centimetres.
    pub accuracy_cm: i64,
    /// When it was measured, by the receiver's clock.
    pub at: Millis,
    /// What measured it, where it is known.
    #[serde(default)]
    pub source: Option<FixSource>,
    /// Whether a program stood in for the receiver, where it is known.
    #[serde(default)]
    pub mock: Option<bool>,
}

impl RawFix {
    /// The fix as it is recorded. Receivers tell the time by satellite or by the phone; where the two differ, the
    /// one that makes the fix younger is the one it was told by.
    #[must_use]
    pub fn used_at(&self, wall: Millis, right: Millis) -> GeoFix {
        let age = |now: Millis| now.0.saturating_sub(self.at.0).saturating_abs();
        GeoFix {
            lat_e7: self.lat_e7,
            lon_e7: self.lon_e7,
            accuracy_cm: self.accuracy_cm,
            age_ms: age(wall).min(age(right)),
            source: self.source,
            mock: self.mock,
        }
    }
}

impl GeoFix {
    /// Whether it names a place on Earth, and how exactly. (0, 0) is what a receiver without a fix says.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let nowhere =
            self.lat_e7.saturating_abs() < NOWHERE_E7 && self.lon_e7.saturating_abs() < NOWHERE_E7;
        !nowhere
            && (-900_000_000..=900_000_000).contains(&self.lat_e7)
            && (-1_800_000_000..=1_800_000_000).contains(&self.lon_e7)
            && self.accuracy_cm > 0
            && self.age_ms >= 0
    }

    /// Whether it was measured too long before it was used.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.age_ms > STALE_MS
    }

    /// Whether it says more than another: measured beats made up, fresh beats old, then the smaller circle.
    #[must_use]
    pub fn is_better_than(&self, other: &Self) -> bool {
        let rank = |fix: &Self| (fix.mock == Some(true), fix.is_stale(), fix.accuracy_cm);
        rank(self) < rank(other)
    }

    /// `36.1234567, 117.5678901，误差约 8 米（卫星）`, as far as this audience may see it.
    #[must_use]
    pub fn text(&self, audience: Audience) -> Option<String> {
        if !self.is_sound() {
            return Some("定位无效".to_owned());
        }
        let place = mask::position(self, audience)?;
        let by = self
            .source
            .map_or_else(String::new, |s| format!("（{}）", s.label()));
        Some(format!("{place}，误差{}{by}", distance(self.accuracy_cm)))
    }

    /// What is to be said beside it: 模拟位置, 旧位置, 误差大.
    #[must_use]
    pub fn marks(&self) -> Vec<String> {
        let mut marks = Vec::new();
        if self.mock == Some(true) {
            marks.push("模拟位置，不是接收机测得".to_owned());
        }
        if self.is_stale() {
            marks.push(format!("{} 分钟前的旧位置", self.age_ms / 60_000));
        }
        marks
    }
}

/// `约 8 米`, `约 1.2 公里`; never nearer than it is.
fn distance(cm: i64) -> String {
    let metres = cm.saturating_add(99) / 100;
    if metres < 1000 {
        return format!("约 {metres} 米");
    }
    let tenths = metres.saturating_add(99) / 100;
    format!("约 {}.{} 公里", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(lat_e7: i64, lon_e7: i64, accuracy_cm: i64, age_ms: i64) -> GeoFix {
        GeoFix {
            lat_e7,
            lon_e7,
            accuracy_cm,
            age_ms,
            source: None,
            mock: None,
        }
    }

    #[test]
    fn what_is_no_place_is_not_taken() {
        let sound = fix(361_234_567, 1_175_678_901, 800, 0);
        assert!(sound.is_sound());
        assert!(
            fix(0, 1_175_678_901, 800, 0).is_sound(),
            "the equator is a place"
        );
        for bad in [
            fix(0, 0, 800, 0),
            fix(9_999, -9_999, 800, 0),
            fix(900_000_001, 1, 800, 0),
            fix(1_000_000, 1_800_000_001, 800, 0),
            fix(i64::MIN, i64::MIN, 800, 0),
            GeoFix {
                accuracy_cm: 0,
                ..sound.clone()
            },
            GeoFix {
                age_ms: -1,
                ..sound.clone()
            },
        ] {
            assert!(!bad.is_sound(), "{bad:?}");
            assert_eq!(bad.text(Audience::Device).as_deref(), Some("定位无效"));
        }
    }

    #[test]
    fn measured_beats_made_up_fresh_beats_old_near_beats_far() {
        let near = fix(1, 1_175_678_901, 500, 0);
        let far = GeoFix {
            accuracy_cm: 90_000,
            ..near.clone()
        };
        let old = GeoFix {
            age_ms: STALE_MS + 1,
            ..near.clone()
        };
        let made_up = GeoFix {
            mock: Some(true),
            ..near.clone()
        };
        for (better, worse) in [(&near, &far), (&far, &old), (&old, &made_up)] {
            assert!(better.is_better_than(worse));
            assert!(!worse.is_better_than(better));
        }
        assert!(!near.is_better_than(&near), "the first one stays");
    }

    #[test]
    fn a_clock_that_is_off_does_not_make_a_fix_old() {
        let raw = RawFix {
            lat_e7: 361_234_567,
            lon_e7: 1_175_678_901,
            accuracy_cm: 800,
            at: Millis(10_000_000),
            source: None,
            mock: None,
        };
        // The phone is an hour ahead and knows it; the satellites tell the right time.
        let an_hour = 3_600_000;
        let used = raw.used_at(Millis(10_001_000 + an_hour), Millis(10_001_000));
        assert_eq!(used.age_ms, 1_000);
        let told_by_phone = RawFix {
            at: Millis(10_000_000 + an_hour),
            ..raw
        };
        let used = told_by_phone.used_at(Millis(10_001_000 + an_hour), Millis(10_001_000));
        assert_eq!(used.age_ms, 1_000);
    }

    #[test]
    fn it_says_how_exact_it_is_and_what_is_wrong_with_it() {
        let mut said = fix(361_234_567, 1_175_678_901, 801, 0);
        said.source = Some(FixSource::Satellite);
        let text = |fix: &GeoFix| fix.text(Audience::Device).unwrap_or_default();
        assert_eq!(text(&said), "36.1234567, 117.5678901，误差约 9 米（卫星）");
        assert_eq!(said.text(Audience::Public), None);
        assert!(said.marks().is_empty());
        said.accuracy_cm = 123_400;
        assert!(text(&said).contains("约 1.3 公里"), "{}", text(&said));
        (said.age_ms, said.mock) = (5 * 60_000, Some(true));
        assert_eq!(
            said.marks(),
            ["模拟位置，不是接收机测得", "5 分钟前的旧位置"]
        );
    }

    #[test]
    fn a_fix_of_an_older_phone_keeps_its_bytes() {
        let old = r#"{"accuracy_cm":800,"age_ms":0,"lat_e7":361234567,"lon_e7":1175678901}"#;
        let read: GeoFix = serde_json::from_str(old).unwrap_or_else(|e| unreachable!("{e}"));
        let again = serde_json::to_value(&read).unwrap_or_default();
        assert_eq!(
            again,
            serde_json::from_str::<serde_json::Value>(old).unwrap_or_default()
        );
    }
}
