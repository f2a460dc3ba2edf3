//! A slow link in virtual time: a rate, a latency, and minutes in which there is no signal at all.

/// What a link can do.
#[derive(Clone, Copy, Debug)]
pub struct Slow {
    /// Bits a second.
    pub rate: u64,
    /// Milliseconds from a request's first byte to its answer, beside its own length.
    pub latency_ms: i64,
    /// Milliseconds with signal, then without.
    pub up_ms: i64,
    /// Milliseconds without signal.
    pub down_ms: i64,
}

/// How a request fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// There is no signal; the phone finds out after so many milliseconds.
    NoSignal(i64),
    /// It is answered after so many milliseconds.
    Through(i64),
    /// The signal goes after so many milliseconds; so many bytes had left the phone.
    Ends(i64, u64),
}

/// A phone without signal notices at once.
const NOTICED_MS: i64 = 50;

impl Slow {
    /// A request of so many bytes that begins now.
    pub fn way(&self, now: i64, bytes: u64) -> Way {
        let phase = now.rem_euclid(self.up_ms + self.down_ms);
        if phase >= self.up_ms {
            return Way::NoSignal(NOTICED_MS);
        }
        let sending = i64::try_from(bytes * 8_000 / self.rate.max(1)).unwrap_or(i64::MAX);
        let left = self.up_ms - phase;
        if sending.saturating_add(self.latency_ms) <= left {
            return Way::Through(sending + self.latency_ms);
        }
        let sent = u64::try_from(left).unwrap_or(0) * self.rate / 8_000;
        Way::Ends(left, sent.min(bytes))
    }

    /// Bytes that the link could carry between two moments.
    pub fn capacity(&self, from: i64, to: i64) -> u64 {
        let up_until = |at: i64| {
            let (whole, rest) = (
                self.up_ms + self.down_ms,
                at.rem_euclid(self.up_ms + self.down_ms),
            );
            at.div_euclid(whole) * self.up_ms + rest.min(self.up_ms)
        };
        u64::try_from(up_until(to) - up_until(from)).unwrap_or(0) * self.rate / 8_000
    }
}

#[cfg(test)]
mod tests {
    use super::{Slow, Way};

    const LINK: Slow = Slow {
        rate: 8_000,
        latency_ms: 800,
        up_ms: 60_000,
        down_ms: 60_000,
    };

    #[test]
    fn a_request_is_through_or_ends_with_the_signal() {
        assert_eq!(LINK.way(0, 1_000), Way::Through(1_800));
        assert_eq!(LINK.way(59_000, 5_000), Way::Ends(1_000, 1_000));
        assert_eq!(LINK.way(60_000, 1), Way::NoSignal(50));
    }

    #[test]
    fn only_time_with_signal_counts() {
        assert_eq!(LINK.capacity(0, 60_000), 60_000);
        assert_eq!(LINK.capacity(0, 120_000), 60_000);
        assert_eq!(LINK.capacity(30_000, 150_000), 60_000);
    }
}
