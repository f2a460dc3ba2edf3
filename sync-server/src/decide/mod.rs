//! The decision, pure: changes and a snapshot in, a plan out. No clock, no randomness, no SQL.
//!
//! | what comes | condition | verdict | effect |
//! |---|---|---|---|
//! | any | hash known | the first one, again | none |
//! | any | device revoked, author unknown or without the right | quarantined `not_allowed` | none |
//! | any | body travels as a file and is not here | held `body_missing` | none |
//! | any | newer kind or schema | held `too_new` | none |
//! | any | body does not read | quarantined `malformed` | none |
//! | `operator.registered` | new id | applied | entry in its station's feed |
//! | | id known, other values | applied, `conflict` per field | entry, conflict rows |
//! | `operator.edited` | entry unknown | held `record_missing` | none |
//! | | a field holds neither value seen nor new | applied, `conflict` | entry, conflict row |
//! | `inspection.signed` | a rule of signing does not hold | quarantined `rule_broken` | none |
//! | | id known | quarantined, `signed_twice` | event; flag on the record |
//! | | number borne by another record | applied, `number_twice` | record |
//! | | otherwise | applied | record; certificates into the register |
//! | `inspection.amended` | record unknown | held `record_missing` | none |
//! | | a signature names another content | quarantined `rule_broken` | none |
//! | | parent is not the last version | applied, `stale_version` | record |
//! | `inspection.reviewed` | not in the bureau's log, or by an inspector of the record | quarantined `not_allowed` | none |
//! | | version seen is not the last | applied, `stale_version` | event; flag on the record |
//! | `conflict.resolved` | not in the bureau's log, or not by the entry's supervisor or the county | quarantined `not_allowed` | none |
//! | | the field holds another value than was seen, or no such conflict is open | quarantined `rule_broken` | none |
//! | | otherwise | applied | entry with the value, the conflicts resolved |
//! | `change.settled` | not in the bureau's log, or not by the supervisor of the phone's station or the county | quarantined `not_allowed` | none |
//! | | the change is not here, applied, or closed; accepted, and its phone was not revoked | quarantined `rule_broken` | none |
//! | | otherwise | applied | closed: a later verdict that says so; accepted: judged again without that question |
//! | `record.erased` | not in the bureau's log, or not by its administrator or the county | quarantined `not_allowed` | none |
//! | | record unknown, no order, or nothing named | quarantined `rule_broken` | none |
//! | | otherwise | applied | bodies, file rows and what follows from them go; the record says so |
//! | `inspection.*` | of a record that was erased | quarantined `rule_broken` | none |
//! | `draft.taken_over` | the taker is not the author | quarantined `not_allowed` | none |
//! | | the draft of somebody of another station than the phone's, or of nobody known | applied, `out_of_scope` | none |
//! | | otherwise | applied | none: the record page reads the change itself |
//! | `log.opened` | always | applied | places that it declares lost may be passed over |
//! | any | on a branch | as above, `branch` | as above |
//! | any | of another station than the phone's | as above, `out_of_scope` | as above |
//! | any | stamped by a clock that was off | as above, `clock_off` | as above, times put right |

mod conflict;
mod county;
mod draft;
mod erase;
mod incoming;
mod inspection;
mod judge;
mod later;
mod line;
mod operator;
mod place;
mod plan;
mod settle;
mod snapshot;
#[cfg(test)]
mod tests;
mod work;

pub use county::{Seed, seed};
pub use draft::{CopyFate, CopyRows, copy};
pub use incoming::{Incoming, ReadBody};
pub use place::{Misplaced, Place};
pub use plan::{Derived, Later, LogMove, NewChange, NewVerdict, Plan, Positions, RecordWrite, Row};
pub use settle::acceptable;
pub use snapshot::{Known, LogRow, Owner, Reads, Record, RecordKey, Snapshot, Stopped};

use work::Work;
use xunji_domain::ids::BureauId;
use xunji_domain::time::Millis;
use xunji_protocol::envelope::Change;
use xunji_protocol::guard::Guard;
use xunji_protocol::log::LogHead;
use xunji_protocol::verdict::{Verdict, VerdictRow};

/// What a decision knows beside the rows.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The county.
    pub bureau: BureauId,
    /// Epoch of the store.
    pub epoch: u64,
    /// Server time.
    pub now: Millis,
}

/// A decision on a segment.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What to write; its verdicts are those of the new changes, in order.
    pub plan: Plan,
    /// One per change of the segment: the stored verdict, or `None` for the plan's next one.
    pub known: Vec<Option<VerdictRow>>,
    /// Some of it stands on a branch.
    pub branch: bool,
    /// The last change, and whether it stands on the main line.
    pub last: Option<(LogHead, bool)>,
}

/// Decides consecutive changes of one log.
///
/// # Errors
/// [`Misplaced`] when what comes before them is not stored.
pub fn decide(
    changes: &[Incoming],
    snapshot: &Snapshot,
    context: Context,
) -> Result<Decision, Misplaced> {
    let (places, head) = place::place(changes, snapshot)?;
    let mut work = Work::new(snapshot, context);
    let mut known = Vec::with_capacity(changes.len());
    let mut branch = false;
    let mut last = None;
    for (incoming, place) in changes.iter().zip(places) {
        if let Some(stored) = snapshot.known.get(&incoming.change.hash)
            && Guard::KnownHash.stands()
        {
            branch |= !stored.main;
            last = Some((head_at(&incoming.change), stored.main));
            known.push(Some(stored.first.clone()));
            continue;
        }
        branch |= place == Place::Branch;
        last = Some((head_at(&incoming.change), place != Place::Branch));
        work.store(incoming, place);
        let verdict = judge::judge(&mut work, incoming, place == Place::Branch);
        work.verdicts.push(verdict);
        known.push(None);
    }
    let mut plan = work.into_plan();
    if !plan.changes.is_empty() {
        let branched = snapshot.log.branched || branch;
        plan.log = Some(LogMove {
            from: snapshot.log.head,
            to: head,
            branched,
        });
    }
    Ok(Decision {
        plan,
        known,
        branch,
        last,
    })
}

fn head_at(change: &Change) -> LogHead {
    LogHead {
        log: change.envelope.log,
        seq: change.envelope.seq,
        hash: change.hash,
    }
}

/// Decides a change that was held back again, in a transaction of its own. `None` when nothing has
/// changed for it, or when it has left its trace already (a record signed twice). One that now waits for
/// something else stays held and has to say so: only what it waits for by its row releases it.
pub fn decide_again(
    incoming: &Incoming,
    branch: bool,
    snapshot: &Snapshot,
    context: Context,
) -> Option<Plan> {
    let before = snapshot.stopped.get(&incoming.change.hash)?;
    let last = &before.last;
    if last.verdict == Verdict::Applied || !last.effects.is_empty() {
        return None;
    }
    let mut work = Work::new(snapshot, context);
    let mut verdict = judge::judge(&mut work, incoming, branch);
    let now = &verdict.row;
    if verdict.waits_for == before.waits_for
        && (now.verdict, now.cause, &now.detail) == (last.verdict, last.cause, &last.detail)
    {
        return None;
    }
    verdict.later = Some(Later {
        log: snapshot.log.id(),
        before: last.clone(),
    });
    work.verdicts.push(verdict);
    Some(work.into_plan())
}
