//! The server's folder of bytes: every file re-read and hashed.

use super::AuditError;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What lies in the folder: name → SHA-256 of the bytes and size.
pub type Blobs = BTreeMap<String, (String, u64)>;

/// Reads every stored file: those on the two-character shelves. What is unfinished (`staging/`) or
/// was put aside (`trash/`) is not offered to anybody and does not count.
///
/// # Errors
/// [`AuditError`] when the folder cannot be read.
pub fn read(folder: &Path) -> Result<Blobs, AuditError> {
    let mut found = Blobs::new();
    shelves(folder, &mut found).map_err(|e| AuditError::at(folder.display().to_string(), e))?;
    Ok(found)
}

fn shelves(folder: &Path, found: &mut Blobs) -> std::io::Result<()> {
    for shelf in std::fs::read_dir(folder)? {
        let shelf = shelf?;
        if shelf.file_name().len() != 2 || !shelf.path().is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(shelf.path())? {
            let path = entry?.path();
            let bytes = std::fs::read(&path)?;
            let name = path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default();
            found.insert(
                name,
                (hex::encode(Sha256::digest(&bytes)), bytes.len() as u64),
            );
        }
    }
    Ok(())
}

/// Files whose bytes are not those their name says.
pub fn flaws(blobs: &Blobs) -> Vec<String> {
    blobs
        .iter()
        .filter(|(name, (hash, _))| *name != hash)
        .map(|(name, _)| format!("服务器文件 {name} 的内容与名称不符"))
        .collect()
}
