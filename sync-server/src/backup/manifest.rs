//! What a backup says of itself.

use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use xunji_domain::ids::BureauId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

/// Name of the file; a folder that has it is a backup.
pub const MANIFEST: &str = "backup.json";
/// Name of the mark of a copy that is being made, or was interrupted.
pub const UNFINISHED: &str = "unfinished";

/// The file's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The county.
    pub bureau: BureauId,
    /// Identity of the store it is a copy of.
    pub identity: String,
    /// Epoch of that store.
    pub epoch: u64,
    /// Server time at which it was begun.
    pub made_at: Millis,
    /// Everything receipted up to this server time is in it, unless the server drew it back later.
    pub through: Millis,
    /// SHA-256 of the database.
    pub database: Digest,
    /// Files.
    pub files: u64,
    /// Bytes of files and database.
    pub bytes: u64,
    /// Whether every byte was verified when it was made.
    pub whole: bool,
}

impl Manifest {
    /// Reads it; `None` when the folder has none.
    ///
    /// # Errors
    /// When it does not read.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(folder.join(MANIFEST)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file = File::create(folder.join(MANIFEST))?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()
    }
}
