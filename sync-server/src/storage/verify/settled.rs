//! What a person did about changes that were held back: the rows are made again from the bureau's changes.

use super::scratch::{Rows, Scratch};
use super::{Found, Kind, each};
use crate::decide::Row;
use crate::storage::columns::digest;
use crate::storage::error::StoreError;
use rusqlite::{Connection, params};
use xunji_domain::ids::BureauId;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::{ChangeSettled, Payload};
use xunji_protocol::schema::read_body;

pub(super) fn check(
    db: &Connection,
    bureau: BureauId,
    found: &mut Found,
) -> Result<(), StoreError> {
    let mut scratch = Scratch::new(bureau)?;
    each(
        db,
        found,
        (
            Kind::Verdict,
            "SELECT c.hash, c.envelope, c.body FROM change c
             JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash AND v.verdict = 'applied'
             JOIN log l ON l.bureau = c.bureau AND l.log = c.log AND l.owner = 'bureau'
             WHERE c.bureau = ?1 AND c.kind = 'change.settled' ORDER BY c.hash",
        ),
        params![bureau.as_bytes()],
        |row| {
            Ok((
                digest(row, 0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, Option<Vec<u8>>>(2)?,
            ))
        },
        |found, (change, envelope, body)| {
            let made = row(change, &envelope, body.as_deref())
                .is_some_and(|(said, row)| scratch.add(said.at, &row).is_ok());
            let place = || format!("change {change}");
            found.must(made, Kind::Verdict, place, "what was settled does not read");
        },
    )?;
    let rows = Rows {
        table: "settled",
        of: None,
        except: "",
    };
    if let Some((place, what)) = scratch.differs(db, &rows)? {
        found.flaw(Kind::Verdict, place, what);
    }
    Ok(())
}

fn row(change: Digest, envelope: &[u8], body: Option<&[u8]>) -> Option<(ChangeSettled, Row)> {
    let envelope: Envelope = serde_json::from_slice(envelope).ok()?;
    let Payload::ChangeSettled(said) = read_body(&envelope, body?).ok()? else {
        return None;
    };
    let row = Row::Settled {
        change,
        said: Box::new(said.clone()),
    };
    Some((said, row))
}
