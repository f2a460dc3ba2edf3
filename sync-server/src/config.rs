//! The data folder of one county and what stands in it.

use std::path::{Path, PathBuf};

/// The folder given by `--data`.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// Names the folder; nothing is made yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Makes the folder, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("county.db")
    }

    /// Private keys, 0600.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys.json")
    }

    /// Held by the serving process, so that no second one starts on the same folder.
    pub fn lock(&self) -> PathBuf {
        self.0.join("server.lock")
    }

    /// Photos and other files, named by SHA-256.
    pub fn blobs(&self) -> PathBuf {
        self.0.join("blobs")
    }
}
