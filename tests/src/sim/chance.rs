//! Dice of a seed.

use crate::link::schedule::SplitMix;

/// Dice. Every draw depends on the seed and on the draws before it alone.
#[derive(Clone, Debug)]
pub struct Chance(SplitMix);

impl Chance {
    /// The dice of a seed.
    pub fn of(seed: u64) -> Self {
        Self(SplitMix::new(seed))
    }

    /// A number below `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.between(0, end.saturating_sub(1))
    }

    /// An index into something that long.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// Once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }
}
