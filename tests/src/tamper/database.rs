//! One place of a database is altered: a value, a row, two rows against each other, an envelope with a
//! fresh hash, or a raw bit of the file.

mod forge;

use self::forge::forge;
use crate::market::{Step, Stopped};
use crate::sim::chance::Chance;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;

/// Tables that prove nothing and derive from nothing: sign-ins, tokens, codes, what is under way, who
/// opened what, which backups were made, which files are asked for again, copies of what a
/// phone holds, its sealed key and who had that opened.
const NO_EVIDENCE: &[&str] = &[
    "account",
    "session",
    "token",
    "enrol_code",
    "upload",
    "opening",
    "batch",
    "backup",
    "missed_file",
    "draft_copy",
    "key_escrow",
    "key_release",
    "store_meta",
];
/// Columns that nothing else says: whether a phone is revoked, when it was last seen and enrolled, who
/// pressed the button of a report and on how many pages it came.
const NO_PROOF: &[(&str, &str)] = &[
    ("device", "state"),
    ("device", "seen_at"),
    ("device", "enrolled_at"),
    ("report", "created_by"),
    ("report", "pages"),
];
/// Times beside a signed one: within the minute they prove nothing more than it does.
const MINUTE: i64 = 60_000;
const DAY: u64 = 86_400_000;

/// A table of evidence.
pub struct Table {
    name: String,
    keys: Vec<String>,
    columns: Vec<String>,
}

/// The tables of evidence, with the columns that are.
///
/// # Errors
/// The database does not read.
pub fn tables(db: &Connection) -> Step<Vec<Table>> {
    let names = texts(
        db,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        "",
    )?;
    let mut found = Vec::new();
    for name in names
        .into_iter()
        .filter(|n| !NO_EVIDENCE.contains(&n.as_str()))
    {
        let keys = texts(
            db,
            "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk",
            &name,
        )?;
        let columns = texts(
            db,
            "SELECT name FROM pragma_table_info(?1) ORDER BY cid",
            &name,
        )?;
        let proves = |column: &String| !NO_PROOF.contains(&(name.as_str(), column.as_str()));
        found.push(Table {
            columns: columns.into_iter().filter(proves).collect(),
            keys,
            name,
        });
    }
    Ok(found)
}

/// All evidence, value by value, however it lies in the file.
///
/// # Errors
/// The database does not read.
pub fn content(db: &Connection) -> Step<Vec<String>> {
    let mut all = Vec::new();
    for table in tables(db)? {
        let (name, columns) = (&table.name, table.columns.join(", "));
        let sql = format!(
            "SELECT {columns} FROM {name} ORDER BY {}",
            table.keys.join(", ")
        );
        let mut statement = db.prepare(&sql).map_err(|e| Stopped::at(&sql, e))?;
        let mut rows = statement.query([]).map_err(|e| Stopped::at(&sql, e))?;
        while let Some(row) = rows.next().map_err(|e| Stopped::at(&sql, e))? {
            for (n, column) in table.columns.iter().enumerate() {
                let value: Value = row.get(n).map_err(|e| Stopped::at(&sql, e))?;
                all.push(format!("{name}.{column} {value:?}"));
            }
        }
    }
    Ok(all)
}

/// Alters one place and says which; `None` where the dice met nothing that can be altered.
///
/// # Errors
/// The database does not open.
pub fn alter(path: &Path, chance: &mut Chance) -> Step<Option<String>> {
    let db = open(path)?;
    let tables = tables(&db)?;
    let table = tables
        .get(chance.index(tables.len()))
        .ok_or_else(|| Stopped("no tables".to_owned()))?;
    let done = match chance.below(13) {
        0..=4 => flip(&db, table, chance),
        5 | 6 => remove(&db, table, chance),
        7 | 8 => swap(&db, table, chance),
        9 => copy(&db, table, chance),
        10 => backdate(&db, &tables, chance),
        _ => forge(&db, &tables, chance),
    };
    // What the schema itself refuses is no tampering.
    Ok(done.unwrap_or(None))
}

/// Flips a bit anywhere in the file.
///
/// # Errors
/// Those of the disk.
pub fn raw(path: &Path, pristine: &[u8], chance: &mut Chance) -> Step<String> {
    let mut bytes = pristine.to_vec();
    let at = chance.index(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << chance.below(8);
    }
    std::fs::write(path, bytes).map_err(|e| Stopped::at("flip a bit", e))?;
    Ok(format!("bit flipped at byte {at} of the file"))
}

