//! Beside the data lies what tells their key from another: a key of other data must not make whole files look
//! damaged. It says nothing of the key.

use super::{KeyError, MasterKey};
use crate::store::door::opens;
use std::io::Write as _;
use std::path::Path;
use xunji_protocol::digest::Digest;
use xunji_protocol::escrow::check;

/// Its file in the phone's folder.
const NAME: &str = "key.check";

/// Whether a key is that of the data in a folder; `None` where nothing tells, as beside the data of a program from
/// before there was such a file that both do not open.
///
/// # Errors
/// The folder does not read.
pub fn fits(folder: &Path, key: &MasterKey) -> Result<Option<bool>, KeyError> {
    let told = match std::fs::read_to_string(folder.join(NAME)) {
        Ok(text) => Digest::from_hex(text.trim()).map(|kept| kept == check(key)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(e) => return Err(e.into()),
    };
    if told == Some(true) {
        return Ok(Some(true));
    }
    // One file that opens is worth more than a line that may have rotted.
    if opens(folder, key) {
        return Ok(Some(true));
    }
    Ok(told)
}

/// Notes the key's check, where it is not noted yet.
///
/// # Errors
/// It cannot be written.
pub fn keep(folder: &Path, key: &MasterKey) -> Result<(), KeyError> {
    let path = folder.join(NAME);
    let text = check(key).to_hex();
    if std::fs::read_to_string(&path).is_ok_and(|kept| kept == text) {
        return Ok(());
    }
    let mut file = tempfile::Builder::new()
        .prefix(".key-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|e| e.error)?;
    Ok(std::fs::File::open(folder)?.sync_all()?)
}
