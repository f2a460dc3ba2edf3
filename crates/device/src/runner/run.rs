//! A run up to a goal, on the caller's thread: for the headless phone, tests and 现在同步 of a face that waits.

use super::engine::Traffic;
use super::pace::Pace;
use super::turn::{Turn, turn};
use crate::api::ApiError;
use crate::device::Device;
use crate::photos::copies::derive_next;
use crate::sync::plan::{Goal, Reason};
use std::time::{Duration, Instant};

/// A person waits: not longer than this between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// How often an idle run looks whether something has changed.
const LOOK: Duration = Duration::from_millis(200);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunReport {
    /// The goal stands.
    pub reached: bool,
    /// Bytes of this process so far.
    pub traffic: Traffic,
}

/// Runs until the goal stands, nothing can be done about it, or the time is over. Faults on the way are
/// waited out; what was the last one is in [`super::sync_state`].
///
/// # Errors
/// Those of the store; the network's are not errors of a run.
pub fn run_until(device: &Device, goal: Goal, max_ms: u64) -> Result<RunReport, ApiError> {
    device.local()?;
    let until = Instant::now() + Duration::from_millis(max_ms);
    if matches!(goal, Goal::Pulled | Goal::All) {
        device.sync.ask_news();
    }
    let mut pace = Pace::default();
    let mut reached = false;
    let mut font = None;
    while Instant::now() < until {
        let pause = match turn(device, Some(goal), Some(until)) {
            Turn::Reached => {
                reached = true;
                break;
            }
            Turn::Passed => {
                pace.passed();
                continue;
            }
            // Only a person or another link helps: a run does not sit these out.
            Turn::Idle(Reason::Done | Reason::NotEnrolled) => break,
            // Where no thread makes copies, the run makes the one it waits for.
            Turn::Idle(Reason::Deriving) => match derive_next(device, &mut font) {
                Ok(true) => continue,
                Ok(false) | Err(_) => LOOK,
            },
            Turn::Idle(Reason::FasterLink | Reason::FreeLink | Reason::Resting) => LOOK,
            Turn::Failed(fault) => pace.pause(&fault, device.entropy.as_ref(), LONGEST_PAUSE),
            Turn::TimeUp => break,
        };
        std::thread::sleep(pause.min(until.saturating_duration_since(Instant::now())));
    }
    Ok(RunReport {
        reached,
        traffic: device.sync.status().traffic,
    })
}
