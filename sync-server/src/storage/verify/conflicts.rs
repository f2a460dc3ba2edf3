//! Decided conflicts: what their states say of a decision stands in a signed change of the bureau's, and
//! no such change is without its conflicts.

use super::{Found, Kind, each};
use crate::storage::columns::{digest, json};
use crate::storage::error::StoreError;
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;
use xunji_domain::ids::{BureauId, ConflictId};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::{ConflictResolved, Payload};
use xunji_protocol::schema::read_body;
use xunji_protocol::state::{ConflictState, Resolution};

type Made = BTreeMap<ConflictId, (ConflictResolved, Digest)>;

pub(super) fn check(
    db: &Connection,
    bureau: BureauId,
    found: &mut Found,
) -> Result<(), StoreError> {
    let mut made = made(db, bureau, found)?;
    each(
        db,
        found,
        (
            Kind::Register,
            "SELECT bytes FROM state WHERE bureau = ?1 AND kind = 'conflict' AND gone = 0 ORDER BY id",
        ),
        params![bureau.as_bytes()],
        |row| json::<ConflictState>(row, 0),
        |found, state| {
            let said = made.remove(&state.id);
            let holds = follows(&state, said.as_ref());
            let place = || format!("conflict {}", state.id);
            found.must(
                holds,
                Kind::Register,
                place,
                "is not decided as it was signed",
            );
        },
    )?;
    for id in made.into_keys() {
        let place = format!("conflict {id}");
        found.flaw(Kind::Register, place, "was decided, and is not here");
    }
    Ok(())
}

/// What the bureau's applied changes decided, by conflict.
fn made(db: &Connection, bureau: BureauId, found: &mut Found) -> Result<Made, StoreError> {
    let mut made = Made::new();
    each(
        db,
        found,
        (
            Kind::Register,
            "SELECT c.hash, c.envelope, c.body FROM change c
             JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash AND v.verdict = 'applied'
             JOIN log l ON l.bureau = c.bureau AND l.log = c.log AND l.owner = 'bureau'
             WHERE c.bureau = ?1 AND c.kind = 'conflict.resolved' ORDER BY c.hash",
        ),
        params![bureau.as_bytes()],
        read,
        |found, (hash, said)| match said {
            Some(said) => made.extend(said.conflicts.iter().map(|id| (*id, (said.clone(), hash)))),
            None => found.flaw(
                Kind::Register,
                format!("change {hash}"),
                "a decision that does not read",
            ),
        },
    )?;
    Ok(made)
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Digest, Option<ConflictResolved>)> {
    let (envelope, body): (Vec<u8>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
    Ok((digest(row, 0)?, decided(&envelope, body.as_deref())))
}

fn decided(envelope: &[u8], body: Option<&[u8]>) -> Option<ConflictResolved> {
    let envelope: Envelope = serde_json::from_slice(envelope).ok()?;
    match read_body(&envelope, body?).ok()? {
        Payload::ConflictResolved(said) => Some(*said),
        _ => None,
    }
}

fn follows(state: &ConflictState, made: Option<&(ConflictResolved, Digest)>) -> bool {
    let Some((said, change)) = made else {
        return !state.resolved && state.resolution.is_none();
    };
    let wanted = Resolution {
        value: said.value.clone(),
        reason: said.reason.clone(),
        by: said.resolver,
        by_name: said.resolver_name.clone(),
        at: said.at,
        change: *change,
    };
    state.resolved
        && state.resolution.as_ref() == Some(&wanted)
        && (state.operator, &state.field) == (said.operator, &said.field)
}
