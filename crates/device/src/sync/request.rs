//! The one size rule of every request, and how fast the link is.
//!
//! A request aims at four seconds: short enough that a cut every few seconds lets most of them pass, long
//! enough that the round trip does not dominate.

use std::collections::VecDeque;
use xunji_protocol::limits::{REQUEST_MAX, REQUEST_MIN, REQUEST_START, REQUEST_TARGET_MS};

/// Slower than this, originals wait.
pub const SLOW_BITS_PER_SECOND: u64 = 1_000_000;
/// Over this long.
pub const SLOW_WINDOW_MS: u64 = 30_000;

/// How many bytes the next request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestSize(usize);

impl Default for RequestSize {
    fn default() -> Self {
        Self(REQUEST_START)
    }
}

impl RequestSize {
    /// Bytes.
    pub fn bytes(self) -> usize {
        self.0
    }

    /// After a request that was answered: doubled when it was within the target. A request that was less
    /// than half full says nothing about a full one.
    #[must_use]
    pub fn passed(self, bytes: usize, took_ms: u64) -> Self {
        if took_ms <= REQUEST_TARGET_MS && bytes.saturating_mul(2) >= self.0 {
            Self((self.0.saturating_mul(2)).min(REQUEST_MAX))
        } else {
            self
        }
    }

    /// After a request that did not finish, or was too large for something on the way: halved.
    #[must_use]
    pub fn unfinished(self) -> Self {
        Self((self.0 / 2).max(REQUEST_MIN))
    }
}

/// What the last requests carried.
#[derive(Clone, Debug, Default)]
pub struct Throughput {
    samples: VecDeque<Sample>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    ended_ms: u64,
    took_ms: u64,
    bytes: u64,
}

impl Throughput {
    /// Notes a request that ended at `now_ms` of a clock that never goes back. Requests below the
    /// smallest size are left out: their time is the round trip, not the link. A request that did not
    /// finish counts with the bytes that are known to have arrived.
    pub fn note(&mut self, now_ms: u64, took_ms: u64, asked: u64, arrived: u64) {
        if asked >= REQUEST_MIN as u64 {
            self.samples.push_back(Sample {
                ended_ms: now_ms,
                took_ms,
                bytes: arrived,
            });
        }
        self.samples
            .retain(|s| s.ended_ms + SLOW_WINDOW_MS >= now_ms);
    }

    /// Bits per second while requests were under way; `None` when nothing of the last 30 s tells.
    pub fn bits_per_second(&self, now_ms: u64) -> Option<u64> {
        let recent = self
            .samples
            .iter()
            .filter(|s| s.ended_ms + SLOW_WINDOW_MS >= now_ms);
        let (bytes, took) = recent.fold((0, 0), |(bytes, took), s| {
            (bytes + s.bytes, took + s.took_ms)
        });
        (took > 0).then(|| bytes * 8 * 1000 / took)
    }

    /// Whether originals wait. Where nothing is known they may go: the next request is the measurement,
    /// and what it carries is not lost.
    pub fn is_slow(&self, now_ms: u64) -> bool {
        self.bits_per_second(now_ms)
            .is_some_and(|rate| rate < SLOW_BITS_PER_SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_link_grows_to_the_largest_and_a_bad_one_shrinks_to_the_smallest() {
        let mut size = RequestSize::default();
        assert_eq!(size.bytes(), 16 * 1024);
        let mut seen = vec![];
        for _ in 0..6 {
            size = size.passed(size.bytes(), 500);
            seen.push(size.bytes() / 1024);
        }
        assert_eq!(seen, [32, 64, 128, 256, 256, 256]);
        seen.clear();
        for _ in 0..6 {
            size = size.unfinished();
            seen.push(size.bytes() / 1024);
        }
        assert_eq!(seen, [128, 64, 32, 16, 8, 8]);
    }

    #[test]
    fn slow_or_small_requests_do_not_grow() {
        let size = RequestSize::default();
        assert_eq!(size.passed(size.bytes(), REQUEST_TARGET_MS + 1), size);
        assert_eq!(size.passed(1024, 100), size);
    }

    #[test]
    fn slow_is_measured_over_busy_time_of_the_last_30_seconds() {
        let mut link = Throughput::default();
        assert!(!link.is_slow(0), "nothing known: the next request tells");
        link.note(1_000, 1_000, 16_384, 16_384);
        assert_eq!(link.bits_per_second(1_000), Some(131_072));
        assert!(link.is_slow(30_000));
        assert!(
            !link.is_slow(31_001),
            "an old measurement holds nothing back"
        );
        link.note(40_000, 20, 262_144, 262_144);
        assert!(!link.is_slow(40_000));
        // A hello of a kilobyte over a good link looks slow and says nothing.
        link.note(40_100, 50, 1_000, 1_000);
        assert_eq!(link.bits_per_second(40_100), Some(262_144 * 8 * 1000 / 20));
        // Silence counts: twenty seconds without an answer.
        link.note(60_000, 20_000, 262_144, 0);
        assert!(link.is_slow(60_000));
    }
}
