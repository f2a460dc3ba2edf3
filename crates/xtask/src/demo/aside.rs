//! Moving a folder aside, so that nothing a person may still want is deleted.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Renames `folder` to the first free `<folder>.old-N` and returns where it went; none if it was not there.
///
/// # Errors
/// When renaming fails.
pub fn move_aside(folder: &Path) -> Result<Option<PathBuf>, Failure> {
    if !folder.exists() {
        return Ok(None);
    }
    let named = |number: u32| PathBuf::from(format!("{}.old-{number}", folder.display()));
    let Some(free) = (1..u32::MAX).map(named).find(|path| !path.exists()) else {
        return Err(Failure::io(
            "find a free name beside",
            folder,
            "all are taken",
        ));
    };
    fs::rename(folder, &free).map_err(|error| Failure::io("move aside", folder, error))?;
    Ok(Some(free))
}

/// Like [`move_aside`], but keeps one old folder only: for what a command can make again.
///
/// # Errors
/// When removing or renaming fails.
pub fn keep_last(folder: &Path) -> Result<(), Failure> {
    let last = PathBuf::from(format!("{}.last", folder.display()));
    if folder.exists() && last.exists() {
        fs::remove_dir_all(&last).map_err(|error| Failure::io("remove", &last, error))?;
    }
    if folder.exists() {
        fs::rename(folder, &last).map_err(|error| Failure::io("move aside", folder, error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_county_is_kept_each_time() {
        let base = std::env::temp_dir().join(format!("xtask-aside-{}", std::process::id()));
        let folder = base.join("county");
        for text in ["first", "second"] {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("db"), text).unwrap();
            move_aside(&folder).unwrap();
        }
        assert_eq!(move_aside(&folder).unwrap(), None);
        assert_eq!(
            fs::read_to_string(base.join("county.old-1/db")).unwrap(),
            "first"
        );
        assert_eq!(
            fs::read_to_string(base.join("county.old-2/db")).unwrap(),
            "second"
        );
        fs::remove_dir_all(&base).unwrap();
    }
}
