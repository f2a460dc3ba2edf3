//! The file itself: sound pages, the tables this program makes and no others, one county.

use super::{Against, Found, Kind};
use crate::storage::error::StoreError;
use crate::storage::meta;
use crate::storage::migrate;
use rusqlite::Connection;

/// Refuses what is not a county's database, or is of another step than this program's.
pub(super) fn is_ours(db: &Connection) -> Result<(), StoreError> {
    migrate::is_present(db)
}

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    pages(db, found)?;
    tables(db, found)?;
    let bureau = against.keys.bureau;
    let identity = meta::read(db, bureau, meta::IDENTITY)?;
    found.must(
        identity.as_deref() == Some(&against.keys.identity),
        Kind::Database,
        || "store_meta identity".to_owned(),
        "is not the one in keys.json",
    );
    strangers(db, bureau.as_bytes(), found)
}

fn pages(db: &Connection, found: &mut Found) -> Result<(), StoreError> {
    let mut statement = db.prepare("PRAGMA integrity_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.looked_at += 1;
        let said: String = row.get(0)?;
        if said != "ok" {
            found.flaw(Kind::Database, "pages", said);
        }
    }
    Ok(())
}

/// Tables, indexes and triggers as this program makes them.
fn tables(db: &Connection, found: &mut Found) -> Result<(), StoreError> {
    let mut own = Connection::open_in_memory()?;
    migrate::migrate(&mut own)?;
    let (here, ours) = (schema(db)?, schema(&own)?);
    let differing = ours.iter().find(|line| !here.contains(line));
    let differing = differing.or_else(|| here.iter().find(|line| !ours.contains(line)));
    if let Some((name, _)) = differing {
        found.flaw(
            Kind::Database,
            format!("table or index {name}"),
            "is not as this program makes it",
        );
    }
    Ok(())
}

fn schema(db: &Connection) -> Result<Vec<(String, Option<String>)>, StoreError> {
    let mut statement = db.prepare(
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Rows under another county's id: nobody would ever see them, and what they replace is missing.
fn strangers(db: &Connection, bureau: &[u8], found: &mut Found) -> Result<(), StoreError> {
    let mut statement = db.prepare(
        "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'bureau'
         WHERE m.type = 'table' ORDER BY m.name",
    )?;
    let names = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    for name in names {
        let count: i64 = db.query_row(
            &format!("SELECT count(*) FROM \"{name}\" WHERE bureau IS NOT ?1"),
            [bureau],
            |row| row.get(0),
        )?;
        found.must(
            count == 0,
            Kind::Database,
            || format!("table {name}"),
            "holds rows of another county",
        );
    }
    Ok(())
}
