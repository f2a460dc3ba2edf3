//! One phone's folder: `local.db` opened with its key, sealed files opened frame by frame.

use super::{AuditError, Holes, StoredChange};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a phone holds.
#[derive(Debug, Default)]
pub struct Phone {
    /// Folder name.
    pub name: String,
    /// Changes by (log, seq).
    pub changes: Vec<StoredChange>,
    /// Its receipts by subject: `log:<log>:<seq, 20 digits>`, `file:<sha256>`.
    pub receipts: BTreeMap<String, String>,
    /// Originals its photo rows name as sealed.
    pub originals: BTreeSet<String>,
    /// Files its rows name: SHA-256 → kind and size.
    pub files: BTreeMap<String, (String, i64)>,
    /// Files that it was told were erased.
    pub erased: BTreeSet<String>,
    /// Changes it can no longer read and has declared; they are not among `changes`.
    pub declared: Holes,
    /// Changes that have left it; they are not among `changes`.
    pub left: Holes,
    /// Files that have left it: SHA-256 → kind and size.
    pub left_files: BTreeMap<String, (String, i64)>,
    /// What is wrong with it.
    pub wrong: Vec<String>,
}

/// Opens a phone's folder read-only.
///
/// # Errors
/// [`AuditError`] when the database does not open with its key.
pub fn read(folder: &Path) -> Result<Phone, AuditError> {
    let doing = |what: &str| format!("{}: {what}", folder.display());
    let key = std::fs::read(folder.join("key")).map_err(|e| AuditError::at(doing("key"), e))?;
    let db =
        open(&folder.join("local.db"), &key).map_err(|e| AuditError::at(doing("local.db"), e))?;
    let mut phone = rows(&db).map_err(|e| AuditError::at(doing("rows"), e))?;
    phone.name = folder
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    for change in &phone.changes {
        phone.wrong.extend(change.flaws());
    }
    let mut holes = phone.declared.clone();
    holes.extend(phone.left.clone());
    phone
        .wrong
        .extend(super::chain_flaws(&phone.changes, &holes));
    sealed(folder, &key, &mut phone);
    Ok(phone)
}

fn open(path: &Path, key: &[u8]) -> rusqlite::Result<Connection> {
    // Read-write, because a killed phone left a WAL that has to be read with it.
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))?;
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(db)
}

fn rows(db: &Connection) -> rusqlite::Result<Phone> {
    let mut phone = Phone::default();
    let mut query =
        db.prepare("SELECT hash, log, seq, kind, envelope, body FROM change ORDER BY log, seq")?;
    let changes = query.query_map([], |row| {
        Ok(StoredChange {
            hash: row.get("hash")?,
            log: row.get("log")?,
            seq: row.get("seq")?,
            kind: row.get("kind")?,
            envelope: row.get("envelope")?,
            body: Some(row.get("body")?),
            erased: false,
        })
    })?;
    phone.declared = super::holes(db, "lost_change")?;
    phone.left = super::holes(db, "cut_change")?;
    phone.changes = changes.collect::<Result<_, _>>()?;
    let declared = &phone.declared;
    phone
        .changes
        .retain(|c| !declared.contains_key(&(c.log.clone(), c.seq)));
    let mut query = db.prepare("SELECT subject, token FROM receipt")?;
    phone.receipts = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut query = db.prepare("SELECT DISTINCT sha256 FROM photo WHERE state = 'sealed'")?;
    phone.originals = query
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    phone.files = files(db, "file")?;
    phone.left_files = files(
        db,
        "left_file WHERE sha256 NOT IN (SELECT sha256 FROM file)",
    )?;
    phone
        .originals
        .retain(|sha| !phone.left_files.contains_key(sha));
    let mut query = db.prepare("SELECT sha256 FROM file WHERE erased = 1")?;
    phone.erased = query
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(phone)
}

fn files(db: &Connection, table: &str) -> rusqlite::Result<BTreeMap<String, (String, i64)>> {
    let mut query = db.prepare(&format!("SELECT sha256, kind, size FROM {table}"))?;
    let files = query.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    files.collect()
}

/// Every file a row names must open to exactly the bytes of its name.
fn sealed(folder: &Path, key: &[u8], phone: &mut Phone) {
    let Ok(key) = <[u8; 32]>::try_from(key) else {
        phone.wrong.push("手机密钥长度不对".to_owned());
        return;
    };
    let key = xunji_device::photos::sealed::SealKey::derive(&key);
    let mut wrong = Vec::new();
    // A body that travels as a file lies in its change, not in a file of its own.
    let bodies: BTreeSet<String> = phone
        .changes
        .iter()
        .filter_map(|change| Some(hex::encode(Sha256::digest(change.body.as_ref()?))))
        .collect();
    let sealed = phone.files.iter().filter_map(|(name, (kind, _))| {
        let is_here = kind == "body" && bodies.contains(name);
        (!is_here).then_some(name)
    });
    for name in sealed.chain(&phone.originals) {
        let path = folder
            .join("files")
            .join(name.get(..2).unwrap_or_default())
            .join(name);
        match clear_hash(&path, &key) {
            Ok(hash) if hash == *name => {}
            Ok(_) => wrong.push(format!("手机文件 {name} 的内容与名称不符")),
            Err(reason) => wrong.push(format!("手机文件 {name} 打不开：{reason}")),
        }
    }
    phone.wrong.extend(wrong);
}

fn clear_hash(path: &Path, key: &xunji_device::photos::sealed::SealKey) -> Result<String, String> {
    let file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    let mut reader =
        xunji_device::photos::sealed::SealedReader::open(file, key).map_err(|e| e.to_string())?;
    let clear = reader.read_all().map_err(|e| e.to_string())?;
    Ok(hex::encode(Sha256::digest(&clear)))
}
