//! A person's decision between the values of one field.

use super::judge::{Judged, decides_for};
use super::work::Work;
use xunji_domain::merge::resolve_field;
use xunji_domain::operator::FieldWrite;
use xunji_protocol::canonical::CanonicalError;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::ConflictResolved;
use xunji_protocol::state::{ConflictState, OPERATOR, Resolution};
use xunji_protocol::verdict::Cause;

/// `conflict.resolved`: the value stands, and every conflict it names is closed. The console asks the
/// same rows before it writes one; what gets here in spite of that changes nothing.
pub(super) fn resolved(
    work: &mut Work,
    change: &Change,
    said: &ConflictResolved,
) -> Result<Judged, CanonicalError> {
    let Some(known) = work.operator(said.operator) else {
        return Ok(Judged::waits_for_record(said.operator.0));
    };
    if said.resolver != change.envelope.author || !decides_for(work, change, Some(known.station)) {
        return Ok(Judged::stopped(Cause::NotAllowed, "resolver"));
    }
    let Some(open) = open(work, said) else {
        return Ok(Judged::stopped(Cause::RuleBroken, "conflicts"));
    };
    let write = FieldWrite {
        field: said.field.clone(),
        seen: said.seen.clone(),
        new: said.value.clone(),
    };
    let next = match resolve_field(&known, &write) {
        Ok(Some(next)) => next,
        Ok(None) => return Ok(Judged::stopped(Cause::RuleBroken, "seen")),
        Err(error) => return Ok(Judged::stopped(Cause::RuleBroken, error.to_string())),
    };
    let mut judged = Judged::default();
    for conflict in open {
        let closed = closed(conflict, change, said);
        judged.touches.push(work.keep_conflict(&known, closed)?);
    }
    if next == known {
        judged.touches.push((OPERATOR, known.id.0));
    } else {
        judged.touches.push(work.put_operator(next)?);
    }
    Ok(judged)
}

/// The conflicts that are named, when every one of them is open and of this field.
fn open(work: &Work, said: &ConflictResolved) -> Option<Vec<ConflictState>> {
    let found: Option<Vec<ConflictState>> = said
        .conflicts
        .iter()
        .map(|id| work.at.conflicts.get(id).cloned())
        .collect();
    found.filter(|found| {
        !found.is_empty()
            && found
                .iter()
                .all(|c| !c.resolved && c.operator == said.operator && c.field == said.field)
    })
}

fn closed(conflict: ConflictState, change: &Change, said: &ConflictResolved) -> ConflictState {
    ConflictState {
        resolved: true,
        resolution: Some(Resolution {
            value: said.value.clone(),
            reason: said.reason.clone(),
            by: said.resolver,
            by_name: said.resolver_name.clone(),
            at: said.at,
            change: change.hash,
        }),
        ..conflict
    }
}
