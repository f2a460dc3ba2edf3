//! Opening a database to look at it and nothing else.

use crate::storage::error::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A database that is only read.
pub(super) struct Opened {
    pub(super) db: Connection,
    path: PathBuf,
    /// As it was when it was opened without its companions; `None` where others may write beside us.
    alone: Option<(u64, Option<SystemTime>)>,
}

/// Opens without writing a byte. Where no write-ahead log lies beside it nobody has it open, and it is
/// read as it lies, without the shared memory that SQLite would otherwise put beside it.
pub(super) fn open(path: &Path) -> Result<Opened, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let alone = (!has_log(path)).then(|| stamp(path)).flatten();
    let option = if alone.is_some() { "?immutable=1" } else { "" };
    let db = Connection::open_with_flags(format!("file:{}{option}", escaped(path)), flags)?;
    db.busy_timeout(crate::storage::store::BUSY)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(Opened {
        db,
        path: path.to_owned(),
        alone,
    })
}

impl Opened {
    /// Whether nobody wrote while it was read as it lay; `false` says that it has to be read again.
    pub(super) fn lay_still(&self) -> bool {
        self.alone.is_none() || (!has_log(&self.path) && stamp(&self.path) == self.alone)
    }
}

fn stamp(path: &Path) -> Option<(u64, Option<SystemTime>)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.len(), about.modified().ok()))
}

fn has_log(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    std::fs::metadata(name).is_ok_and(|about| about.len() > 0)
}

/// A path inside a URI.
fn escaped(path: &Path) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte);
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|byte| match plain(byte) {
            true => char::from(*byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}
