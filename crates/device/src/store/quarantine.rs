//! A damaged file is moved aside with the time in its name; it is never deleted and never repaired in
//! place, because what is left of it may be all there is.

use super::door::with_suffix;
use std::path::{Path, PathBuf};

/// Folder beside the files.
const FOLDER: &str = "quarantine";
/// Its presence says: local.db was moved aside and nobody has yet asked for a new one.
const LOST_MARK: &str = "local.lost";

/// Moves a file and what SQLite keeps beside it into the quarantine folder.
///
/// # Errors
/// The file system refuses.
pub fn move_aside(path: &Path, wall_ms: i64) -> std::io::Result<PathBuf> {
    let home = path.parent().unwrap_or_else(|| Path::new("."));
    let folder = home.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut target = folder.join(format!("{wall_ms}-{name}"));
    let mut again = 1;
    while target.exists() {
        target = folder.join(format!("{wall_ms}-{again}-{name}"));
        again += 1;
    }
    // A kill between two renames is harmless: the lost mark of local.db is set before, so that nothing opens
    // what is left, and the mirror is refilled anyway.
    for suffix in ["-wal", "-shm", ""] {
        let from = with_suffix(path, suffix);
        if from.exists() {
            std::fs::rename(&from, with_suffix(&target, suffix))?;
        }
    }
    let _ = std::fs::remove_file(with_suffix(path, ".doubt"));
    sync_folder(&folder)?;
    sync_folder(home)?;
    Ok(target)
}

/// Names of what lies in the quarantine folder.
pub fn listed(home: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(home.join(FOLDER)) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .filter(|n| n.ends_with(".db"))
        .collect();
    names.sort_unstable();
    names
}

/// The file of this name that was moved aside last.
pub fn last_of(home: &Path, name: &str) -> Option<PathBuf> {
    let end = format!("-{name}");
    let moved = listed(home)
        .into_iter()
        .filter(|moved| moved.ends_with(&end));
    // `1790000000000-local.db`, then `1790000000000-1-local.db`: the time, and the number where it is the same.
    let place = |moved: &String| {
        let numbers = moved.trim_end_matches(&end).split('-');
        numbers
            .map(|n| n.parse().unwrap_or(0))
            .collect::<Vec<u64>>()
    };
    moved
        .max_by_key(place)
        .map(|moved| home.join(FOLDER).join(moved))
}

/// Remembers that local.db was moved aside, so that no start makes a new one by itself.
///
/// # Errors
/// The file system refuses.
pub fn mark_lost(home: &Path) -> std::io::Result<()> {
    std::fs::File::create(home.join(LOST_MARK))?.sync_all()?;
    sync_folder(home)
}

/// Whether local.db was moved aside and no new one was asked for.
pub fn is_lost(home: &Path) -> bool {
    home.join(LOST_MARK).exists()
}

/// Somebody asked for a new local.db.
///
/// # Errors
/// The file system refuses.
pub fn clear_lost(home: &Path) -> std::io::Result<()> {
    std::fs::remove_file(home.join(LOST_MARK))?;
    sync_folder(home)
}

/// Leaves a mark that the file is to be checked at the next start. Best effort: the next read meets the
/// same damage again.
pub fn doubt(path: &Path) {
    let _ = std::fs::File::create(with_suffix(path, ".doubt"));
}

/// Whether such a mark exists.
pub fn is_doubted(path: &Path) -> bool {
    with_suffix(path, ".doubt").exists()
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}
