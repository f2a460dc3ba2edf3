//! The token bucket: when the next bytes may go on the line.

use std::time::Duration;

use tokio::time::Instant;

/// How much unused time the bucket keeps. It lets a late timer be made good, so that the mean
/// rate is the asked one, and is too short to be a burst anyone could measure.
const DEPTH: Duration = Duration::from_millis(20);

/// Largest chunk a connection may reserve: bounds both memory and unfairness.
const LARGEST_CHUNK: u64 = 16 * 1024;

/// One direction's bucket, shared by all connections of a link.
#[derive(Debug)]
pub(super) struct Bucket {
    free_at: Instant,
}

impl Bucket {
    pub(super) fn new() -> Self {
        Self {
            free_at: Instant::now(),
        }
    }

    /// Takes the line for `len` bytes and says when the last of them has left.
    pub(super) fn reserve(&mut self, now: Instant, len: usize, rate_bps: u64) -> Instant {
        let earliest = now.checked_sub(DEPTH).unwrap_or(now);
        self.free_at = self.free_at.max(earliest) + duration_of(len, rate_bps);
        self.free_at
    }
}

/// The largest chunk that keeps the line busy for no longer than about 20 ms, so that
/// connections share a slow line fairly and a change of profile is felt at once.
pub(super) fn chunk_len(rate_bps: u64) -> usize {
    let len = (rate_bps / 8 / 50).clamp(64, LARGEST_CHUNK);
    usize::try_from(len).unwrap_or(64)
}

fn duration_of(len: usize, rate_bps: u64) -> Duration {
    let nanos = (len as u128 * 8 * 1_000_000_000) / u128::from(rate_bps.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX / 4))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However the bytes are cut into chunks and however late the timer fires, a busy line
        /// takes as long as its rate says, less at most one depth of the bucket.
        #[test]
        fn a_busy_line_holds_its_rate(
            chunks in prop::collection::vec((1_usize..20_000, 0_u64..15), 1..200),
            rate in 1_000_u64..100_000_000,
        ) {
            let start = Instant::now();
            let mut bucket = Bucket { free_at: start };
            let mut now = start;
            let mut total = 0;
            for (len, late_ms) in chunks {
                total += len;
                now = bucket.reserve(now, len, rate) + Duration::from_millis(late_ms);
            }
            let took = bucket.free_at - start;
            let exact = Duration::from_secs_f64(total as f64 * 8.0 / rate as f64);
            prop_assert!(took + Duration::from_micros(1) >= exact);
            prop_assert!(took <= exact + Duration::from_micros(1));
        }

        #[test]
        fn an_idle_line_saves_up_no_more_than_its_depth(idle_ms in 0_u64..100_000) {
            let start = Instant::now();
            let mut bucket = Bucket { free_at: start };
            let now = start + Duration::from_millis(idle_ms);
            let free_at = bucket.reserve(now, 1_000, 8_000);
            prop_assert!(free_at + DEPTH >= now + Duration::from_secs(1));
        }
    }

    #[test]
    fn a_chunk_is_never_empty_and_never_long() {
        for rate in [0, 1, 128_000, u64::MAX] {
            assert!((64..=16 * 1024).contains(&chunk_len(rate)));
        }
    }
}