fn open(path: &Path) -> Step<Connection> {
    let doing = |e: rusqlite::Error| Stopped::at("alter the database", e);
    let db = Connection::open(path).map_err(doing)?;
    // Whoever alters the file by hand is held up by no rule in it.
    db.execute_batch(
        "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;",
    )
    .map_err(doing)?;
    Ok(db)
}

fn texts(db: &Connection, sql: &str, of: &str) -> Step<Vec<String>> {
    let doing = |e: rusqlite::Error| Stopped::at(sql, e);
    let mut statement = db.prepare(sql).map_err(doing)?;
    let of: &[&dyn rusqlite::ToSql] = if of.is_empty() { &[] } else { &[&of] };
    let rows = statement.query_map(of, |row| row.get(0)).map_err(doing)?;
    rows.collect::<Result<_, _>>().map_err(doing)
}

type Done = rusqlite::Result<Option<String>>;

impl Table {
    /// The key of a drawn row.
    fn drawn(&self, db: &Connection, chance: &mut Chance) -> rusqlite::Result<Option<Vec<Value>>> {
        let count: u64 =
            db.query_row(&format!("SELECT count(*) FROM {}", self.name), [], |row| {
                row.get::<_, i64>(0).map(i64::unsigned_abs)
            })?;
        if count == 0 {
            return Ok(None);
        }
        let keys = self.keys.join(", ");
        let sql = format!(
            "SELECT {keys} FROM {} ORDER BY {keys} LIMIT 1 OFFSET {}",
            self.name,
            chance.below(count)
        );
        db.query_row(&sql, [], |row| {
            (0..self.keys.len())
                .map(|n| row.get(n))
                .collect::<rusqlite::Result<_>>()
                .map(Some)
        })
    }

    fn here(&self) -> String {
        let terms: Vec<String> = (1..)
            .zip(&self.keys)
            .map(|(n, key)| format!("{key} = ?{n}"))
            .collect();
        terms.join(" AND ")
    }

    fn value(&self, db: &Connection, key: &[Value], column: &str) -> rusqlite::Result<Value> {
        let sql = format!("SELECT {column} FROM {} WHERE {}", self.name, self.here());
        db.query_row(&sql, params_from_iter(key), |row| row.get(0))
    }

    fn set(
        &self,
        db: &Connection,
        key: &[Value],
        column: &str,
        value: Value,
    ) -> rusqlite::Result<usize> {
        let n = key.len() + 1;
        let sql = format!(
            "UPDATE {} SET {column} = ?{n} WHERE {}",
            self.name,
            self.here()
        );
        db.execute(&sql, params_from_iter(key.iter().cloned().chain([value])))
    }

    fn column(&self, chance: &mut Chance) -> &str {
        self.columns
            .get(chance.index(self.columns.len()))
            .map_or("", String::as_str)
    }
}

fn is_time(column: &str) -> bool {
    column.ends_with("_at") || column == "at"
}

/// Another value of the same type.
fn altered(column: &str, value: Value, chance: &mut Chance) -> Option<Value> {
    Some(match value {
        Value::Null | Value::Real(_) => return None,
        Value::Integer(n) if is_time(column) => {
            let by = MINUTE + 1 + i64::try_from(chance.below(1_000 * DAY)).unwrap_or(0);
            Value::Integer(if chance.one_in(2) { n + by } else { n - by })
        }
        Value::Integer(n) => {
            let by = 1 + i64::try_from(chance.below(3)).unwrap_or(0);
            Value::Integer(if chance.one_in(2) { n + by } else { n - by })
        }
        Value::Text(text) => {
            let mut bytes = text.into_bytes();
            let at = chance.index(bytes.len());
            *bytes.get_mut(at)? ^= 1;
            Value::Text(String::from_utf8(bytes).ok()?)
        }
        Value::Blob(mut bytes) => {
            let at = chance.index(bytes.len());
            // A letter's case in JSON may mean the same; its lowest bit never does.
            let bit = if bytes.starts_with(b"{") {
                0
            } else {
                chance.below(8)
            };
            *bytes.get_mut(at)? ^= 1 << bit;
            Value::Blob(bytes)
        }
    })
}

