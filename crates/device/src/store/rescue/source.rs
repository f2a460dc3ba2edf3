//! The damaged file, as a copy. On a connection that met a spoilt page SQLCipher gives nothing but zeros from
//! then on: it is opened anew after every error.

use crate::keystore::MasterKey;
use crate::store::StoreError;
use crate::store::door::connect;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;

/// It, open.
pub(super) struct Source {
    path: PathBuf,
    key: MasterKey,
    /// A connection that met no spoilt page yet.
    pub sql: Connection,
}

impl Source {
    /// Opens the copy.
    ///
    /// # Errors
    /// Its first page does not read.
    pub fn open(path: PathBuf, key: &MasterKey) -> Result<Self, StoreError> {
        let sql = connect(&path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Ok(Self {
            path,
            key: key.clone(),
            sql,
        })
    }

    /// Opens it once more.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn again(&mut self) -> Result<(), StoreError> {
        self.sql = connect(&self.path, &self.key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Ok(())
    }
}
