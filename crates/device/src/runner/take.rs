//! One turn without waiting, for whoever keeps the time: the simulation plays hours in milliseconds.

use super::turn::{Turn, turn};
use crate::api::ApiError;
use crate::device::Device;
use crate::photos::copies::derive_next;
use crate::photos::derive::WatermarkFont;
use crate::sync::errors::Fault;
use crate::sync::plan::{Goal, Reason};
use std::sync::Arc;

/// What one turn did.
#[derive(Clone, Debug, PartialEq)]
pub enum Took {
    /// The goal stands.
    Reached,
    /// A request passed, or a copy was made: the next turn may follow at once.
    Passed,
    /// Nothing can be done now.
    Waits(Reason),
    /// A request failed; the next turn is due after a pause.
    Failed(Fault),
}

/// Takes one turn towards a goal, on the caller's thread. `font` is loaded when the first copy is made
/// and kept by the caller.
///
/// # Errors
/// Those of the store; the network's are not errors of a turn.
pub fn take_turn(
    device: &Device,
    goal: Goal,
    font: &mut Option<Arc<WatermarkFont>>,
) -> Result<Took, ApiError> {
    device.local()?;
    Ok(match turn(device, Some(goal), None) {
        Turn::Reached => Took::Reached,
        Turn::Passed => Took::Passed,
        Turn::Idle(Reason::Deriving) => match derive_next(device, font) {
            Ok(true) => Took::Passed,
            Ok(false) | Err(_) => Took::Waits(Reason::Deriving),
        },
        Turn::Idle(reason) => Took::Waits(reason),
        Turn::Failed(fault) => Took::Failed(fault),
        Turn::TimeUp => Took::Failed(Fault::NoAnswer),
    })
}
