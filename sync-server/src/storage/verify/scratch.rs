//! An empty store in memory in which derived rows are made again, to be compared with those that stand.

use crate::decide::{Plan, RecordWrite, Row};
use crate::storage::derive;
use crate::storage::error::StoreError;
use crate::storage::migrate::migrate;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::collections::BTreeMap;
use xunji_domain::ids::BureauId;
use xunji_domain::time::Millis;

/// The store.
pub(super) struct Scratch {
    db: Connection,
    plan: Plan,
}

/// Which rows of a table are compared.
pub(super) struct Rows<'a> {
    pub(super) table: &'static str,
    /// Only those whose column has this value.
    pub(super) of: Option<(&'static str, &'a [u8])>,
    /// A column that is compared elsewhere.
    pub(super) except: &'static str,
}

impl Scratch {
    pub(super) fn new(bureau: BureauId) -> Result<Self, StoreError> {
        let mut db = Connection::open_in_memory()?;
        migrate(&mut db)?;
        let plan = Plan {
            bureau,
            epoch: 1,
            at: Millis(0),
            log: None,
            changes: Vec::new(),
            head: None,
            receipt: None,
            revs: BTreeMap::new(),
            numbers: BTreeMap::new(),
            records: Vec::new(),
            rows: Vec::new(),
            verdicts: Vec::new(),
        };
        Ok(Self { db, plan })
    }

    /// Makes the derived rows of a state.
    pub(super) fn replace(&self, record: &RecordWrite) -> Result<(), StoreError> {
        derive::replace(&self.db, &self.plan, record)
    }

    /// Makes a row that was only ever added, at a moment.
    pub(super) fn add(&mut self, at: Millis, row: &Row) -> Result<(), StoreError> {
        self.plan.at = at;
        derive::add(&self.db, &self.plan, row)
    }

    /// Empties tables.
    pub(super) fn clear(&self, tables: &[&str]) -> Result<(), StoreError> {
        for table in tables {
            self.db
                .prepare_cached(&format!("DELETE FROM \"{table}\""))?
                .execute([])?;
        }
        Ok(())
    }

    /// The first row of `db` that is not as it was made here, or is here and not there.
    pub(super) fn differs(
        &self,
        db: &Connection,
        rows: &Rows<'_>,
    ) -> Result<Option<(String, &'static str)>, StoreError> {
        let bureau = self.plan.bureau;
        let mut ours = read(&self.db, bureau, rows)?;
        for (key, values) in read(db, bureau, rows)? {
            match ours.remove(&key) {
                None => return Ok(Some((key, "stands without a cause"))),
                Some(own) if own != values => {
                    return Ok(Some((key, "is not as it follows from what was signed")));
                }
                Some(_) => {}
            }
        }
        Ok(ours
            .into_keys()
            .next()
            .map(|key| (key, "is not here, and should be")))
    }
}

fn read(
    db: &Connection,
    bureau: BureauId,
    rows: &Rows<'_>,
) -> Result<BTreeMap<String, Vec<Value>>, StoreError> {
    let (keys, columns) = columns(db, rows)?;
    let only = rows
        .of
        .map_or(String::new(), |(column, _)| format!(" AND {column} = ?2"));
    let sql = format!(
        "SELECT {} FROM \"{}\" WHERE bureau = ?1{only}",
        columns.join(", "),
        rows.table
    );
    let mut statement = db.prepare_cached(&sql)?;
    let bureau = Value::Blob(bureau.as_bytes().to_vec());
    let of = rows.of.map(|(_, value)| Value::Blob(value.to_vec()));
    let mut found = statement.query(params_from_iter(std::iter::once(bureau).chain(of)))?;
    let mut all = BTreeMap::new();
    while let Some(row) = found.next()? {
        let values = (0..columns.len())
            .map(|n| row.get(n))
            .collect::<Result<Vec<Value>, _>>()?;
        let key: Vec<String> = values.iter().take(keys).map(text).collect();
        all.insert(format!("{} {}", rows.table, key.join(" ")), values);
    }
    Ok(all)
}

/// How many columns are the key, and all of them, the key first.
fn columns(db: &Connection, rows: &Rows<'_>) -> Result<(usize, Vec<String>), StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT name, pk FROM pragma_table_info(?1) WHERE name NOT IN ('bureau', ?2) ORDER BY pk = 0, pk",
    )?;
    let named = statement
        .query_map([rows.table, rows.except], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let keys = named.iter().filter(|(_, pk)| *pk > 0).count();
    Ok((keys, named.into_iter().map(|(name, _)| name).collect()))
}

fn text(value: &Value) -> String {
    match value {
        Value::Blob(bytes) => hex::encode(bytes),
        Value::Text(text) => text.clone(),
        Value::Integer(n) => n.to_string(),
        Value::Real(n) => n.to_string(),
        Value::Null => "-".to_owned(),
    }
}
