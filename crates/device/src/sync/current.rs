//! `current` = mirror, overlaid by the unconfirmed own changes on just the records they name.
//!
//! Callers read `local.db` before `mirror.db`: a change that is acknowledged and pulled in between is then
//! replayed once more over its own effect, which shows the same; the other order would let it vanish.

use super::pull::{Passed, is_confirmed};
use xunji_domain::checklist;
use xunji_domain::ids::{InspectionId, OperatorId};
use xunji_domain::merge::apply_writes;
use xunji_domain::operator::Operator;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::guard::Guard;
use xunji_protocol::kinds::Payload;
use xunji_protocol::schema::read_body;
use xunji_protocol::state::InspectionSummary;
use xunji_protocol::summary;
use xunji_protocol::verdict::{Verdict, VerdictRow};

/// One change of this phone's, read.
#[derive(Clone, Debug)]
pub struct OwnChange {
    /// Its key.
    pub hash: Digest,
    /// Envelope.
    pub envelope: Envelope,
    /// What it says.
    pub payload: Payload,
    /// The server's word; `None` while there is none.
    pub verdict: Option<VerdictRow>,
}

/// What is to be said beside a record that own changes touch. The gravest of several stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// As the server has it.
    Clean,
    /// Received there, not yet back in the mirror.
    Received,
    /// Only on this phone so far.
    Unsent,
    /// Received, waits for something by itself.
    Held,
    /// Received, waits for a person.
    Quarantined,
}

/// A record as it stands for the person who holds this phone.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlaid<T> {
    /// The record.
    pub value: T,
    /// What is to be said beside it.
    pub mark: Mark,
}

/// Reads a stored change. `None` for a kind of a newer program: nothing to overlay, the bytes stay.
pub fn read_own(
    envelope: &[u8],
    hash: Digest,
    body: &[u8],
    verdict: Option<VerdictRow>,
) -> Option<OwnChange> {
    let envelope: Envelope = serde_json::from_slice(envelope).ok()?;
    let payload = read_body(&envelope, body).ok()?;
    Some(OwnChange {
        hash,
        envelope,
        payload,
        verdict,
    })
}

/// An entry of the register. `own` are this phone's changes in the order they were made; those the
/// mirror has passed are left out here. `None` when neither knows the entry.
pub fn operator(
    id: OperatorId,
    mirror: Option<Operator>,
    own: &[OwnChange],
    passed: &Passed,
) -> Option<Overlaid<Operator>> {
    let mut mark = Mark::Clean;
    let mut value = mirror;
    for change in unconfirmed(own, passed) {
        let next = match &change.payload {
            Payload::OperatorRegistered(made) if made.id == id => {
                Some(value.take().unwrap_or_else(|| (**made).clone()))
            }
            // Somebody at the station has said that it will not be written.
            Payload::OperatorEdited(_) if is_closed(change) => continue,
            Payload::OperatorEdited(edit) if edit.operator == id => {
                // Over a colleague's edit the own value shows until the server has said which stands.
                value
                    .as_ref()
                    .and_then(|before| Some(apply_writes(before, &edit.writes).ok()?.0))
            }
            _ => continue,
        };
        if next.is_some() {
            value = next;
        }
        mark = mark.max(mark_of(change));
    }
    value.map(|value| Overlaid { value, mark })
}

/// A record of a visit. `None` when neither the mirror nor own changes know it.
pub fn inspection(
    id: InspectionId,
    mirror: Option<InspectionSummary>,
    own: &[OwnChange],
    passed: &Passed,
) -> Option<Overlaid<InspectionSummary>> {
    let mut mark = Mark::Clean;
    let mut value = mirror;
    for change in unconfirmed(own, passed) {
        match &change.payload {
            Payload::InspectionSigned(signed) if signed.content.id == id => {
                let at = change.envelope.captured_at.time();
                value =
                    value.or_else(|| summary::signed(&change.envelope, change.hash, signed, at));
            }
            Payload::InspectionAmended(amendment) if amendment.inspection == id => {
                value = value.map(|before| {
                    if before.version == change.hash {
                        return before;
                    }
                    let edition = edition(&before.checklist);
                    summary::amended(&before, change.hash, amendment, edition)
                });
            }
            _ => continue,
        }
        mark = mark.max(mark_of(change));
    }
    value.map(|value| Overlaid { value, mark })
}

fn unconfirmed<'a>(
    own: &'a [OwnChange],
    passed: &'a Passed,
) -> impl Iterator<Item = &'a OwnChange> {
    let done = |v| is_confirmed(v, passed) || !Guard::Replay.stands();
    own.iter()
        .filter(move |c| !c.verdict.as_ref().is_some_and(done))
}

fn is_closed(change: &OwnChange) -> bool {
    change
        .verdict
        .as_ref()
        .is_some_and(|v| v.verdict == Verdict::Quarantined && v.closed.is_some())
}

fn mark_of(change: &OwnChange) -> Mark {
    match change.verdict.as_ref().map(|v| v.verdict) {
        None => Mark::Unsent,
        Some(Verdict::Applied) => Mark::Received,
        Some(Verdict::Held) => Mark::Held,
        Some(Verdict::Quarantined) => Mark::Quarantined,
    }
}

/// The built-in edition a summary names (`XCY-6/1`).
fn edition(named: &str) -> Option<&'static checklist::Checklist> {
    let (id, version) = named.rsplit_once('/')?;
    let version: u32 = version.parse().ok()?;
    checklist::all()
        .ok()?
        .iter()
        .find(|c| c.id == id && c.version == version)
}

#[cfg(test)]
#[path = "current_tests.rs"]
mod tests;
