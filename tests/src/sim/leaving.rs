//! Backups of a simulated county, and a kill between the rows of what leaves a phone and its bytes.

use super::image::copy;
use super::world::World;
use crate::market::{Step, Stopped};
use std::path::{Path, PathBuf};
use xunji_server::backup::{self, Asked};
use xunji_server::config::DataFolder;

/// The folder of sealed files in a phone's home.
const FILES: &str = "files";

impl World {
    /// A verified backup away from the server, as the command makes it.
    ///
    /// # Errors
    /// It is not made.
    pub fn back_up(&self, to: &Path) -> Step<()> {
        let asked = Asked {
            data: DataFolder::new(self.server_home()),
            to: to.to_owned(),
            away: true,
        };
        let doing = |e: &dyn std::fmt::Display| Stopped::at("backup", e);
        let made = backup::of(self.server()?, &asked, &|_, _| {}).map_err(|e| doing(&e))?;
        match made.found.is_whole() {
            true => Ok(()),
            false => Err(Stopped("the backup is not whole".to_owned())),
        }
    }

    /// The sealed files of a phone as they are now.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keep_files(&mut self, number: usize) -> Step<PathBuf> {
        let kept = self.place("files");
        let home = self.slot(number)?.home.clone();
        copy(&home.join(FILES), &kept)?;
        Ok(kept)
    }

    /// A kill that left every file on its disk that lay there when `kept` was copied.
    ///
    /// # Errors
    /// Those of the disk; the phone does not open.
    pub fn kill_before_removal(&mut self, number: usize, kept: &Path) -> Step<()> {
        self.reborn(number, |home| bring_back(kept, &home.join(FILES)))
    }
}

fn bring_back(kept: &Path, files: &Path) -> Step<()> {
    let doing = |e: std::io::Error| Stopped::at("files", e);
    for shelf in std::fs::read_dir(kept).map_err(doing)? {
        let shelf = shelf.map_err(doing)?;
        // `new`, `aside` and `expected` are no shelves of sealed files.
        if shelf.file_name().len() != 2 {
            continue;
        }
        for file in std::fs::read_dir(shelf.path()).map_err(doing)? {
            let file = file.map_err(doing)?;
            let to = files.join(shelf.file_name()).join(file.file_name());
            if !to.exists() {
                std::fs::copy(file.path(), to).map_err(doing)?;
            }
        }
    }
    Ok(())
}
