//! Schemas from before the first frozen set. No program of their time wrote these databases: a frozen one is taken
//! back step by step, by statements that undo just what the step did, and only where nothing lies in what an older
//! program could not have known.

use super::kept::opened;
use crate::market::{Step, Stopped};
use crate::sim::chance::Chance;
use rusqlite::Connection;
use std::path::Path;

/// How a step is undone.
struct Back {
    /// The step.
    step: i64,
    /// A row here is of the step's own time.
    only_without: &'static [&'static str],
    /// The statements.
    sql: &'static str,
}

const LOCAL: &[Back] = &[
    Back {
        step: 3,
        only_without: &[
            "SELECT 1 FROM lost_change",
            "SELECT 1 FROM lapsed_receipt",
            "SELECT 1 FROM log WHERE opened_because <> ''",
        ],
        sql: "DROP TABLE lost_change; DROP TABLE lapsed_receipt; ALTER TABLE log DROP COLUMN opened_because;",
    },
    Back {
        step: 2,
        only_without: &["SELECT 1 FROM early"],
        sql: "DROP TABLE early;",
    },
];

const MIRROR: &[Back] = &[
    Back {
        step: 3,
        only_without: &["SELECT 1 FROM record WHERE gone = 1"],
        sql: "ALTER TABLE record DROP COLUMN gone;",
    },
    Back {
        step: 2,
        only_without: &["SELECT 1 FROM record WHERE doubt = 1"],
        sql: "ALTER TABLE record DROP COLUMN doubt;",
    },
];

const SERVER: &[Back] = &[
    Back {
        step: 9,
        only_without: &["SELECT 1 FROM settled"],
        sql: "DROP TABLE settled;",
    },
    Back {
        step: 8,
        only_without: &[],
        sql: "DROP INDEX change_of_operator;",
    },
    Back {
        step: 7,
        only_without: &["SELECT 1 FROM backup", "SELECT 1 FROM missed_file"],
        sql: "DROP TABLE backup; DROP TABLE missed_file;",
    },
];

/// Takes both databases of a phone back by some steps; gives where they stand.
///
/// # Errors
/// A statement does not fit the file.
pub fn phone(home: &Path, chance: &mut Chance) -> Step<(i64, i64)> {
    let numbered = "DELETE FROM migration WHERE number = ?1";
    let local = back(&opened(home, "local.db")?, LOCAL, chance, Some(numbered))?;
    let mirror = back(&opened(home, "mirror.db")?, MIRROR, chance, Some(numbered))?;
    Ok((local, mirror))
}

/// The same for a server.
///
/// # Errors
/// A statement does not fit the file.
pub fn server(home: &Path, chance: &mut Chance) -> Step<i64> {
    let doing = |e: rusqlite::Error| Stopped::at("county.db", e);
    let db = Connection::open(home.join("county.db")).map_err(doing)?;
    back(&db, SERVER, chance, None)
}

fn back(db: &Connection, steps: &[Back], chance: &mut Chance, numbered: Option<&str>) -> Step<i64> {
    let mut times = chance.below(steps.len() as u64 + 1);
    let doing = |e: rusqlite::Error| Stopped::at("take a step back", e);
    loop {
        let stands: i64 = db
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(doing)?;
        let step = steps.iter().find(|step| step.step == stands && times > 0);
        let Some(step) = step.filter(|step| is_empty(db, step)) else {
            return Ok(stands);
        };
        times -= 1;
        db.execute_batch(step.sql).map_err(doing)?;
        if let Some(sql) = numbered {
            db.execute(sql, [stands]).map_err(doing)?;
        }
        db.pragma_update(None, "user_version", stands - 1)
            .map_err(doing)?;
    }
}

fn is_empty(db: &Connection, step: &Back) -> bool {
    step.only_without
        .iter()
        .all(|sql| matches!(db.prepare(sql).and_then(|mut q| q.exists([])), Ok(false)))
}
