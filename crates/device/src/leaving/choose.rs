//! Which originals, records and changes leave now: rows in, names out.

use super::rule::{Word, received, whole_since};
use crate::store::StoreError;
use crate::store::local::leaving::{self, ChangeFact};
use crate::store::local::{Read, contact, log, receipts};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::limits::{CHANGE_STAYS_MS, ORIGINAL_STAYS_MS};

/// So many changes of a log, and so many originals, leave in one transaction: a tap that waits for it does not
/// wait long.
const AT_ONCE: usize = 100;

/// What leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Originals of records that stay.
    pub originals: Vec<Digest>,
    /// Records whose form leaves.
    pub records: Vec<Uuid>,
    /// Changes, of each log from its front and in order.
    pub changes: Vec<ChangeFact>,
}

impl Leaving {
    /// Whether everything stays.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Chooses. `returned` are records that were sent back.
///
/// # Errors
/// Those of the file.
pub fn choose(read: &Read<'_>, returned: &BTreeSet<Uuid>) -> Result<Leaving, StoreError> {
    let Some(now) = receipts::last_at(read)? else {
        return Ok(Leaving::default());
    };
    let word = Word {
        now,
        through: contact::backed_up_through(read)?,
        waived: contact::backup_waived(read)?,
    };
    let choice = Choice {
        read,
        word,
        returned,
    };
    let changes = choice.changes()?;
    let mut records = BTreeSet::new();
    for change in &changes {
        records.extend(leaving::inspections_of(read, change.hash)?);
    }
    Ok(Leaving {
        originals: choice.originals(&records)?,
        records: records.into_iter().collect(),
        changes,
    })
}

struct Choice<'a, 'c> {
    read: &'a Read<'c>,
    word: Word,
    returned: &'a BTreeSet<Uuid>,
}

impl Choice<'_, '_> {
    /// Originals whose every record lets them go and none of whose records leaves now: those take their files along.
    fn originals(&self, leave: &BTreeSet<Uuid>) -> Result<Vec<Digest>, StoreError> {
        let mut known: BTreeMap<Uuid, bool> = BTreeMap::new();
        let mut found = Vec::new();
        for original in leaving::received_originals(self.read)? {
            let records = leaving::records_of(self.read, original)?;
            if records.iter().any(|record| leave.contains(record)) {
                continue;
            }
            let mut all = !records.is_empty();
            for record in records {
                all &= match known.get(&record) {
                    Some(lets_go) => *lets_go,
                    None => {
                        let lets_go = self.record_lets_go(record, ORIGINAL_STAYS_MS)?;
                        known.insert(record, lets_go);
                        lets_go
                    }
                };
            }
            if all {
                found.push(original);
            }
            if found.len() == AT_ONCE {
                break;
            }
        }
        Ok(found)
    }

    fn record_lets_go(&self, record: Uuid, stays_ms: i64) -> Result<bool, StoreError> {
        if self.returned.contains(&record) {
            return Ok(false);
        }
        let whole = whole_since(&leaving::record(self.read, record)?);
        Ok(whole.is_some_and(|at| self.word.lets_go(at, stays_ms)))
    }

    fn changes(&self) -> Result<Vec<ChangeFact>, StoreError> {
        let mut fronts = BTreeMap::new();
        for row in log::all(self.read)? {
            let log = row.head.log;
            if !row.branched && !leaving::has_losses(self.read, log)? {
                fronts.insert(log, self.front(log)?);
            }
        }
        while let Some((log, seq)) = self.torn(&fronts)? {
            if let Some(front) = fronts.get_mut(&log) {
                front.retain(|change| change.seq < seq);
            }
        }
        Ok(fronts.into_values().flatten().collect())
    }

    /// The changes at the front of a log that may go by themselves.
    fn front(&self, log: LogId) -> Result<Vec<ChangeFact>, StoreError> {
        let limit = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        let mut front = Vec::new();
        for change in leaving::front(self.read, log, limit)? {
            if !self.change_lets_go(&change)? {
                break;
            }
            front.push(change);
        }
        Ok(front)
    }

    fn change_lets_go(&self, change: &ChangeFact) -> Result<bool, StoreError> {
        let lets_go = |at| self.word.lets_go(at, CHANGE_STAYS_MS);
        if !received(change).is_some_and(lets_go) {
            return Ok(false);
        }
        for record in leaving::inspections_of(self.read, change.hash)? {
            if !self.record_lets_go(record, CHANGE_STAYS_MS)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A change that would leave while another of its record stays; its log is cut before it.
    fn torn(
        &self,
        fronts: &BTreeMap<LogId, Vec<ChangeFact>>,
    ) -> Result<Option<(LogId, u64)>, StoreError> {
        let leaves = |change: &ChangeFact| {
            fronts
                .get(&change.log)
                .is_some_and(|front| front.iter().any(|c| c.hash == change.hash))
        };
        for change in fronts.values().flatten() {
            for record in leaving::inspections_of(self.read, change.hash)? {
                let of_record = leaving::record(self.read, record)?.changes;
                if !of_record.iter().all(leaves) {
                    return Ok(Some((change.log, change.seq)));
                }
            }
        }
        Ok(None)
    }
}
