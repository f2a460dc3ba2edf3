//! The points of a commit, and a watch that can stop one there: the conformance suite crashes at
//! each of them. Outside tests nothing watches.

use super::error::StoreError;
use std::sync::Arc;

/// How far a commit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitPoint {
    /// The log has moved and everything read is as it was.
    Log,
    /// Changes, head signature and receipt are written.
    Changes,
    /// Records and derived rows are written.
    Records,
    /// Feeds have their positions.
    Feeds,
    /// Verdicts are written: COMMIT is next.
    Verdicts,
    /// It is durable; the answer is not given yet.
    Committed,
}

impl CommitPoint {
    /// Every point, in order.
    pub const ALL: [Self; 6] = [
        Self::Log,
        Self::Changes,
        Self::Records,
        Self::Feeds,
        Self::Verdicts,
        Self::Committed,
    ];
}

/// Asked at every point; `true` ends the commit there, as a kill would.
pub type Stop = dyn Fn(CommitPoint) -> bool + Send + Sync;

/// Who watches, if anybody.
#[derive(Clone, Default)]
pub(super) struct Watch(pub(super) Option<Arc<Stop>>);

impl Watch {
    /// Says that a point is reached.
    pub(super) fn passed(&self, point: CommitPoint) -> Result<(), StoreError> {
        match &self.0 {
            Some(stop) if stop(point) => Err(StoreError::Closed),
            _ => Ok(()),
        }
    }
}
