//! Photo rows: from the opened camera to the sealed original. A photo belongs to one inspection or
//! amendment and is never moved to another by a guess.

use super::{Read, Write, drafts};
use crate::store::StoreError;
use crate::store::row::{from_code, from_hex, from_json, id_at, to_code, to_i64, to_json, to_u64};
use rusqlite::{Row, ToSql, params};
use uuid::Uuid;
use xunji_domain::ids::PhotoId;
use xunji_domain::inspection::{PhotoOrigin, PhotoPurpose};
use xunji_domain::time::ClockReading;
use xunji_protocol::digest::Digest;

/// Where a photo stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "device.ts")]
pub enum PhotoState {
    /// The camera was opened for it.
    Expected,
    /// Its original is sealed on this phone.
    Sealed,
    /// Nothing could be taken over.
    Failed,
    /// Given up by the inspector.
    Cancelled,
}

/// Whether thumbnail and copy were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "device.ts")]
pub enum Derived {
    /// Not yet.
    No,
    /// Both are here.
    Yes,
    /// More pixels than are decoded: only the original is kept and sent.
    TooLarge,
    /// The bytes are no whole image.
    Damaged,
}

/// What is known of an original once it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of the clear bytes.
    pub sha256: Digest,
    /// Clear bytes.
    pub size: u64,
    /// 已损坏.
    pub damaged: bool,
    /// When it was taken over.
    pub at: ClockReading,
}

/// One photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoRow {
    /// Id.
    pub id: PhotoId,
    /// Inspection or amendment.
    pub draft: Uuid,
    /// What it shows.
    pub purpose: PhotoPurpose,
    /// Camera or gallery.
    pub origin: PhotoOrigin,
    /// Where it stands.
    pub state: PhotoState,
    /// When the camera was opened.
    pub expected_at: ClockReading,
    /// The original; `None` until it is sealed.
    pub sealed: Option<Sealed>,
    /// Thumbnail and copy.
    pub derived: Derived,
    /// What went wrong, in Chinese; empty when nothing did.
    pub problem: String,
}

const COLUMNS: &str =
    "p.id, p.draft, p.purpose, p.origin, p.state, p.expected_at, p.taken_at, p.sha256, p.size,
     p.damaged, p.derived, p.problem FROM photo p";

/// Stands for the inspection of a photo of unknown record: 待归位.
pub const TRAY: Uuid = Uuid::nil();

/// Adds an expected photo, before the camera opens.
///
/// # Errors
/// Those of the file.
pub fn expect(write: &Write<'_>, photo: &PhotoRow) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO photo (id, draft, purpose, origin, state, expected_at) VALUES (?1, ?2, ?3, ?4, 'expected', ?5)",
        params![
            photo.id.as_bytes(),
            photo.draft.as_bytes(),
            to_json("photo.purpose", &photo.purpose)?,
            to_code("photo.origin", &photo.origin)?,
            to_json("photo.expected_at", &photo.expected_at)?
        ],
    )?;
    Ok(())
}

/// The original is sealed and durable: the photo counts as saved with this row. It changes the record,
/// so signatures made before are void.
///
/// # Errors
/// Those of the file.
pub fn seal(
    write: &Write<'_>,
    id: PhotoId,
    origin: PhotoOrigin,
    sealed: &Sealed,
) -> Result<(), StoreError> {
    let changed = write.sql.query_row(
        "SELECT draft FROM photo WHERE id = ?1",
        [id.as_bytes()],
        |row| id_at(row, 0),
    )?;
    drafts::void_signatures(write, changed)?;
    write.sql.execute(
        "UPDATE photo SET state = 'sealed', origin = ?2, sha256 = ?3, size = ?4, damaged = ?5, taken_at = ?6,
             problem = '' WHERE id = ?1",
        params![
            id.as_bytes(),
            to_code("photo.origin", &origin)?,
            sealed.sha256.to_hex(),
            to_i64("photo.size", sealed.size)?,
            sealed.damaged,
            to_json("photo.taken_at", &sealed.at)?
        ],
    )?;
    Ok(())
}

/// Changes the state of a photo that was not sealed, with the sentence that explains it.
///
/// # Errors
/// Those of the file.
pub fn set_state(
    write: &Write<'_>,
    id: PhotoId,
    state: PhotoState,
    problem: &str,
) -> Result<(), StoreError> {
    let code = to_code("photo.state", &state)?;
    write.sql.execute(
        "UPDATE photo SET state = ?2, problem = ?3 WHERE id = ?1",
        params![id.as_bytes(), code, problem],
    )?;
    Ok(())
}

