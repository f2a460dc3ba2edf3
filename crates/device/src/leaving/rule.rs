//! What may leave a phone and when, pure. Ages are server time between receipts: whatever a phone's own clock
//! says moves nothing.
//!
//! | what | leaves when |
//! |---|---|
//! | an original | every change and file of its record has a receipt, the mirror has passed them, nothing of it is in work or sent back, a verified backup holds the last of these receipts, and that one is 7 days old |
//! | a change, with the form of its record | the same for the change and its record, 30 days; only from the front of its log, and every change of a record together |
//!
//! What waits for a person stays, and so does everything behind it in its log.

use crate::store::local::leaving::{ChangeFact, RecordFact};
use xunji_domain::time::Millis;
use xunji_protocol::guard::Guard;

/// What the server said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The newest time it put into a receipt.
    pub now: Millis,
    /// Everything receipted up to this time is in a verified backup; `None` without one.
    pub through: Option<Millis>,
    /// The bureau does not wait for a backup.
    pub waived: bool,
}

impl Word {
    /// Whether what was receipted then may leave after so many milliseconds.
    pub fn lets_go(&self, received: Millis, stays_ms: i64) -> bool {
        let held = self.waived
            || !Guard::BackedUp.stands()
            || self.through.is_some_and(|through| received <= through);
        held && self.now.0.saturating_sub(received.0) >= stays_ms
    }
}

/// Since when the server has had all of a record; `None` while something of it is on its way, waits for
/// somebody, or is in work here.
pub fn whole_since(record: &RecordFact) -> Option<Millis> {
    if !record.finished || record.changes.is_empty() {
        return None;
    }
    let changes = record.changes.iter().map(received);
    changes
        .chain(record.files.iter().copied())
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
}

/// Server time of the receipt of a change that is settled.
pub fn received(change: &ChangeFact) -> Option<Millis> {
    change.received.filter(|_| change.settled)
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
