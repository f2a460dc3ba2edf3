//! Trials on worlds of their own: a seed each, on copies of one county.

use crate::market::Step;
use crate::reliability::{Count, Plan};
use crate::sim::checks::Found;
use crate::sim::image::Image;

/// Plays seed after seed until the plan is done or something is wrong. A trial that does not come to its
/// end is as bad as a loss.
///
/// # Errors
/// The county could not be made.
pub fn each(plan: &Plan, mut trial: impl FnMut(&Image, u64) -> Step<Found>) -> Step<Count> {
    let image = Image::make()?;
    let mut count = Count::default();
    for seed in (plan.seed..).take(usize::try_from(plan.trials).unwrap_or(usize::MAX)) {
        let found = trial(&image, seed).unwrap_or_else(|stopped| Found {
            wrong: vec![stopped.to_string()],
            ..Found::default()
        });
        count.add(counted(seed, &found));
        if !count.wrong.is_empty() {
            break;
        }
    }
    Ok(count)
}

fn counted(seed: u64, found: &Found) -> Count {
    let wrong = found.wrong.iter();
    Count {
        trials: 1,
        lost: found.lost,
        doubled: found.doubled,
        wrong: wrong.map(|w| format!("seed {seed}: {w}")).collect(),
        ..Count::default()
    }
}
