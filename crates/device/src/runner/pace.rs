//! How long to wait after a request that failed.

use crate::clock::Entropy;
use crate::sync::errors::{After, Fault};
use std::time::Duration;

/// Counts failures in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    failures: u32,
}

impl Pace {
    /// A request passed.
    pub fn passed(&mut self) {
        self.failures = 0;
    }

    /// The pause after one more failure: doubled each time up to `longest`, half to one and a half times
    /// of it at random, so that the phones of a market do not come back in step.
    pub fn pause(&mut self, fault: &Fault, entropy: &dyn Entropy, longest: Duration) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let first = match (fault, fault.after()) {
            // A word of the server's tells what to do: done at once, unless it does not help.
            (_, After::NewToken | After::ResendFrom(_)) | (Fault::TooLarge, _) => 20,
            // The next connection often stands at once.
            (Fault::Cut, _) => 200,
            _ => 500,
        };
        let doubled = first * (1_u64 << (self.failures - 1).min(12));
        let capped = doubled.min(u64::try_from(longest.as_millis()).unwrap_or(u64::MAX));
        Duration::from_millis(capped / 2 + capped * random_byte(entropy) / 255)
    }
}

fn random_byte(entropy: &dyn Entropy) -> u64 {
    let mut byte = [128];
    // Without randomness the middle is as good as any.
    let _ = entropy.fill(&mut byte);
    u64::from(byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn pauses_grow_up_to_the_longest_and_start_anew_after_success() {
        let mut pace = Pace::default();
        let longest = Duration::from_secs(8);
        for failures in 0..20 {
            let pause = pace.pause(&Fault::NoSignal, &SystemEntropy, longest);
            let middle = (500_u64 << failures.min(10)).min(8000);
            let pause = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            assert!(
                (middle / 2..=middle * 3 / 2).contains(&pause),
                "{failures}: {pause}"
            );
        }
        pace.passed();
        assert!(pace.pause(&Fault::Cut, &SystemEntropy, longest) <= Duration::from_millis(300));
    }
}
