//! Rows of uploads under way: who has them now, how long they live, and which are given up. The bytes
//! are [`crate::blobs`]'.

use super::columns::{count, digest, id, to_column};
use super::error::StoreError;
use super::files::{is_here, kind, original_column};
use super::store::Store;
use crate::blobs::UploadId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use xunji_domain::ids::{BureauId, LogId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::limits::UPLOAD_LIFE_MS;
use xunji_protocol::steps::files::{FileKind, FileMeta};

/// The row names the time of the last byte to the minute, so that not every request writes it.
const LAG_MS: i64 = 60_000;

const COLUMNS: &str = "upload, log, sha256, kind, original, size, fence, last_byte_at, lapsed_at";

/// One upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its name on the wire.
    pub id: UploadId,
    /// What it brings.
    pub meta: FileMeta,
    /// Bytes when whole.
    pub size: u64,
    /// The request that took it last; an older one appends nothing more.
    pub fence: u64,
    /// Server time of its last byte, or of its creation, to the minute.
    pub last_byte_at: Millis,
    /// Its bytes were given up while a record waited for them.
    pub lapsed: bool,
}

impl Upload {
    /// One that was just announced, taken by the request that announced it.
    pub fn new(id: UploadId, meta: FileMeta, size: u64, now: Millis) -> Self {
        Self {
            id,
            meta,
            size,
            fence: 1,
            last_byte_at: now,
            lapsed: false,
        }
    }

    /// When it is given up, as long as it is not whole and no byte comes: never sooner than 30 days
    /// after the last one.
    pub fn expires_at(&self) -> Millis {
        Millis(self.last_byte_at.0.saturating_add(UPLOAD_LIFE_MS + LAG_MS))
    }

    /// Whether its time is over, if it is not whole.
    pub fn is_over(&self, now: Millis) -> bool {
        self.lapsed || self.expires_at() <= now
    }
}

/// What became of an upload whose time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// Nobody waits for it: its row is gone.
    Removed,
    /// A record waits for it: its row stays and says that the bytes did not all come.
    Awaited,
    /// Another request has it, a byte came, or it is whole by now: it lives.
    Lives,
}

/// Finds the upload of a file by a log, or makes this one, whose staging is durable already. An unfinished
/// one whose time is over is replaced; its id is the second of the pair.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn begin(
    store: &Store,
    bureau: BureauId,
    new: Upload,
) -> Result<(Upload, Option<UploadId>), StoreError> {
    store.write(move |db| {
        let mut replaced = None;
        if let Some(found) = by_meta(db, bureau, &new.meta)? {
            if !found.is_over(new.last_byte_at) || is_here(db, bureau, &found.meta)? {
                return Ok((found, None));
            }
            delete(db, bureau, found.id)?;
            replaced = Some(found.id);
        }
        insert(db, bureau, &new)?;
        Ok((new, replaced))
    })
}

/// The upload of a file by a log, when there is one.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn find(store: &Store, bureau: BureauId, meta: FileMeta) -> Result<Option<Upload>, StoreError> {
    store.read(move |db| by_meta(db, bureau, &meta))
}

/// An upload by its id.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn by_id(
    store: &Store,
    bureau: BureauId,
    upload: UploadId,
) -> Result<Option<Upload>, StoreError> {
    store.read(move |db| one(db, bureau, upload))
}

/// Takes an upload for a new request: every older one is fenced off, in this process or another.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn fence(
    store: &Store,
    bureau: BureauId,
    upload: UploadId,
) -> Result<Option<Upload>, StoreError> {
    store.write(move |db| {
        let mut statement = db.prepare_cached(&format!(
            "UPDATE upload SET fence = fence + 1 WHERE bureau = ?1 AND upload = ?2 RETURNING {COLUMNS}"
        ))?;
        let key = params![bureau.as_bytes(), upload.0.as_bytes()];
        Ok(statement.query_row(key, upload_row).optional()?)
    })
}

/// Whether no newer request has taken the upload.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn holds(
    store: &Store,
    bureau: BureauId,
    upload: UploadId,
    fence: u64,
) -> Result<bool, StoreError> {
    store.read(move |db| {
        Ok(one(db, bureau, upload)?.is_some_and(|found| found.fence == fence && !found.lapsed))
    })
}

/// Notes that bytes came, unless the row names the same minute already; the time that stands. Also a
/// request that was fenced off meanwhile brought its bytes.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn bytes_came(
    store: &Store,
    bureau: BureauId,
    upload: &Upload,
    now: Millis,
) -> Result<Millis, StoreError> {
    if now.0.saturating_sub(upload.last_byte_at.0) < LAG_MS {
        return Ok(upload.last_byte_at);
    }
    let id = upload.id;
    store.write(move |db| {
        db.execute(
            "UPDATE upload SET last_byte_at = max(last_byte_at, ?3) WHERE bureau = ?1 AND upload = ?2",
            params![bureau.as_bytes(), id.0.as_bytes(), now.0],
        )?;
        Ok(now)
    })
}

