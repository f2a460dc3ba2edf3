//! `restore`: puts a backup in place, or takes a folder that was put back by other means, and begins a new
//! epoch. Phones then offer again what the backup lacks.

use super::AdminError;
use crate::app::App;
use crate::config::DataFolder;
use crate::epochs;
use crate::erase;
use crate::serve;
use crate::storage::epochs::Because;
use serde_json::{Value, json};
use std::path::Path;

/// Copies a backup into a folder that holds no county yet and begins a new epoch there. Without a backup the
/// folder stands already, put back by other means.
///
/// # Errors
/// [`AdminError::InTheWay`] when the folder holds a county: it may be the last copy, nothing is written over
/// it; [`AdminError::Served`] while a server runs on it; those of the disk.
pub fn restore(
    data: DataFolder,
    backup: Option<&Path>,
    clock_offset_ms: i64,
) -> Result<Value, AdminError> {
    if let Some(backup) = backup {
        put_in_place(backup, &data)?;
    }
    let _lock = serve::lock(&data).map_err(|_| AdminError::Served)?;
    let app = App::open(data, clock_offset_ms)?;
    epochs::open(&app, Because::Restored)?;
    let life = app.life();
    let through = crate::storage::epochs::said(&app.store, app.bureau)?;
    Ok(json!({
        "county": app.county.name,
        "epoch": life.epoch,
        "holds_through_ms": through.last().map(|said| said.through),
        "erase_again": due_again(&app)?,
    }))
}

/// An erasing after the backup is lost with it, and a backup does not know what came after it. But rules go by
/// dates: what they reach now is what has to be erased, for the first time or again.
fn due_again(app: &App) -> Result<Vec<Value>, AdminError> {
    let due = erase::due_now(app).map_err(|e| AdminError::Retention(e.to_string()))?;
    let line = |(rule, before, records): &(String, chrono::NaiveDate, usize)| {
        json!({
            "records": records,
            "run": format!("xunji-server erase --data {} --rule {rule} --before {before}", app.data.path().display()),
        })
    };
    Ok(due.iter().map(line).collect())
}

/// The database goes last: a folder without it is no county, so that a copy that was cut short is not served.
fn put_in_place(backup: &Path, data: &DataFolder) -> Result<(), AdminError> {
    let from = DataFolder::new(backup);
    if data.database().exists() {
        return Err(AdminError::InTheWay);
    }
    if !from.database().exists() {
        return Err(AdminError::NoBackup);
    }
    data.create()?;
    if from.blobs().is_dir() {
        copy_folder(&from.blobs(), &data.blobs())?;
    }
    if !data.keys().exists() {
        copy_file(&from.keys(), &data.keys())?;
    }
    let wal = |path: &Path| path.with_extension("db-wal");
    if wal(&from.database()).exists() {
        copy_file(&wal(&from.database()), &wal(&data.database()))?;
    }
    copy_file(&from.database(), &data.database())?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy_file(&entry.path(), &target)?;
        }
    }
    std::fs::File::open(to)?.sync_all()
}

/// Whole or not at all, durable, with the rights of the original.
fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut partial = to.as_os_str().to_owned();
    partial.push(".part");
    std::fs::copy(from, &partial)?;
    std::fs::File::open(&partial)?.sync_all()?;
    std::fs::rename(&partial, to)?;
    to.parent()
        .map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::admin::{Made, init};

    #[test]
    fn a_backup_is_put_in_place_once_and_never_over_a_county() {
        let folder = tempfile::tempdir().unwrap();
        let county = DataFolder::new(folder.path().join("county"));
        let accounts = folder.path().join("accounts.txt");
        init(county.clone(), &accounts, &Made::default()).unwrap();
        let log = App::open(county.clone(), 0).unwrap().bureau_log();
        let empty = folder.path().join("empty");
        let target = DataFolder::new(folder.path().join("target"));
        assert!(matches!(
            restore(target.clone(), Some(&empty), 0),
            Err(AdminError::NoBackup)
        ));
        assert!(!target.path().exists(), "nothing was changed");
        let said = restore(target.clone(), Some(county.path()), 0).unwrap();
        assert_eq!(said["epoch"], 2);
        assert!(matches!(
            restore(target.clone(), Some(county.path()), 0),
            Err(AdminError::InTheWay)
        ));
        let app = App::open(target.clone(), 0).unwrap();
        assert_ne!(app.bureau_log(), log, "the bureau writes in a new log");
        let first = crate::storage::enrolment::log(&app.store, app.bureau, app.bureau_log());
        assert_eq!(
            first.unwrap().unwrap().head.seq,
            1,
            "which says what came before"
        );
        drop(app);
        let _held = serve::lock(&target).unwrap();
        assert!(matches!(restore(target, None, 0), Err(AdminError::Served)));
        let untouched = App::open(county, 0).unwrap();
        assert_eq!((untouched.epoch(), untouched.bureau_log()), (1, log));
    }
}
