//! Trials on worlds of their own: a seed each, on copies of one county. One in ten is played a second time with
//! the same seed: nothing may happen otherwise.

use crate::market::Step;
use crate::reliability::{Count, Plan};
use crate::sim::checks::Found;
use crate::sim::image::Image;

/// One in so many trials is played twice, the first among them.
pub const TWICE: u64 = 10;

/// Plays seed after seed until the plan is done or something is wrong. A trial that does not come to its
/// end is as bad as a loss.
///
/// # Errors
/// The county could not be made.
pub fn each(plan: &Plan, trial: impl FnMut(&Image, u64) -> Step<Found>) -> Step<Count> {
    on(&Image::make()?, plan, trial)
}

/// The same on this county.
///
/// # Errors
/// None of its own.
pub fn on(
    image: &Image,
    plan: &Plan,
    mut trial: impl FnMut(&Image, u64) -> Step<Found>,
) -> Step<Count> {
    played(plan, |nth, seed| {
        let (mut found, again) = repeated(image, nth, || trial(image, seed))?;
        found.wrong.extend(again);
        Ok(found)
    })
}

/// The same, where trials have processes of their own: those are killed after so many milliseconds of this machine,
/// and have come further the second time or less far.
///
/// # Errors
/// The county could not be made.
pub fn once(plan: &Plan, mut trial: impl FnMut(&Image, u64) -> Step<Found>) -> Step<Count> {
    let image = Image::make()?;
    played(plan, |_, seed| trial(&image, seed))
}

/// Plays a trial, and where its turn has come once more; says whether anything happened otherwise.
///
/// # Errors
/// Those of the trial.
pub fn repeated<T>(
    image: &Image,
    nth: u64,
    mut trial: impl FnMut() -> Step<T>,
) -> Step<(T, Option<String>)> {
    image.take_traces();
    let first = trial()?;
    if !nth.is_multiple_of(TWICE) {
        return Ok((first, None));
    }
    let traces = image.take_traces();
    trial()?;
    let differs = traces.is_empty() || image.take_traces() != traces;
    Ok((first, differs.then(|| "has two traces".to_owned())))
}

fn played(plan: &Plan, mut trial: impl FnMut(u64, u64) -> Step<Found>) -> Step<Count> {
    let mut count = Count::default();
    for (nth, seed) in (0..plan.trials).zip(plan.seed..) {
        let found = trial(nth, seed).unwrap_or_else(|stopped| Found {
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

#[cfg(test)]
mod tests {
    use super::repeated;
    use crate::sim::image::Image;
    use crate::sim::world::World;

    #[test]
    fn a_trial_that_goes_otherwise_the_second_time_is_noticed() {
        let image = Image::larger(0, 1).unwrap();
        let mut times = 0;
        let mut one = |nth, forgetful: bool| {
            repeated(&image, nth, || {
                let world = World::begin(&image, 1, 1)?;
                times += u64::from(!forgetful);
                world.net.note(&format!("the {times}th time"));
                Ok(())
            })
            .unwrap()
            .1
        };
        assert_eq!(one(0, true), None);
        assert_eq!(one(10, false).as_deref(), Some("has two traces"));
        assert_eq!(one(11, false), None, "played once");
    }
}
