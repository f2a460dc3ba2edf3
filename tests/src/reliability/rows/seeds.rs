//! Plays seeds of the simulation and counts.

use crate::market::Step;
use crate::reliability::{Count, Plan};
use crate::sim::image::Image;
use crate::sim::play::{Faults, Played, play};

/// One in so many seeds is played a second time: its trace must be the same.
const TWICE: u64 = 10;

/// Plays seed after seed until so many trials were made; `trials` says how many one play was.
///
/// # Errors
/// The county could not be made.
pub fn until(plan: &Plan, faults: Faults, trials: impl Fn(&Played) -> u64) -> Step<Count> {
    let image = Image::make()?;
    let mut count = Count::default();
    for seed in plan.seed.. {
        if count.trials >= plan.trials || !count.wrong.is_empty() {
            break;
        }
        count.add(one(&image, seed, faults, &trials));
    }
    Ok(count)
}

/// One seed. A play that does not come to its end is as bad as a loss, and counts as one trial.
fn one(image: &Image, seed: u64, faults: Faults, trials: &impl Fn(&Played) -> u64) -> Count {
    let wrong = |sentence: String| Count {
        trials: 1,
        wrong: vec![format!("seed {seed}: {sentence}")],
        ..Count::default()
    };
    let played = match play(image, seed, faults) {
        Ok(played) => played,
        Err(stopped) => return wrong(stopped.to_string()),
    };
    let mut count = Count {
        trials: trials(&played).max(1),
        lost: played.found.lost,
        doubled: played.found.doubled,
        ..Count::default()
    };
    let sentences = played.found.wrong.iter();
    count
        .wrong
        .extend(sentences.map(|w| format!("seed {seed}: {w}")));
    if seed.is_multiple_of(TWICE) {
        match play(image, seed, faults) {
            Ok(again) if again.trace == played.trace => {}
            _ => count.wrong.push(format!("seed {seed} has two traces")),
        }
    }
    count
}