/// Unfinished uploads whose time is over, and that were not given up yet.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn over(store: &Store, bureau: BureauId, now: Millis) -> Result<Vec<UploadId>, StoreError> {
    let last_byte = now.0.saturating_sub(UPLOAD_LIFE_MS + LAG_MS);
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT upload FROM upload u WHERE bureau = ?1 AND last_byte_at <= ?2 AND lapsed_at IS NULL AND NOT EXISTS
               (SELECT 1 FROM file f WHERE f.bureau = u.bureau AND f.log = u.log AND f.sha256 = u.sha256
                  AND f.kind = u.kind AND f.original = u.original)",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes(), last_byte], |row| {
            id(row, 0).map(UploadId)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Gives up an upload whose time is over, if the asking request still has it.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn give_up(
    store: &Store,
    bureau: BureauId,
    upload: &Upload,
    now: Millis,
) -> Result<GivenUp, StoreError> {
    let (id, fence) = (upload.id, upload.fence);
    store.write(move |db| {
        let Some(found) = one(db, bureau, id)?.filter(|found| found.fence == fence) else {
            return Ok(GivenUp::Lives);
        };
        if found.lapsed || !found.is_over(now) || is_here(db, bureau, &found.meta)? {
            return Ok(GivenUp::Lives);
        }
        if !is_awaited(db, bureau, &found.meta)? {
            delete(db, bureau, id)?;
            return Ok(GivenUp::Removed);
        }
        db.execute(
            "UPDATE upload SET lapsed_at = ?3 WHERE bureau = ?1 AND upload = ?2",
            params![bureau.as_bytes(), id.0.as_bytes(), now.0],
        )?;
        Ok(GivenUp::Awaited)
    })
}

/// Removes an upload's row, if the asking request still has it. File and receipt are rows of their own.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn remove(store: &Store, bureau: BureauId, upload: &Upload) -> Result<bool, StoreError> {
    let (id, fence) = (upload.id, upload.fence);
    store.write(move |db| {
        let removed = db.execute(
            "DELETE FROM upload WHERE bureau = ?1 AND upload = ?2 AND fence = ?3",
            params![bureau.as_bytes(), id.0.as_bytes(), to_column(fence)],
        )?;
        Ok(removed > 0)
    })
}

fn insert(db: &Connection, bureau: BureauId, new: &Upload) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO upload (bureau, upload, log, sha256, kind, original, size, created_at, fence, last_byte_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8)",
        params![
            bureau.as_bytes(),
            new.id.0.as_bytes(),
            new.meta.log.as_bytes(),
            new.meta.sha256.0,
            new.meta.kind.code(),
            original_column(&new.meta),
            to_column(new.size),
            new.last_byte_at.0,
            to_column(new.fence),
        ],
    )?;
    Ok(())
}

fn delete(db: &Connection, bureau: BureauId, upload: UploadId) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM upload WHERE bureau = ?1 AND upload = ?2",
        params![bureau.as_bytes(), upload.0.as_bytes()],
    )?;
    Ok(())
}

fn one(db: &Connection, bureau: BureauId, upload: UploadId) -> Result<Option<Upload>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM upload WHERE bureau = ?1 AND upload = ?2"
    ))?;
    let key = params![bureau.as_bytes(), upload.0.as_bytes()];
    Ok(statement.query_row(key, upload_row).optional()?)
}

fn by_meta(
    db: &Connection,
    bureau: BureauId,
    meta: &FileMeta,
) -> Result<Option<Upload>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM upload WHERE bureau = ?1 AND log = ?2 AND sha256 = ?3 AND kind = ?4 AND original = ?5"
    ))?;
    let original = original_column(meta);
    let key = params![
        bureau.as_bytes(),
        meta.log.as_bytes(),
        meta.sha256.0,
        meta.kind.code(),
        original
    ];
    Ok(statement.query_row(key, upload_row).optional()?)
}

/// Whether a change waits for its body, or a record for its photo, and nobody else brought the file.
fn is_awaited(db: &Connection, bureau: BureauId, meta: &FileMeta) -> Result<bool, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT NOT EXISTS (SELECT 1 FROM file WHERE bureau = ?1 AND sha256 = ?2 AND kind = ?3)
            AND (EXISTS (SELECT 1 FROM change WHERE bureau = ?1 AND body_digest = ?2 AND as_file = 1 AND body IS NULL AND NOT EXISTS
                   (SELECT 1 FROM erased e WHERE e.bureau = change.bureau AND e.what = 'change' AND e.digest = change.hash))
              OR EXISTS (SELECT 1 FROM photo_ref WHERE bureau = ?1 AND sha256 = ?4))",
    )?;
    let photo = meta.original.unwrap_or(meta.sha256).to_hex();
    let key = params![bureau.as_bytes(), meta.sha256.0, meta.kind.code(), photo];
    Ok(statement.query_row(key, |row| row.get(0))?)
}

fn upload_row(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let original: Vec<u8> = row.get(4)?;
    let original = <[u8; 32]>::try_from(original.as_slice()).ok().map(Digest);
    let kind: FileKind = kind(row, 3)?;
    let lapsed_at: Option<i64> = row.get(8)?;
    Ok(Upload {
        id: UploadId(id(row, 0)?),
        meta: FileMeta {
            sha256: digest(row, 2)?,
            kind,
            log: LogId(id(row, 1)?),
            original,
        },
        size: count(row, 5)?,
        fence: count(row, 6)?,
        last_byte_at: Millis(row.get(7)?),
        lapsed: lapsed_at.is_some(),
    })
}
