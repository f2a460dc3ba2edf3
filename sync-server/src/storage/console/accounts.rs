//! Accounts: who may sign in, and how often a wrong password was tried.

use crate::storage::columns::{count, id, to_column};
use crate::storage::error::StoreError;
use crate::storage::load;
use crate::storage::store::Store;
use rusqlite::{OptionalExtension as _, params};
use xunji_domain::ids::{BureauId, PersonId};
use xunji_domain::org::Person;
use xunji_domain::time::Millis;
use xunji_protocol::state::PERSON;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// What is typed at sign-in.
    pub account: String,
    /// Whose it is.
    pub person: PersonId,
    /// argon2id PHC string.
    pub password: String,
}

/// The account of a name; `None` when there is none.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn find(
    store: &Store,
    bureau: BureauId,
    account: String,
) -> Result<Option<AccountRow>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT person, password FROM account WHERE bureau = ?1 AND account = ?2",
        )?;
        let row = statement.query_row(params![bureau.as_bytes(), account], |row| {
            Ok(AccountRow {
                account: account.clone(),
                person: PersonId(id(row, 0)?),
                password: row.get(1)?,
            })
        });
        Ok(row.optional()?)
    })
}

/// The person of an account, as the roster has him now.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn person(
    store: &Store,
    bureau: BureauId,
    person: PersonId,
) -> Result<Option<Person>, StoreError> {
    store.read(move |db| Ok(load::state::<Person>(db, bureau, PERSON, person.0)?.1))
}

/// Whether the county has any account.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn any(store: &Store, bureau: BureauId) -> Result<bool, StoreError> {
    store.read(move |db| {
        Ok(db
            .prepare_cached("SELECT 1 FROM account WHERE bureau = ?1 LIMIT 1")?
            .exists(params![bureau.as_bytes()])?)
    })
}

/// Writes the first accounts of a county; `false` and nothing written when it has some.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn insert_first(
    store: &Store,
    bureau: BureauId,
    accounts: Vec<(String, PersonId, String)>,
    at: Millis,
) -> Result<bool, StoreError> {
    store.write(move |db| {
        let taken = db
            .prepare_cached("SELECT 1 FROM account WHERE bureau = ?1 LIMIT 1")?
            .exists(params![bureau.as_bytes()])?;
        if taken {
            return Ok(false);
        }
        for (account, person, password) in accounts {
            db.prepare_cached(
                "INSERT INTO account (bureau, account, person, password, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![bureau.as_bytes(), account, person.as_bytes(), password, at.0])?;
        }
        Ok(true)
    })
}

/// Settles an attempt in one transaction, so that guesses side by side are all counted. Gives
/// whether the person is let in: the password was right and the account is not closed. An attempt
/// at a closed account counts nothing.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn settle_attempt(
    store: &Store,
    bureau: BureauId,
    account: String,
    right: bool,
    now: Millis,
    closed_until: fn(u64, Millis) -> Millis,
) -> Result<bool, StoreError> {
    store.write(move |db| {
        let key = params![bureau.as_bytes(), account];
        let (before, locked): (u64, i64) = db
            .prepare_cached("SELECT failures, locked_until FROM account WHERE bureau = ?1 AND account = ?2")?
            .query_row(key, |row| Ok((count(row, 0)?, row.get(1)?)))?;
        if now.0 < locked {
            return Ok(false);
        }
        let failures = if right { 0 } else { before + 1 };
        db.prepare_cached("UPDATE account SET failures = ?3, locked_until = ?4 WHERE bureau = ?1 AND account = ?2")?
            .execute(params![bureau.as_bytes(), account, to_column(failures), closed_until(failures, now).0])?;
        Ok(right)
    })
}
