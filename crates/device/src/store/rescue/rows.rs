//! Row by row out of every table: from the front to where it does not read, from the back to there, and one by
//! one in between.

use super::source::Source;
use crate::store::StoreError;
use crate::store::door::is_spoilt;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};

/// Rows that do not read, looked for one by one where a table does not read from either end.
const MOST_UNREAD: u32 = 1_000;
/// Who this phone is, and its logs with their keys.
const NEEDED: [&str; 2] = ["device", "log"];

struct Table {
    name: String,
    columns: Vec<String>,
    /// What its rows lie in the order of.
    order: Vec<String>,
}

impl Table {
    /// Whether rows are found by number; otherwise the table is its own index.
    fn has_rowid(&self) -> bool {
        self.order.first().is_some_and(|first| first == "rowid")
    }

    /// The number, then the columns: rows are read in the order of their numbers elsewhere.
    fn list(&self) -> String {
        let number = self.has_rowid().then_some("rowid");
        let columns = self.columns.iter().map(String::as_str);
        number
            .into_iter()
            .chain(columns)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Copies every table; gives the rows, or `None` where one without which the phone is nobody does not read
/// whole.
///
/// # Errors
/// Those of the new file.
pub(super) fn copy_all(from: &mut Source, to: &Connection) -> Result<Option<u64>, StoreError> {
    let mut copied = 0;
    for table in tables(to)? {
        let (rows, whole) = copy(from, to, &table)?;
        if !whole && NEEDED.contains(&table.name.as_str()) {
            return Ok(None);
        }
        copied += rows;
    }
    Ok(Some(copied))
}

fn tables(to: &Connection) -> Result<Vec<Table>, StoreError> {
    let names = texts(
        to,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'",
        "",
    )?;
    names
        .into_iter()
        .map(|name| {
            let without: i64 = to.query_row(
                "SELECT wr FROM pragma_table_list(?1) WHERE schema = 'main'",
                [&name],
                |row| row.get(0),
            )?;
            let order = if without == 1 {
                texts(
                    to,
                    "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk",
                    &name,
                )?
            } else {
                vec!["rowid".to_owned()]
            };
            let columns = texts(
                to,
                "SELECT name FROM pragma_table_info(?1) ORDER BY cid",
                &name,
            )?;
            Ok(Table {
                name,
                columns,
                order,
            })
        })
        .collect()
}

fn texts(db: &Connection, sql: &str, of: &str) -> Result<Vec<String>, StoreError> {
    let mut query = db.prepare(sql)?;
    let of: &[&dyn rusqlite::ToSql] = if of.is_empty() { &[] } else { &[&of] };
    let rows = query.query_map(of, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many rows were copied, and whether all of them read.
fn copy(from: &mut Source, to: &Connection, table: &Table) -> Result<(u64, bool), StoreError> {
    let (front, whole) = walk(&from.sql, to, table, "ASC")?;
    if whole {
        return Ok((front, true));
    }
    from.again()?;
    let (back, _) = walk(&from.sql, to, table, "DESC")?;
    from.again()?;
    let between = if table.has_rowid() {
        between(from, to, table)?
    } else {
        0
    };
    tracing::warn!(
        table = table.name,
        front,
        back,
        between,
        "does not read whole"
    );
    Ok((front + back + between, false))
}

/// Copies rows until one does not read or was copied before; gives how many, and whether all of them read.
fn walk(
    from: &Connection,
    to: &Connection,
    table: &Table,
    direction: &str,
) -> Result<(u64, bool), StoreError> {
    let order: Vec<String> = table
        .order
        .iter()
        .map(|key| format!("{key} {direction}"))
        .collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}",
        table.list(),
        table.name,
        order.join(", ")
    );
    let Ok(mut query) = from.prepare(&sql) else {
        return Ok((0, false));
    };
    let width = query.column_count();
    let Ok(mut rows) = query.query([]) else {
        return Ok((0, false));
    };
    let mut copied = 0;
    loop {
        let values = match rows.next() {
            Ok(None) => return Ok((copied, true)),
            Ok(Some(row)) => values(row, width),
            Err(_) => return Ok((copied, false)),
        };
        let Some(values) = values.ok().filter(|_| !is_spoilt(from)) else {
            return Ok((copied, false));
        };
        if !put(to, table, values)? {
            return Ok((copied, false));
        }
        copied += 1;
    }
}

fn between(from: &mut Source, to: &Connection, table: &Table) -> Result<u64, StoreError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE rowid = ?1",
        table.list(),
        table.name
    );
    let (mut copied, mut unread) = (0, 0);
    for (after, before) in gaps(to, table)? {
        for id in after + 1..before {
            match one(from, &sql, id) {
                Ok(Some(found)) => copied += u64::from(put(to, table, found)?),
                Ok(None) => {}
                Err(_) => {
                    unread += 1;
                    from.again()?;
                }
            }
            if unread > MOST_UNREAD {
                return Ok(copied);
            }
        }
    }
    Ok(copied)
}

fn one(from: &Source, sql: &str, id: i64) -> rusqlite::Result<Option<Vec<Value>>> {
    let mut query = from.sql.prepare_cached(sql)?;
    let width = query.column_count();
    let found = query.query_row([id], |row| values(row, width)).optional()?;
    if is_spoilt(&from.sql) {
        return Err(rusqlite::Error::QueryReturnedNoRows);
    }
    Ok(found)
}

/// Numbers of rows between which nothing was copied.
fn gaps(to: &Connection, table: &Table) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut query = to.prepare(&format!(
        "SELECT id, next FROM (SELECT rowid AS id, lead(rowid) OVER (ORDER BY rowid) AS next FROM {})
         WHERE next > id + 1",
        table.name
    ))?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn values(row: &rusqlite::Row<'_>, width: usize) -> rusqlite::Result<Vec<Value>> {
    (0..width).map(|at| row.get(at)).collect()
}

/// Whether it was not there yet.
fn put(to: &Connection, table: &Table, values: Vec<Value>) -> Result<bool, StoreError> {
    let marks = vec!["?"; values.len()].join(", ");
    let mut insert = to.prepare_cached(&format!(
        "INSERT OR IGNORE INTO {} ({}) VALUES ({marks})",
        table.name,
        table.list()
    ))?;
    Ok(insert.execute(params_from_iter(values))? > 0)
}
