//! When the line is cut: a sequence that depends on the seed alone.

use std::sync::Arc;
use std::time::Duration;

use super::profile::{Line, Profile};
use super::shared::Shared;

/// splitmix64: one word of state, every seed a good one, and the same numbers for ever.
#[derive(Debug, Clone)]
pub struct SplitMix(u64);

impl SplitMix {
    /// Starts the sequence of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low).saturating_add(1);
        low + self.next_u64() % span
    }
}

/// The waits between cuts, in milliseconds, without end.
pub fn waits(seed: u64, (shortest, longest): (u64, u64)) -> impl Iterator<Item = u64> {
    let mut random = SplitMix::new(seed);
    std::iter::repeat_with(move || random.between(shortest, longest))
}

/// Cuts as the profile says, until the link is dropped. A change of the line starts a new wait;
/// the sequence itself is never rewound.
pub(super) async fn cut_by_schedule(shared: Arc<Shared>, seed: u64) {
    let mut random = SplitMix::new(seed);
    let mut line = shared.watch_line();
    loop {
        let range = match *line.borrow_and_update() {
            Line::Up(Profile { cut_ms, .. }) => cut_ms,
            _ => None,
        };
        let Some((shortest, longest)) = range else {
            if line.changed().await.is_err() {
                return;
            }
            continue;
        };
        let wait = random.between(shortest, longest);
        shared.note_wait(wait);
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait)) => { shared.cut(); }
            changed = line.changed() => if changed.is_err() { return },
        }
    }
}
