//! Sessions: only digests of their tokens are kept, and the server alone says when they end.

use crate::storage::columns::json;
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{OptionalExtension as _, params};
use xunji_domain::ids::BureauId;
use xunji_domain::org::Person;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::state::PERSON;

/// A session that is open, with the person as the county knows him now.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The account that signed in.
    pub account: String,
    /// Whose it is.
    pub person: Person,
}

/// Opens a session and forgets those that have ended.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn open(
    store: &Store,
    bureau: BureauId,
    token: Digest,
    account: String,
    from: Millis,
    until: Millis,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.prepare_cached("DELETE FROM session WHERE bureau = ?1 AND expires_at <= ?2")?
            .execute(params![bureau.as_bytes(), from.0])?;
        db.prepare_cached(
            "INSERT INTO session (bureau, token, account, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![bureau.as_bytes(), token.0, account, from.0, until.0])?;
        Ok(())
    })
}

/// The open session of a token; `None` when there is none or it has ended.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn find(
    store: &Store,
    bureau: BureauId,
    token: Digest,
    now: Millis,
) -> Result<Option<SessionRow>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT s.account, p.bytes FROM session s
             JOIN account a ON a.bureau = s.bureau AND a.account = s.account
             JOIN state p ON p.bureau = a.bureau AND p.kind = ?4 AND p.id = a.person AND p.gone = 0
             WHERE s.bureau = ?1 AND s.token = ?2 AND s.expires_at > ?3",
        )?;
        let row = statement.query_row(params![bureau.as_bytes(), token.0, now.0, PERSON], |row| {
            Ok(SessionRow {
                account: row.get(0)?,
                person: json(row, 1)?,
            })
        });
        Ok(row.optional()?)
    })
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn close(store: &Store, bureau: BureauId, token: Digest) -> Result<(), StoreError> {
    store.write(move |db| {
        db.prepare_cached("DELETE FROM session WHERE bureau = ?1 AND token = ?2")?
            .execute(params![bureau.as_bytes(), token.0])?;
        Ok(())
    })
}
