//! One stored file is altered, cut, exchanged or taken away.

use crate::market::{Step, Stopped};
use crate::sim::chance::Chance;
use std::fs;
use std::path::{Path, PathBuf};

/// What was done, and what lay there before.
pub struct Altered {
    /// In words.
    pub what: String,
    path: PathBuf,
    before: Vec<u8>,
}

/// Alters one file.
///
/// # Errors
/// Those of the disk.
pub fn alter(blobs: &Path, chance: &mut Chance) -> Step<Altered> {
    let doing = |e: std::io::Error| Stopped::at("alter a file", e);
    let all = stored(blobs).map_err(doing)?;
    let path = drawn(&all, chance)?;
    let before = fs::read(&path).map_err(doing)?;
    let mut bytes = before.clone();
    let at = chance.index(bytes.len());
    let how = chance.below(6);
    let did = match how {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
            "a bit flipped in"
        }
        2 => {
            bytes.truncate(at);
            "cut"
        }
        3 => {
            bytes.push(0);
            "a byte more in"
        }
        4 => {
            let others: Vec<PathBuf> = all.iter().filter(|p| **p != path).cloned().collect();
            bytes = fs::read(drawn(&others, chance)?).map_err(doing)?;
            "exchanged for another"
        }
        _ => "taken away",
    };
    if how > 4 {
        fs::remove_file(&path).map_err(doing)?;
    } else {
        fs::write(&path, &bytes).map_err(doing)?;
    }
    Ok(Altered {
        what: format!("{did} {}", path.display()),
        path,
        before,
    })
}

impl Altered {
    /// The name the file is stored under: its hash.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Puts it back.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn put_back(self) -> Step<()> {
        fs::write(&self.path, &self.before).map_err(|e| Stopped::at("put a file back", e))
    }
}

fn drawn(all: &[PathBuf], chance: &mut Chance) -> Step<PathBuf> {
    all.get(chance.index(all.len()))
        .cloned()
        .ok_or_else(|| Stopped("no stored files".to_owned()))
}

/// Every stored file, in the order of names.
fn stored(blobs: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for shelf in fs::read_dir(blobs)? {
        let shelf = shelf?;
        if shelf.file_name().len() != 2 {
            continue;
        }
        for entry in fs::read_dir(shelf.path())? {
            found.push(entry?.path());
        }
    }
    found.sort();
    Ok(found)
}
