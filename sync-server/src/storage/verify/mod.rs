//! Looks through a county's database and files, offline, and names what does not hold. Nothing is
//! written and nothing is believed: every hash is computed anew, every signature checked against its
//! key, every derived row made again and compared.
//!
//! What it cannot see: that a log was cut back, with everything that rests on it, to a head that was once
//! the last. The receipts on the phones show that.

mod changes;
mod conflicts;
mod database;
mod devices;
mod drafts;
mod erased;
mod feeds;
mod files;
mod found;
mod heads;
mod logs;
mod open;
mod records;
mod register;
mod reports;
mod scratch;
mod settled;
mod verdicts;

pub use found::{Flaw, Found, Kind};

use super::error::StoreError;
use crate::blobs::{BlobError, Folder};
use crate::keys::Keys;
use crate::storage::console::raw::RawRecord;
use rusqlite::{Connection, Params, Row};
use std::path::Path;
use xunji_domain::inspection::InspectionContent;
use xunji_protocol::keys::{PublicKey, public_key};

/// What signatures and ids are compared with.
struct Against<'a> {
    keys: &'a Keys,
    receipts: [PublicKey; 1],
    blobs: &'a Folder,
    judge: Judge<'a>,
}

/// Rebuilds a record from its signed bytes and compares it with what stands: its content, or what does
/// not hold.
pub type Judge<'a> = &'a dyn Fn(&RawRecord) -> Result<InspectionContent, String>;

/// What is looked at.
pub struct Evidence<'a> {
    /// The database.
    pub database: &'a Path,
    /// The county's keys.
    pub keys: &'a Keys,
    /// Its files.
    pub blobs: &'a Folder,
    /// How a record is rebuilt.
    pub judge: Judge<'a>,
}

/// Why a look could not be taken. Not: what it found.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The database does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of files does not open.
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

/// Looks at everything. `say` is told what is being looked at and how far it has come.
///
/// # Errors
/// [`VerifyError`] when the database is not there, is not ours, or was made by a newer program.
pub fn verify(evidence: &Evidence<'_>, say: &dyn Fn(&str, u64)) -> Result<Found, VerifyError> {
    loop {
        let opened = open::open(evidence.database)?;
        let found = look(&opened.db, evidence, say)?;
        // A server that began to write in the middle of it: what was read belongs to no one moment.
        if opened.lay_still() {
            return Ok(found);
        }
    }
}

fn look(
    db: &Connection,
    evidence: &Evidence<'_>,
    say: &dyn Fn(&str, u64),
) -> Result<Found, VerifyError> {
    let mut found = Found::default();
    let against = Against {
        keys: evidence.keys,
        receipts: [public_key(&evidence.keys.receipts)],
        blobs: evidence.blobs,
        judge: evidence.judge,
    };
    database::is_ours(db)?;
    // One transaction: all that is compared is of one moment.
    let transaction = db.unchecked_transaction().map_err(StoreError::from)?;
    type Part = fn(&Connection, &Against<'_>, &mut Found) -> Result<(), StoreError>;
    let parts: [(Kind, Part); 11] = [
        (Kind::Database, database::check),
        (Kind::Device, devices::check),
        (Kind::Log, logs::check),
        (Kind::Verdict, verdicts::check),
        (Kind::Feed, feeds::check),
        (Kind::Register, register::check),
        (Kind::Record, records::check),
        (Kind::Record, erased::check),
        (Kind::Report, reports::check),
        (Kind::Draft, drafts::check),
        (Kind::File, files::check),
    ];
    for (kind, part) in parts {
        let before = found.looked_at;
        if let Err(e) = part(&transaction, &against, &mut found) {
            found.flaw(kind, "-", format!("cannot be read to its end: {e}"));
        }
        say(kind.words().0, found.looked_at - before);
    }
    found.witnesses = transaction
        .query_row("SELECT count(*) FROM witness", [], |row| row.get(0))
        .map(i64::unsigned_abs)
        .map_err(StoreError::from)?;
    files::check_bytes(&transaction, &against, &mut found, say)?;
    Ok(found)
}

/// Reads rows one by one; one that does not read is a flaw, and the next is read.
fn each<T>(
    db: &Connection,
    found: &mut Found,
    (kind, sql): (Kind, &str),
    parameters: impl Params,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    mut then: impl FnMut(&mut Found, T),
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut n = 0_u64;
    while let Some(row) = rows.next()? {
        n += 1;
        found.looked_at += 1;
        match read(row) {
            Ok(value) => then(found, value),
            Err(e) => found.flaw(kind, format!("row {n}"), format!("does not read: {e}")),
        }
    }
    Ok(())
}

/// Queries that must give nothing: kind, what is wrong, and a text per case that names the place.
fn never(
    db: &Connection,
    found: &mut Found,
    bureau: &[u8],
    queries: &[(Kind, &str, &str)],
) -> Result<(), StoreError> {
    for (kind, what, sql) in queries {
        let read = |row: &Row<'_>| row.get::<_, String>(0);
        each(db, found, (*kind, *sql), [bureau], read, |found, place| {
            found.looked_at -= 1;
            found.flaw(*kind, place, *what);
        })?;
    }
    Ok(())
}