/// Says what became of thumbnail and copy; `damaged` is kept once it was seen, and voids signatures
/// that were made before it was.
///
/// # Errors
/// Those of the file.
pub fn set_derived(
    write: &Write<'_>,
    id: PhotoId,
    derived: Derived,
    problem: &str,
) -> Result<(), StoreError> {
    let (draft, before) = write.sql.query_row(
        "SELECT draft, damaged FROM photo WHERE id = ?1",
        [id.as_bytes()],
        |row| Ok((id_at(row, 0)?, row.get::<_, bool>(1)?)),
    )?;
    if derived == Derived::Damaged && !before {
        drafts::void_signatures(write, draft)?;
    }
    write.sql.execute(
        "UPDATE photo SET derived = ?2, problem = ?3, damaged = max(damaged, ?4) WHERE id = ?1",
        params![
            id.as_bytes(),
            to_code("photo.derived", &derived)?,
            problem,
            derived == Derived::Damaged
        ],
    )?;
    Ok(())
}

/// Says what a photo shows.
///
/// # Errors
/// Those of the file.
pub fn set_purpose(
    write: &Write<'_>,
    id: PhotoId,
    purpose: &PhotoPurpose,
) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE photo SET purpose = ?2 WHERE id = ?1",
        params![id.as_bytes(), to_json("photo.purpose", purpose)?],
    )?;
    Ok(())
}

/// One photo.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, id: PhotoId) -> Result<Option<PhotoRow>, StoreError> {
    Ok(list(read, "WHERE p.id = ?1", params![id.as_bytes()])?.pop())
}

/// Photos of an inspection or amendment, in the order they were asked for, cancelled ones left out.
///
/// # Errors
/// Those of the file.
pub fn of_draft(read: &Read<'_>, draft: Uuid) -> Result<Vec<PhotoRow>, StoreError> {
    list(
        read,
        "WHERE p.draft = ?1 AND p.state <> 'cancelled' ORDER BY p.rowid",
        params![draft.as_bytes()],
    )
}

/// Photos still expected for the same inspection and purpose.
///
/// # Errors
/// Those of the file.
pub fn expected_for(
    read: &Read<'_>,
    draft: Uuid,
    purpose: &PhotoPurpose,
) -> Result<Vec<PhotoId>, StoreError> {
    let rows = of_draft(read, draft)?.into_iter();
    let same = rows.filter(|row| row.state == PhotoState::Expected && row.purpose == *purpose);
    Ok(same.map(|row| row.id).collect())
}

/// Gives a photo of the tray its inspection. Its copies are made again, with the record's watermark.
///
/// # Errors
/// Those of the file.
pub fn leave_tray(write: &Write<'_>, id: PhotoId, draft: Uuid) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE photo SET draft = ?2, derived = 'no', problem = '' WHERE id = ?1 AND draft = ?3",
        params![id.as_bytes(), draft.as_bytes(), TRAY.as_bytes()],
    )?;
    Ok(())
}

/// Photos in a state.
///
/// # Errors
/// Those of the file.
pub fn in_state(read: &Read<'_>, state: PhotoState) -> Result<Vec<PhotoRow>, StoreError> {
    list(
        read,
        "WHERE p.state = ?1 ORDER BY p.rowid",
        params![to_code("photo.state", &state)?],
    )
}

/// Sealed photos without thumbnail and copy.
///
/// # Errors
/// Those of the file.
pub fn to_derive(read: &Read<'_>) -> Result<Vec<PhotoRow>, StoreError> {
    list(
        read,
        "WHERE p.state = 'sealed' AND p.derived = 'no' ORDER BY p.rowid",
        params![],
    )
}

/// Photos with this original.
///
/// # Errors
/// Those of the file.
pub fn with_original(read: &Read<'_>, sha256: Digest) -> Result<Vec<PhotoRow>, StoreError> {
    list(
        read,
        "WHERE p.sha256 = ?1 ORDER BY p.rowid",
        params![sha256.to_hex()],
    )
}

pub(in crate::store) fn list(
    read: &Read<'_>,
    rest: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<PhotoRow>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached(&format!("SELECT {COLUMNS} {rest}"))?;
    let mut rows = query.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(of_row(row)?);
    }
    Ok(found)
}

fn of_row(row: &Row<'_>) -> Result<PhotoRow, StoreError> {
    let (purpose, expected_at): (String, String) = (row.get(2)?, row.get(5)?);
    Ok(PhotoRow {
        id: PhotoId(id_at(row, 0)?),
        draft: id_at(row, 1)?,
        purpose: from_json("photo.purpose", &purpose)?,
        origin: from_code("photo.origin", row.get(3)?)?,
        state: from_code("photo.state", row.get(4)?)?,
        expected_at: from_json("photo.expected_at", &expected_at)?,
        sealed: sealed_of(row)?,
        derived: from_code("photo.derived", row.get(10)?)?,
        problem: row.get(11)?,
    })
}

fn sealed_of(row: &Row<'_>) -> Result<Option<Sealed>, StoreError> {
    let (at, sha256): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    let (Some(at), Some(sha256)) = (at, sha256) else {
        return Ok(None);
    };
    Ok(Some(Sealed {
        sha256: from_hex("photo.sha256", &sha256)?,
        size: to_u64("photo.size", row.get(8)?)?,
        damaged: row.get(9)?,
        at: from_json("photo.taken_at", &at)?,
    }))
}
