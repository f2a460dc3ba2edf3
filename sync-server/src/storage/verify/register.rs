//! Operators, people, stations and conflicts: their columns are made again from the states, and what was
//! decided about a conflict from the change that says it.

use super::scratch::{Rows, Scratch};
use super::{Against, Found, Kind, conflicts, each};
use crate::decide::{Derived, RecordWrite};
use crate::storage::columns::id;
use crate::storage::error::StoreError;
use rusqlite::{Connection, params};
use xunji_protocol::state::{CONFLICT, OPERATOR, PERSON, STATION};

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    let scratch = Scratch::new(bureau)?;
    each(
        db,
        found,
        (
            Kind::State,
            "SELECT kind, id, bytes FROM state
             WHERE bureau = ?1 AND gone = 0 AND kind IN ('operator', 'person', 'station', 'conflict') ORDER BY kind, id",
        ),
        params![bureau.as_bytes()],
        |row| {
            Ok((
                row.get::<_, String>(0)?,
                id(row, 1)?,
                row.get::<_, Vec<u8>>(2)?,
            ))
        },
        |found, (kind, record, bytes)| {
            let made = derived(&kind, &bytes).is_some_and(|(key, derived)| {
                let write = RecordWrite {
                    key: (key, record),
                    feed: String::new(),
                    bytes,
                    derived,
                };
                scratch.replace(&write).is_ok()
            });
            let place = || format!("{kind} {record}");
            found.must(made, Kind::State, place, "does not read");
        },
    )?;
    for table in [OPERATOR, PERSON, STATION, CONFLICT] {
        let rows = Rows {
            table,
            of: None,
            except: "",
        };
        if let Some((place, what)) = scratch.differs(db, &rows)? {
            found.flaw(Kind::Register, place, what);
        }
    }
    conflicts::check(db, bureau, found)
}

fn derived(kind: &str, bytes: &[u8]) -> Option<(&'static str, Derived)> {
    Some(match kind {
        OPERATOR => (
            OPERATOR,
            Derived::Operator(serde_json::from_slice(bytes).ok()?),
        ),
        PERSON => (PERSON, Derived::Person(serde_json::from_slice(bytes).ok()?)),
        STATION => (
            STATION,
            Derived::Station(serde_json::from_slice(bytes).ok()?),
        ),
        _ => (
            CONFLICT,
            Derived::Conflict(serde_json::from_slice(bytes).ok()?),
        ),
    })
}
