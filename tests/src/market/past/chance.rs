//! Choosing with the seed: whole numbers only, so that every machine chooses alike.

use crate::link::schedule::SplitMix;

/// One of several; `None` of none.
pub fn one<'a, T>(random: &mut SplitMix, of: &'a [T]) -> Option<&'a T> {
    let last = u64::try_from(of.len().checked_sub(1)?).ok()?;
    of.get(usize::try_from(random.between(0, last)).ok()?)
}

/// True in so many of a hundred cases.
pub fn percent(random: &mut SplitMix, share: u64) -> bool {
    random.between(1, 100) <= share
}

/// The position of one of several weights, heavy ones more often; `None` when all are 0.
pub fn weighted(random: &mut SplitMix, weights: &[u64]) -> Option<usize> {
    let all: u64 = weights.iter().sum();
    let mut at = random.between(1, all.max(1));
    if all == 0 {
        return None;
    }
    weights.iter().position(|weight| {
        let here = at <= *weight;
        at = at.saturating_sub(*weight);
        here
    })
}

/// Mixes the order.
pub fn shuffle<T>(random: &mut SplitMix, items: &mut [T]) {
    for at in (1..items.len()).rev() {
        let other = usize::try_from(random.between(0, at as u64)).unwrap_or(at);
        items.swap(at, other);
    }
}
