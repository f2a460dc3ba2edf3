//! Epochs of the store: opened when it was put back to an earlier state, so that nothing it says now can
//! be taken for what it said before.

use super::columns::{count, digest, to_column, to_json};
use super::error::StoreError;
use super::meta;
use super::store::Store;
use rusqlite::{Connection, OptionalExtension as _, params};
use xunji_domain::ids::{BureauId, DeviceId, LogId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::FeedHead;
use xunji_protocol::keys::PublicKey;
use xunji_protocol::steps::hello::EpochSaid;

/// Codes of logs that a new epoch skips, so that one given in the lost time is not given again.
pub const CODES_SKIPPED: u64 = 100;

/// In which epoch the store lives, and in which log the bureau writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Epoch.
    pub epoch: u64,
    /// The bureau's own log.
    pub log: LogId,
    /// When the epoch was opened; `None` in the first one.
    pub opened_at: Option<Millis>,
}

/// Why an epoch is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// An administrator put a backup back.
    Restored,
    /// A phone showed something signed in this epoch that the store lacks.
    Shown {
        /// The epoch it was signed in.
        in_epoch: u64,
    },
}

/// An epoch to open.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Why.
    pub because: Because,
    /// Server time.
    pub at: Millis,
    /// The bureau's new log.
    pub log: LogId,
    /// Its key.
    pub log_key: PublicKey,
}

/// Something this server signed and does not hold.
#[derive(Clone, Debug)]
pub struct Witness {
    /// `log:<log>` or a feed.
    pub subject: String,
    /// The epoch it was signed in.
    pub epoch: u64,
    /// Seq or position.
    pub seq: u64,
    /// Hash there.
    pub hash: Digest,
    /// Who shows it.
    pub device: DeviceId,
    /// Now.
    pub at: Millis,
    /// Verbatim.
    pub shown: String,
    /// Where the store stands.
    pub own: (u64, Digest),
}

/// The present life; `first_log` is the bureau's log of the first epoch.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn life(store: &Store, bureau: BureauId, first_log: LogId) -> Result<Life, StoreError> {
    store.read(move |db| read_life(db, bureau, first_log))
}

