//! An envelope is altered by somebody who has no key but an editor and patience: its hash is made anew, and
//! everything that names the old one names the new one. Either the line behind it is left as it was, which
//! the links show, or it is written anew to its end, which the signed heads show.

use super::{Done, Table};
use crate::sim::chance::Chance;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

/// Where a number of the envelope begins that nothing derives from, or only some columns.
const FIELDS: [&str; 2] = ["\"wall\":", "\"boottime\":"];

struct Change {
    hash: Vec<u8>,
    envelope: Vec<u8>,
}

/// Forges a drawn change.
pub(super) fn forge(db: &Connection, tables: &[Table], chance: &mut Chance) -> Done {
    let count: i64 = db.query_row("SELECT count(*) FROM change", [], |row| row.get(0))?;
    let at = chance.below(count.unsigned_abs());
    let (change, log, seq) = db.query_row(
        &format!("SELECT hash, envelope, log, seq FROM change ORDER BY hash LIMIT 1 OFFSET {at}"),
        [],
        |row| {
            let change = Change {
                hash: row.get(0)?,
                envelope: row.get(1)?,
            };
            Ok((change, row.get::<_, Vec<u8>>(2)?, row.get::<_, i64>(3)?))
        },
    )?;
    let field = FIELDS[chance.index(FIELDS.len())];
    let Some(envelope) = counted_up(&change.envelope, field) else {
        return Ok(None);
    };
    let name = hex::encode(&change.hash);
    let mut renamed = put(db, tables, &change, &envelope)?;
    if chance.one_in(2) {
        return Ok(Some(format!("{field} of change {name} forged")));
    }
    for next in behind(db, &log, seq)? {
        let Some(envelope) = replaced(&next.envelope, &renamed) else {
            break;
        };
        renamed = put(db, tables, &next, &envelope)?;
    }
    Ok(Some(format!(
        "{field} of change {name} forged, and the line behind it written anew"
    )))
}

/// The old hash of a change and its new one.
struct Renamed {
    old: Vec<u8>,
    new: Vec<u8>,
}

fn counted_up(envelope: &[u8], field: &str) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(envelope);
    let digit = text.find(field)? + field.len();
    let mut envelope = envelope.to_vec();
    let byte = envelope.get_mut(digit)?;
    *byte = match *byte {
        b'9' => b'8',
        digit if digit.is_ascii_digit() => digit + 1,
        _ => return None,
    };
    Some(envelope)
}

fn behind(db: &Connection, log: &[u8], seq: i64) -> rusqlite::Result<Vec<Change>> {
    let mut statement = db.prepare(
        "SELECT hash, envelope FROM change WHERE log = ?1 AND seq > ?2 AND main ORDER BY seq",
    )?;
    let rows = statement.query_map(params![log, seq], |row| {
        Ok(Change {
            hash: row.get(0)?,
            envelope: row.get(1)?,
        })
    })?;
    rows.collect()
}

/// The envelope of the change behind, which names the one before it.
fn replaced(envelope: &[u8], before: &Renamed) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(envelope).ok()?;
    let old = hex::encode(&before.old);
    text.contains(&old)
        .then(|| text.replace(&old, &hex::encode(&before.new)).into_bytes())
}

/// Puts a new envelope in the place of the old one, and the new hash wherever the old one stood.
fn put(
    db: &Connection,
    tables: &[Table],
    change: &Change,
    envelope: &[u8],
) -> rusqlite::Result<Renamed> {
    let new = Sha256::new()
        .chain_update(b"xunji/change/1")
        .chain_update(envelope)
        .finalize()
        .to_vec();
    db.execute(
        "UPDATE change SET hash = ?2, envelope = ?3 WHERE hash = ?1",
        params![change.hash, new, envelope],
    )?;
    let renamed = Renamed {
        old: change.hash.clone(),
        new,
    };
    for table in tables.iter().filter(|table| table.name != "change") {
        for column in &table.columns {
            rename(db, &table.name, column, &renamed)?;
        }
    }
    Ok(renamed)
}

/// In a column: as bytes, and as hex within JSON.
fn rename(db: &Connection, table: &str, column: &str, hash: &Renamed) -> rusqlite::Result<()> {
    db.execute(
        &format!("UPDATE {table} SET {column} = ?2 WHERE {column} = ?1"),
        params![hash.old, hash.new],
    )?;
    let (old, new) = (hex::encode(&hash.old), hex::encode(&hash.new));
    db.execute(
        &format!(
            "UPDATE {table} SET {column} = CAST(replace(CAST({column} AS TEXT), ?1, ?2) AS BLOB)
             WHERE typeof({column}) = 'blob' AND instr({column}, CAST(?1 AS BLOB)) > 0"
        ),
        params![old, new],
    )?;
    db.execute(
        &format!(
            "UPDATE {table} SET {column} = replace({column}, ?1, ?2)
             WHERE typeof({column}) = 'text' AND instr({column}, ?1) > 0"
        ),
        params![old, new],
    )?;
    Ok(())
}
