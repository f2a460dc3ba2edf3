//! What a person does about a change that was held back.

use super::judge::{Judged, decides_for};
use super::plan::{Later, NewVerdict, Row};
use super::snapshot::Stopped;
use super::work::Work;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::{ChangeSettled, Settled};
use xunji_protocol::verdict::{Cause, Closed, Verdict, VerdictRow};

/// `change.settled`. The console asks the same rows before it writes one. An accepted change is judged
/// again after this, in a transaction of its own; a closed one says so in its log's feed.
pub(super) fn settled(work: &mut Work, change: &Change, said: &ChangeSettled) -> Judged {
    let Some(stopped) = work.at.stopped.get(&said.change).cloned() else {
        return Judged::stopped(Cause::RuleBroken, "change");
    };
    if said.settler != change.envelope.author || !decides_for(work, change, stopped.station) {
        return Judged::stopped(Cause::NotAllowed, "settler");
    }
    if stopped.last.verdict == Verdict::Applied || stopped.last.closed.is_some() {
        return Judged::stopped(Cause::RuleBroken, "change");
    }
    if said.reason.is_empty() {
        return Judged::stopped(Cause::RuleBroken, "reason");
    }
    match said.decision {
        Settled::Accepted if !acceptable(&stopped.last) => {
            return Judged::stopped(Cause::RuleBroken, "decision");
        }
        Settled::Accepted => {}
        Settled::Closed => work.later.push(closed(stopped, said)),
    }
    work.rows.push(Row::Settled {
        change: change.hash,
        said: Box::new(said.clone()),
    });
    Judged::default()
}

/// Whether a person may let a change count all the same: the work of a phone that was revoked. What breaks
/// a rule or does not read cannot be made right by saying so.
pub fn acceptable(row: &VerdictRow) -> bool {
    row.verdict == Verdict::Quarantined
        && row.cause == Some(Cause::NotAllowed)
        && row.detail == "device"
}

/// The verdict stays what it was; what a held change waits for still releases it.
fn closed(stopped: Stopped, said: &ChangeSettled) -> NewVerdict {
    let closed = Closed {
        reason: said.reason.clone(),
        by_name: said.settler_name.clone(),
        at: said.at,
    };
    NewVerdict {
        row: VerdictRow {
            closed: Some(closed),
            ..stopped.last.clone()
        },
        touches: Vec::new(),
        waits_for: stopped.waits_for,
        later: Some(Later {
            log: stopped.log,
            before: stopped.last,
        }),
    }
}