/// The id of a log in which nothing was ever written: no other row knows it.
fn says_nothing(
    db: &Connection,
    table: &Table,
    key: &[Value],
    column: &str,
) -> rusqlite::Result<bool> {
    Ok(table.name == "log"
        && column == "log"
        && table.value(db, key, "head_seq")? == Value::Integer(0))
}

fn short(value: &Value) -> String {
    format!("{value:?}").chars().take(120).collect()
}

fn flip(db: &Connection, table: &Table, chance: &mut Chance) -> Done {
    let column = table.column(chance).to_owned();
    let Some(key) = table.drawn(db, chance)? else {
        return Ok(None);
    };
    if says_nothing(db, table, &key, &column)? {
        return Ok(None);
    }
    let before = table.value(db, &key, &column)?;
    let Some(value) = altered(&column, before.clone(), chance) else {
        return Ok(None);
    };
    let what = format!(
        "{}.{column} from {} to {} in {key:?}",
        table.name,
        short(&before),
        short(&value)
    );
    table.set(db, &key, &column, value)?;
    Ok(Some(what))
}

fn remove(db: &Connection, table: &Table, chance: &mut Chance) -> Done {
    let Some(key) = table.drawn(db, chance)? else {
        return Ok(None);
    };
    let sql = format!("DELETE FROM {} WHERE {}", table.name, table.here());
    db.execute(&sql, params_from_iter(&key))?;
    Ok(Some(format!("row of {} removed: {key:?}", table.name)))
}

fn swap(db: &Connection, table: &Table, chance: &mut Chance) -> Done {
    let column = table.column(chance).to_owned();
    let (Some(one), Some(other)) = (table.drawn(db, chance)?, table.drawn(db, chance)?) else {
        return Ok(None);
    };
    let (first, second) = (
        table.value(db, &one, &column)?,
        table.value(db, &other, &column)?,
    );
    let near = match (&first, &second) {
        (Value::Integer(a), Value::Integer(b)) if is_time(&column) => a.abs_diff(*b) <= 60_000,
        _ => first == second,
    };
    if near || table.keys.contains(&column) {
        return Ok(None);
    }
    table.set(db, &one, &column, second)?;
    table.set(db, &other, &column, first)?;
    Ok(Some(format!(
        "{}.{column} exchanged between {one:?} and {other:?}",
        table.name
    )))
}

/// A row that was never written: a copy under another key.
fn copy(db: &Connection, table: &Table, chance: &mut Chance) -> Done {
    let (Some(key), Some(last)) = (table.drawn(db, chance)?, table.keys.last()) else {
        return Ok(None);
    };
    let value = table.value(db, &key, last)?;
    let Some(value) = altered(last, value, chance) else {
        return Ok(None);
    };
    let all: Vec<String> = {
        let sql = format!("SELECT name FROM pragma_table_info('{}')", table.name);
        let mut statement = db.prepare(&sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    let n = key.len() + 1;
    let picked: Vec<String> = all
        .iter()
        .map(|c| {
            if c == last {
                format!("?{n}")
            } else {
                c.clone()
            }
        })
        .collect();
    let sql = format!(
        "INSERT INTO {0} ({1}) SELECT {2} FROM {0} WHERE {3}",
        table.name,
        all.join(", "),
        picked.join(", "),
        table.here()
    );
    db.execute(&sql, params_from_iter(key.iter().cloned().chain([value])))?;
    Ok(Some(format!("row of {} doubled: {key:?}", table.name)))
}

/// A time of some table is another.
fn backdate(db: &Connection, tables: &[Table], chance: &mut Chance) -> Done {
    let times: Vec<(&Table, &String)> = tables
        .iter()
        .flat_map(|t| t.columns.iter().map(move |c| (t, c)))
        .filter(|(_, column)| is_time(column))
        .collect();
    let Some((table, column)) = times.get(chance.index(times.len())) else {
        return Ok(None);
    };
    let Some(key) = table.drawn(db, chance)? else {
        return Ok(None);
    };
    let Some(value) = altered(column, table.value(db, &key, column)?, chance) else {
        return Ok(None);
    };
    table.set(db, &key, column, value)?;
    Ok(Some(format!(
        "{}.{column} backdated in {key:?}",
        table.name
    )))
}
