//! Where a change stands: known already, next on the main line, or on a branch.

use super::incoming::Incoming;
use super::snapshot::Snapshot;
use std::collections::BTreeMap;
use xunji_protocol::digest::Digest;
use xunji_protocol::log::LogHead;

/// The place of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Stored before: the first verdict counts.
    Known,
    /// It follows the head.
    Main,
    /// Its seq is used by another change, or it follows one whose seq is.
    Branch,
}

/// Why changes cannot be placed; nothing of them is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// What comes before is not here: send from this seq.
    Gap {
        /// First seq to send.
        next_seq: u64,
    },
    /// A first change that names one before it, or a seq below 1.
    Broken,
}

/// Places consecutive changes and returns the head of the main line after them.
///
/// # Errors
/// [`Misplaced`] when they hang in the air.
pub fn place(
    changes: &[Incoming],
    snapshot: &Snapshot,
) -> Result<(Vec<Place>, LogHead), Misplaced> {
    let mut head = snapshot.log.head;
    let mut stored: BTreeMap<Digest, u64> = snapshot
        .known
        .iter()
        .map(|(hash, known)| (*hash, known.seq))
        .collect();
    let mut places = Vec::with_capacity(changes.len());
    for Incoming { change, .. } in changes {
        let (seq, prev) = (change.envelope.seq, change.envelope.prev);
        if seq == 0 || (seq == 1) != (prev == Digest::ZERO) {
            return Err(Misplaced::Broken);
        }
        if snapshot.known.contains_key(&change.hash) {
            places.push(Place::Known);
            continue;
        }
        if follows(&head, &snapshot.log.holes, seq, prev) {
            head = LogHead {
                log: head.log,
                seq,
                hash: change.hash,
            };
            places.push(Place::Main);
        } else if seq == 1
            || stored.get(&prev) == Some(&(seq - 1))
            || seq <= head.seq && snapshot.log.holes.get(&(seq - 1)) == Some(&prev)
        {
            places.push(Place::Branch);
        } else if seq > head.seq + 1 {
            return Err(Misplaced::Gap {
                next_seq: head.seq + 1,
            });
        } else {
            // The lines part somewhere before: half way back finds the place in few requests.
            return Err(Misplaced::Gap {
                next_seq: (seq / 2).max(1),
            });
        }
        stored.insert(change.hash, seq);
    }
    Ok((places, head))
}

/// Whether a change goes on with the main line: behind its head, or behind changes that come after the
/// head and were declared lost.
fn follows(head: &LogHead, holes: &BTreeMap<u64, Digest>, seq: u64, prev: Digest) -> bool {
    if seq <= head.seq {
        return false;
    }
    let before = if seq == head.seq + 1 {
        Some(&head.hash)
    } else {
        (head.seq + 1..seq)
            .all(|missing| holes.contains_key(&missing))
            .then(|| holes.get(&(seq - 1)))
            .flatten()
    };
    before == Some(&prev)
}
