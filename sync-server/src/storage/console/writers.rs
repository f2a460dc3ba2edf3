//! Who wrote what into an entry of the register: read from the changes themselves, for one who has to
//! decide between values.

use crate::storage::columns::{digest, id, optional_id};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};
use serde_json::Value;
use xunji_domain::ids::{BureauId, InspectionId, LogId, OperatorId, PersonId};
use xunji_domain::operator::Operator;
use xunji_domain::time::{ClockReading, Millis};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::Payload;
use xunji_protocol::schema::read_body;

/// One change that gave a field a value.
#[derive(Clone, Debug)]
pub struct Writer {
    /// The change.
    pub change: Digest,
    /// Its kind.
    pub kind: String,
    /// The value it wrote.
    pub value: Value,
    /// Who.
    pub author: PersonId,
    /// His name today; `None` when the roster does not know him any more.
    pub name: Option<String>,
    /// The line it stands in, and the short code of the phone; `None` for the bureau's own.
    pub log: LogId,
    /// As records number it.
    pub phone: Option<String>,
    /// What the phone's clock said.
    pub captured_at: ClockReading,
    /// When the server stored it.
    pub stored_at: Millis,
    /// The record it came with.
    pub record: Option<(InspectionId, String)>,
}

/// Everybody who wrote a field of an entry, in the order in which the server stored it. A certificate may
/// also come with a visit.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn of_field(
    store: &Store,
    bureau: BureauId,
    operator: OperatorId,
    field: String,
) -> Result<Vec<Writer>, StoreError> {
    store.read(move |db| {
        let mut found = spoken(db, bureau, operator, &field)?;
        if field.starts_with("licence.") {
            found.extend(visited(db, bureau, operator, &field)?);
        }
        found.sort_by_key(|(order, writer)| (writer.stored_at, *order));
        let mut writers = Vec::with_capacity(found.len());
        for (_, mut writer) in found {
            writer.name = person_name(db, bureau, writer.author)?;
            writers.push(writer);
        }
        Ok(writers)
    })
}

/// The name of a person of the county.
pub(in crate::storage) fn person_name(
    db: &Connection,
    bureau: BureauId,
    person: PersonId,
) -> Result<Option<String>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT name FROM person WHERE bureau = ?1 AND person = ?2")?;
    let name = statement.query_row(params![bureau.as_bytes(), person.as_bytes()], |row| {
        row.get(0)
    });
    Ok(name.optional()?)
}

const SPOKEN: &str = "SELECT c.hash, c.log, c.envelope, c.body, c.stored_at, l.owner, l.short_code, NULL, NULL, c.rowid
    FROM change c JOIN log l ON l.bureau = c.bureau AND l.log = c.log
    JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash AND v.verdict = 'applied'
    WHERE c.bureau = ?1 AND c.kind IN ('operator.registered', 'operator.edited', 'conflict.resolved')
      AND CASE WHEN json_valid(CAST(c.envelope AS TEXT)) THEN CAST(c.envelope AS TEXT) ->> '$.records[0]' END = ?2";

const VISITED: &str = "SELECT c.hash, c.log, c.envelope, c.body, c.stored_at, l.owner, l.short_code, i.inspection, i.record_no, c.rowid
    FROM inspection i JOIN change c ON c.bureau = i.bureau AND c.hash = i.signed_change
    JOIN log l ON l.bureau = c.bureau AND l.log = c.log WHERE i.bureau = ?1 AND i.operator = ?2";

type Ordered = (i64, Writer);

fn spoken(
    db: &Connection,
    bureau: BureauId,
    operator: OperatorId,
    field: &str,
) -> Result<Vec<Ordered>, StoreError> {
    let key = params![bureau.as_bytes(), operator.to_string()];
    writers(db, SPOKEN, key, field)
}

fn visited(
    db: &Connection,
    bureau: BureauId,
    operator: OperatorId,
    field: &str,
) -> Result<Vec<Ordered>, StoreError> {
    let key = params![bureau.as_bytes(), operator.as_bytes()];
    writers(db, VISITED, key, field)
}

fn writers(
    db: &Connection,
    sql: &str,
    key: impl Params,
    field: &str,
) -> Result<Vec<Ordered>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(key, |row| writer(row, field))?;
    let found: Vec<Option<Ordered>> = rows.collect::<Result<_, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// The change of a row, when it wrote the field. One that does not read any more is named by `verify`.
fn writer(row: &Row<'_>, field: &str) -> rusqlite::Result<Option<Ordered>> {
    let (envelope, body): (Vec<u8>, Option<Vec<u8>>) = (row.get(2)?, row.get(3)?);
    let Some((envelope, value)) = said(&envelope, body.as_deref(), field) else {
        return Ok(None);
    };
    let owner: String = row.get(5)?;
    let short: String = row.get(6)?;
    let record_no: Option<String> = row.get(8)?;
    let inspection = optional_id(row, 7)?.map(InspectionId);
    let writer = Writer {
        change: digest(row, 0)?,
        kind: envelope.kind,
        value,
        author: envelope.author,
        name: None,
        log: LogId(id(row, 1)?),
        phone: (owner == "device").then_some(short),
        captured_at: envelope.captured_at,
        stored_at: Millis(row.get(4)?),
        record: inspection.zip(record_no),
    };
    Ok(Some((row.get(9)?, writer)))
}

fn said(envelope: &[u8], body: Option<&[u8]>, field: &str) -> Option<(Envelope, Value)> {
    let envelope: Envelope = serde_json::from_slice(envelope).ok()?;
    let payload = read_body(&envelope, body?).ok()?;
    let value = match payload {
        Payload::OperatorRegistered(entry) => value_of(&entry, field)?,
        Payload::OperatorEdited(edit) => {
            let write = edit
                .writes
                .into_iter()
                .rfind(|write| write.field == field)?;
            write.new
        }
        Payload::InspectionSigned(signed) => {
            let check = signed.content.licences.into_iter().rfind(|check| {
                serde_json::to_value(check.licence.kind).ok()
                    == field.strip_prefix("licence.").map(Value::from)
            })?;
            serde_json::to_value(check.licence).ok()?
        }
        Payload::ConflictResolved(decided) if decided.field == field => decided.value,
        _ => return None,
    };
    Some((envelope, value))
}

/// What a new entry said of a field; a certificate that it did not name was not written.
fn value_of(entry: &Operator, field: &str) -> Option<Value> {
    let value = entry.field(field).ok()?;
    (!value.is_null()).then_some(value)
}
