//! A `local.db` of a newer program, read without its schema: who this phone is, its logs, its changes, its receipts.
//! The columns named here stand in the first step and stay in every later one. Nothing is written.

use super::StoreError;
use super::door::{FileOf as _, connect};
use super::local::LocalFile;
use super::local::changes::{StoredChange, bare};
use super::local::device_row::{DeviceRow, enrolled_of};
use super::row::{digest_at, id_at, to_i64, to_u64};
use crate::keystore::MasterKey;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use std::path::Path;
use xunji_domain::ids::{DeviceId, LogId};
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::log::LogHead;
use zeroize::Zeroizing;

/// The open file.
pub struct Verbatim {
    sql: Connection,
}

/// One of its logs.
pub struct VerbatimLog {
    /// Ed25519 seed of the log's key.
    pub seed: Zeroizing<[u8; 32]>,
    /// Code in record numbers.
    pub short_code: String,
    /// The last change.
    pub head: LogHead,
    /// Up to which seq it is receipted, and the hash there.
    pub receipted: LogHead,
}

impl Verbatim {
    /// Opens the file in a folder, only to read it.
    ///
    /// # Errors
    /// Those of the file.
    pub fn open(folder: &Path, key: &MasterKey) -> Result<Self, StoreError> {
        let path = folder.join(LocalFile::NAME);
        let sql = connect(&path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { sql })
    }

    /// Who this phone is; `None` before it tried to enrol.
    ///
    /// # Errors
    /// Those of the file.
    pub fn device(&self) -> Result<Option<DeviceRow>, StoreError> {
        let row = self
            .sql
            .query_row(
                "SELECT device, device_seed, server_url, enrolled FROM device",
                [],
                |row| {
                    let (url, enrolled): (String, String) = (row.get(2)?, row.get(3)?);
                    Ok((id_at(row, 0)?, row.get(1)?, url, enrolled))
                },
            )
            .optional()?;
        row.map(|(device, seed, server_url, enrolled)| {
            Ok(DeviceRow {
                device: DeviceId(device),
                seed: Zeroizing::new(seed),
                server_url,
                enrolled: enrolled_of(&enrolled)?,
            })
        })
        .transpose()
    }

    /// Every log, the open one last.
    ///
    /// # Errors
    /// Those of the file.
    pub fn logs(&self) -> Result<Vec<VerbatimLog>, StoreError> {
        let mut query = self.sql.prepare(
            "SELECT log, seed, short_code, head_seq, head_hash FROM log ORDER BY open, rowid",
        )?;
        let mut rows = query.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let log = LogId(id_at(row, 0)?);
            found.push(VerbatimLog {
                seed: Zeroizing::new(row.get(1)?),
                short_code: row.get(2)?,
                head: LogHead {
                    log,
                    seq: to_u64("log.head_seq", row.get(3)?)?,
                    hash: digest_at(row, 4)?,
                },
                receipted: self.receipted(log)?,
            });
        }
        Ok(found)
    }

    fn receipted(&self, log: LogId) -> Result<LogHead, StoreError> {
        let last: Option<String> = self
            .sql
            .query_row(
                "SELECT subject FROM receipt WHERE subject LIKE ?1 ORDER BY subject DESC LIMIT 1",
                [format!("log:{log}:%")],
                |row| row.get(0),
            )
            .optional()?;
        let seq = last.and_then(|subject| subject.rsplit(':').next()?.parse().ok());
        let seq: u64 = seq.unwrap_or(0);
        let hash = self
            .sql
            .query_row(
                "SELECT hash FROM change WHERE log = ?1 AND seq = ?2",
                params![log.as_bytes(), to_i64("change.seq", seq)?],
                |row| digest_at(row, 0),
            )
            .optional()?;
        Ok(LogHead {
            log,
            seq,
            hash: hash.unwrap_or(Digest::ZERO),
        })
    }

    /// The newest receipt of a log's head.
    ///
    /// # Errors
    /// Those of the file.
    pub fn newest_receipt(&self) -> Result<Option<SignedStatement>, StoreError> {
        let mut query = self.sql.prepare(
            "SELECT token FROM receipt WHERE subject LIKE 'log:%' ORDER BY at DESC, subject DESC LIMIT 1",
        )?;
        Ok(query
            .query_row([], |row| row.get(0).map(SignedStatement))
            .optional()?)
    }

    /// Changes of a log behind a seq, in order.
    ///
    /// # Errors
    /// Those of the file.
    pub fn after(
        &self,
        log: LogId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<StoredChange>, StoreError> {
        self.changes(
            "WHERE log = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            params![
                log.as_bytes(),
                to_i64("change.seq", seq)?,
                to_i64("limit", limit as u64)?
            ],
        )
    }

    /// Changes whose body travels as a file that has no receipt.
    ///
    /// # Errors
    /// Those of the file.
    pub fn bodies(&self) -> Result<Vec<StoredChange>, StoreError> {
        let mut all = self.changes("WHERE as_file = 1 ORDER BY rowid", params![])?;
        let mut received = self
            .sql
            .prepare("SELECT 1 FROM receipt WHERE subject = ?1")?;
        let mut left = Vec::new();
        for change in all.drain(..) {
            if !received.exists([format!("file:{}", Digest::of(&change.body))])? {
                left.push(change);
            }
        }
        Ok(left)
    }

    fn changes(
        &self,
        rest: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<StoredChange>, StoreError> {
        let mut query = self.sql.prepare(&format!(
            "SELECT hash, seq, kind, envelope, body, as_file FROM change {rest}"
        ))?;
        let mut rows = query.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(bare(row)?);
        }
        Ok(found)
    }
}
