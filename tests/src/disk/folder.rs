//! A folder as bytes: what a program began with, and what a cut left of it.

use crate::market::{Step, Stopped};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// Files by their path below the folder. SQLite's shared memory (`-shm`) is made anew and is not among them.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Path to bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// When a file was last written: nanoseconds since 1970. Not compared.
    pub times: BTreeMap<String, u64>,
}

impl Folder {
    /// Reads one.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn read(path: &Path) -> Step<Self> {
        let mut folder = Self::default();
        if path.is_dir() {
            folder
                .add(path, "")
                .map_err(|e| Stopped::at(&path.display().to_string(), e))?;
        }
        Ok(folder)
    }

    fn add(&mut self, path: &Path, below: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.add(&entry.path(), &format!("{name}/"))?;
            } else if entry.file_type()?.is_file() && !name.ends_with("-shm") {
                let written = entry.metadata()?.modified()?;
                let since = written.duration_since(UNIX_EPOCH).unwrap_or_default();
                let ns = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX);
                self.times.insert(name.clone(), ns);
                self.files.insert(name, std::fs::read(entry.path())?);
            }
        }
        Ok(())
    }

    /// Makes the files of `path` exactly these. Directories stay.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write(&self, path: &Path) -> Step<()> {
        self.put(path)
            .map_err(|e| Stopped::at(&path.display().to_string(), e))
    }

    fn put(&self, path: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(path)?;
        empty(path)?;
        for (name, bytes) in &self.files {
            let file = path.join(name);
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(&file, bytes)?;
            if let Some(ns) = self.times.get(name) {
                let written = UNIX_EPOCH + Duration::from_nanos(*ns);
                std::fs::File::options()
                    .write(true)
                    .open(&file)?
                    .set_modified(written)?;
            }
        }
        Ok(())
    }

    /// The first file in which two folders differ.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let names = self.files.keys().chain(other.files.keys());
        names
            .filter(|name| self.files.get(*name) != other.files.get(*name))
            .map(|name| {
                let size = |folder: &Self| folder.files.get(name).map(Vec::len);
                format!("{name}: {:?} and {:?} bytes", size(self), size(other))
            })
            .next()
    }
}

fn empty(path: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            empty(&entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
