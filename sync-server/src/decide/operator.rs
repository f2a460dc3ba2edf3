//! Register entries: new ones, and writes to fields of known ones.

use super::judge::{Judged, scope_flag};
use super::work::Work;
use serde_json::Value;
use xunji_domain::merge::apply_writes;
use xunji_domain::operator::{EDITABLE, FieldWrite, Operator};
use xunji_protocol::canonical::CanonicalError;
use xunji_protocol::envelope::Change;
use xunji_protocol::guard::Guard;
use xunji_protocol::kinds::OperatorEdited;
use xunji_protocol::state::OPERATOR;
use xunji_protocol::verdict::{Cause, Flag};

/// `operator.registered`. An id that is known already (a copied phone) becomes writes that saw
/// nothing: equal values agree, others are kept beside each other.
pub(super) fn registered(
    work: &mut Work,
    change: &Change,
    entry: &Operator,
) -> Result<Judged, CanonicalError> {
    if !work.at.stations.contains(&entry.station) {
        return Ok(Judged::stopped(Cause::RuleBroken, "station"));
    }
    if let Some(known) = work.operator(entry.id) {
        return write(work, change, &known, &differences(&known, entry));
    }
    let key = work.put_operator(entry.clone())?;
    let flags = scope_flag(work, entry.station).into_iter().collect();
    Ok(Judged {
        flags,
        touches: vec![key],
        ..Judged::default()
    })
}

/// `operator.edited`.
pub(super) fn edited(
    work: &mut Work,
    change: &Change,
    edit: &OperatorEdited,
) -> Result<Judged, CanonicalError> {
    match work.operator(edit.operator) {
        Some(known) if Guard::SeenValue.stands() => write(work, change, &known, &edit.writes),
        Some(known) => write(work, change, &known, &blind(&edit.writes)),
        None => Ok(Judged::waits_for_record(edit.operator.0)),
    }
}

/// Writes fields of a known entry; both values of a disagreement are kept.
pub(super) fn write(
    work: &mut Work,
    change: &Change,
    known: &Operator,
    writes: &[FieldWrite],
) -> Result<Judged, CanonicalError> {
    let (next, conflicts) = match apply_writes(known, writes) {
        Ok(done) => done,
        Err(error) => return Ok(Judged::stopped(Cause::RuleBroken, error.to_string())),
    };
    let mut judged = Judged {
        flags: scope_flag(work, known.station).into_iter().collect(),
        ..Judged::default()
    };
    if !conflicts.is_empty() {
        judged.flags.push(Flag::Conflict);
    }
    judged.touches = work.put_conflicts(known, change, conflicts)?;
    if next != *known {
        judged.touches.push(work.put_operator(next)?);
    } else if !writes.is_empty() {
        // Agreed: nothing is written, but the writer's phone may not have the value from us yet. It
        // goes on showing its own until it has passed the place where the entry stands.
        judged.touches.push((OPERATOR, known.id.0));
    }
    Ok(judged)
}

/// The writes of a program that does not say what it saw.
fn blind(writes: &[FieldWrite]) -> Vec<FieldWrite> {
    let unseen = |write: &FieldWrite| FieldWrite {
        seen: Value::Null,
        ..write.clone()
    };
    writes.iter().map(unseen).collect()
}

fn differences(known: &Operator, entry: &Operator) -> Vec<FieldWrite> {
    let fields = EDITABLE.iter().map(|field| (*field).to_owned());
    let licences = entry.licences.iter().filter_map(|licence| {
        let kind = serde_json::to_value(licence.kind).ok()?;
        Some(format!("licence.{}", kind.as_str()?))
    });
    fields
        .chain(licences)
        .filter_map(|field| {
            let new = entry.field(&field).ok()?;
            (known.field(&field).ok()? != new).then_some(FieldWrite {
                field,
                seen: Value::Null,
                new,
            })
        })
        .collect()
}
