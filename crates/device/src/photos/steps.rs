//! Names of the places between which a photo can be cut short, so that tests end the program at each.

/// A place in the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The row *capture expected* is committed; the camera may open.
    Expected,
    /// The new file exists and is empty.
    Begun,
    /// Some of it is written.
    Writing,
    /// All of it is written and synced, under a name of its own.
    Written,
    /// It lies under the hash of its bytes.
    Named,
    /// Hash, size and clock reading are committed: the photo counts as saved.
    Committed,
    /// The camera's clear file is gone.
    Cleared,
    /// Thumbnail and copy are made, not yet named in a row.
    Derived,
    /// Their rows are committed.
    DerivedCommitted,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Expected,
        Self::Begun,
        Self::Writing,
        Self::Written,
        Self::Named,
        Self::Committed,
        Self::Cleared,
        Self::Derived,
        Self::DerivedCommitted,
    ];
}

/// Told after each step. Does nothing outside tests.
pub type Watch = dyn Fn(Step) + Send + Sync;

/// A watch that does nothing.
pub fn unwatched(_: Step) {}