/// Every epoch from the second on, oldest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn said(store: &Store, bureau: BureauId) -> Result<Vec<EpochSaid>, StoreError> {
    store.read(move |db| {
        let mut statement =
            db.prepare_cached("SELECT epoch, through FROM epoch WHERE bureau = ?1 ORDER BY epoch")?;
        let rows = statement.query_map([bureau.as_bytes()], |row| {
            Ok(EpochSaid {
                number: count(row, 0)?,
                through: Millis(row.get(1)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Opens an epoch in one transaction. Shown something of an epoch that is over by now, it opens none:
/// what that one lost is known. Returns the life that stands then, and whether it is a new one.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn open(
    store: &Store,
    bureau: BureauId,
    first_log: LogId,
    opening: Opening,
) -> Result<(Life, bool), StoreError> {
    store.write(move |db| {
        let present = read_life(db, bureau, first_log)?;
        let above = match opening.because {
            Because::Shown { in_epoch } if in_epoch < present.epoch => return Ok((present, false)),
            Because::Shown { in_epoch } => in_epoch,
            Because::Restored => present.epoch,
        };
        let epoch = above.max(present.epoch) + 1;
        let reason = match opening.because {
            Because::Restored => "restored",
            Because::Shown { .. } => "shown",
        };
        db.execute(
            "INSERT INTO epoch (bureau, epoch, opened_at, reason, through) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![bureau.as_bytes(), to_column(epoch), opening.at.0, reason, through(db, bureau)?],
        )?;
        meta::write(db, bureau, meta::EPOCH, &epoch.to_string())?;
        meta::write(db, bureau, meta::BUREAU_LOG, &opening.log.to_string())?;
        db.execute(
            "INSERT INTO log (bureau, log, owner, public_key, short_code, head_hash) VALUES (?1, ?2, 'bureau', ?3, '', ?4)",
            params![bureau.as_bytes(), opening.log.as_bytes(), to_json(&opening.log_key)?, Digest::ZERO.0],
        )?;
        // Whoever was let in by what is no longer so asks again; a code that was used since must not be
        // good a second time.
        for sql in [
            "DELETE FROM session WHERE bureau = ?1",
            "DELETE FROM token WHERE bureau = ?1",
            "DELETE FROM enrol_code WHERE bureau = ?1 AND device IS NULL",
        ] {
            db.execute(sql, [bureau.as_bytes()])?;
        }
        let life = Life { epoch, log: opening.log, opened_at: Some(opening.at) };
        Ok((life, true))
    })
}

/// When the last epoch was opened that nobody had asked for, because a phone held something signed that was not here.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn noticed(store: &Store, bureau: BureauId) -> Result<Option<Millis>, StoreError> {
    store.read(move |db| {
        let at: Option<i64> = db
            .prepare_cached(
                "SELECT max(opened_at) FROM epoch WHERE bureau = ?1 AND reason = 'shown'",
            )?
            .query_row([bureau.as_bytes()], |row| row.get(0))?;
        Ok(at.map(Millis))
    })
}

/// Keeps what was shown and is not here; the same again changes nothing.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn keep_witnesses(
    store: &Store,
    bureau: BureauId,
    witnesses: Vec<Witness>,
) -> Result<(), StoreError> {
    store.write(move |db| {
        for shown in &witnesses {
            db.prepare_cached(
                "INSERT INTO witness (bureau, subject, epoch, seq, hash, device, shown_at, shown, own_seq, own_hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                bureau.as_bytes(),
                shown.subject,
                to_column(shown.epoch),
                to_column(shown.seq),
                shown.hash.0,
                shown.device.as_bytes(),
                shown.at.0,
                shown.shown,
                to_column(shown.own.0),
                shown.own.1.0,
            ])?;
        }
        Ok(())
    })
}

/// Whether a change is stored, on whatever line.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn has_change(store: &Store, bureau: BureauId, hash: Digest) -> Result<bool, StoreError> {
    store.read(move |db| {
        Ok(db
            .prepare_cached("SELECT 1 FROM change WHERE bureau = ?1 AND hash = ?2")?
            .exists(params![bureau.as_bytes(), hash.0])?)
    })
}

/// The hash of a feed's history at a head's position; `None` where the feed has not come that far.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn history_at(
    store: &Store,
    bureau: BureauId,
    head: FeedHead,
) -> Result<Option<Digest>, StoreError> {
    store.read(move |db| {
        Ok(db
            .prepare_cached(
                "SELECT history_hash FROM feed_entry WHERE bureau = ?1 AND feed = ?2 AND pos = ?3",
            )?
            .query_row(
                params![bureau.as_bytes(), head.feed, to_column(head.pos)],
                |row| digest(row, 0),
            )
            .optional()?)
    })
}

/// Whether the store lives in this epoch: a plan made before another was opened is stale.
pub(super) fn is_present(
    db: &Connection,
    bureau: BureauId,
    epoch: u64,
) -> Result<bool, StoreError> {
    let kept = meta::read(db, bureau, meta::EPOCH)?;
    Ok(kept.is_none_or(|text| text == epoch.to_string()))
}

/// How many epochs were opened after the first.
pub(super) fn opened(db: &Connection, bureau: BureauId) -> Result<u64, StoreError> {
    let opened = db
        .prepare_cached("SELECT count(*) FROM epoch WHERE bureau = ?1")?
        .query_row([bureau.as_bytes()], |row| count(row, 0))?;
    Ok(opened)
}

/// The newest moment of which the store holds something that was receipted.
fn through(db: &Connection, bureau: BureauId) -> Result<i64, StoreError> {
    Ok(db.query_row(
        "SELECT max(coalesce((SELECT max(stored_at) FROM change WHERE bureau = ?1), 0),
                    coalesce((SELECT max(received_at) FROM file WHERE bureau = ?1), 0))",
        [bureau.as_bytes()],
        |row| row.get(0),
    )?)
}

fn read_life(db: &Connection, bureau: BureauId, first_log: LogId) -> Result<Life, StoreError> {
    let epoch = match meta::read(db, bureau, meta::EPOCH)? {
        Some(text) => text.parse().map_err(|_| StoreError::Corrupt("epoch"))?,
        None => 1,
    };
    let log = match meta::read(db, bureau, meta::BUREAU_LOG)? {
        Some(text) => LogId(uuid::Uuid::parse_str(&text).map_err(|_| StoreError::Corrupt("log"))?),
        None => first_log,
    };
    let opened_at = db
        .prepare_cached("SELECT opened_at FROM epoch WHERE bureau = ?1 AND epoch = ?2")?
        .query_row(params![bureau.as_bytes(), to_column(epoch)], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(Life {
        epoch,
        log,
        opened_at: opened_at.map(Millis),
    })
}
