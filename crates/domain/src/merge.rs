//! How two writes to one field meet. A write conflicts only if the field now holds neither the
//! value the writer saw nor the value written; the rule survives a restored server, whose revision
//! numbers ran backwards, and lets equal edits from two phones agree.

use crate::operator::{FieldError, FieldWrite, Operator};
use serde_json::Value;

/// What one write does to the present value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldMerge {
    /// The field held what the writer saw: the new value stands.
    Written,
    /// The field already holds the new value.
    Agreed,
    /// Somebody else wrote in between. Both values are kept; the later arrival is shown until a
    /// supervisor resolves it, because it is the newer knowledge of the two in most cases and the
    /// other value is in the conflict.
    Conflict {
        /// The value that stood in the field.
        standing: Value,
    },
}

/// Decides one write against the present value.
pub fn merge_field(present: &Value, write: &FieldWrite) -> FieldMerge {
    if present == &write.new {
        FieldMerge::Agreed
    } else if present == &write.seen {
        FieldMerge::Written
    } else {
        FieldMerge::Conflict {
            standing: present.clone(),
        }
    }
}

/// One write that met another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// The field.
    pub field: String,
    /// What the writer saw.
    pub seen: Value,
    /// What stood there.
    pub standing: Value,
    /// What was written and is shown now.
    pub written: Value,
}

/// Applies a list of writes in order and returns the operator with the conflicts it met.
///
/// # Errors
/// [`FieldError`] for a field that does not exist or a value that does not fit: the caller keeps
/// the change and quarantines it.
pub fn apply_writes(
    operator: &Operator,
    writes: &[FieldWrite],
) -> Result<(Operator, Vec<FieldConflict>), FieldError> {
    let mut next = operator.clone();
    let mut conflicts = Vec::new();
    for write in writes {
        let present = next.field(&write.field)?;
        if let FieldMerge::Conflict { standing } = merge_field(&present, write) {
            conflicts.push(FieldConflict {
                field: write.field.clone(),
                seen: write.seen.clone(),
                standing,
                written: write.new.clone(),
            });
        }
        next = next.with_field(&write.field, &write.new)?;
    }
    Ok((next, conflicts))
}

/// Puts the value that a person decided on into a field. `None` when the field no longer holds what he
/// saw: he did not know of the value that stands now.
///
/// # Errors
/// [`FieldError`] for a field that does not exist or a value that does not fit.
pub fn resolve_field(
    operator: &Operator,
    decided: &FieldWrite,
) -> Result<Option<Operator>, FieldError> {
    if operator.field(&decided.field)? != decided.seen {
        return Ok(None);
    }
    operator.with_field(&decided.field, &decided.new).map(Some)
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
