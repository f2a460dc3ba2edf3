//! The place where a visit began, as the face says it.

use serde::Serialize;

/// Whether there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "device.ts")]
pub enum PositionState {
    /// It stands on the record.
    Fix,
    /// The receiver was asked.
    Asking,
    /// There is none.
    Nothing,
    /// The bureau wants none.
    Off,
}

/// The place of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct PositionView {
    /// Whether there is one.
    pub state: PositionState,
    /// For people: place and accuracy, or that there is none and why.
    pub text: String,
    /// What is to be said beside it: made up, old.
    pub marks: Vec<String>,
    /// A fix would still be taken: the shell asks the receiver.
    pub ask: bool,
}
