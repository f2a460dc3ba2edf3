//! The camera of a past visit: a small drawn picture a shot, each different, with the moment it was
//! taken in its EXIF block.

use crate::market::{Step, Stopped};
use crate::photos;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use xunji_domain::time::Millis;

/// One team's camera.
pub struct Camera {
    seed: u64,
    shot: u64,
    first: Option<Vec<u8>>,
    /// SHA-256 of what was shot, each once, in order.
    pub taken: Vec<String>,
    /// SHA-256 of what was shown a second time.
    pub again: Vec<String>,
}

impl Camera {
    /// A camera that has shot nothing.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            shot: 0,
            first: None,
            taken: Vec::new(),
            again: Vec::new(),
        }
    }

    /// Shoots at a moment, ms UTC, into a folder; gives file and SHA-256.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn shoot(&mut self, folder: &Path, at: i64) -> Step<(PathBuf, String)> {
        let moment = Millis(at).at_offset(480);
        let taken = moment.map(|t| t.format("%Y:%m:%d %H:%M:%S").to_string());
        let bytes = photos::snapshot(self.seed, self.shot, &taken.unwrap_or_default());
        let (path, sha) = self.write(folder, &bytes)?;
        if self.first.is_none() {
            self.first = Some(bytes);
        }
        self.taken.push(sha.clone());
        Ok((path, sha))
    }

    /// Shows the first picture again, as somebody does who was not there. A camera that has none
    /// shoots.
    ///
    /// # Errors
    /// As [`Camera::shoot`].
    pub fn show_again(&mut self, folder: &Path, at: i64) -> Step<(PathBuf, String)> {
        let Some(bytes) = self.first.clone() else {
            return self.shoot(folder, at);
        };
        let (path, sha) = self.write(folder, &bytes)?;
        self.again.push(sha.clone());
        Ok((path, sha))
    }

    fn write(&mut self, folder: &Path, bytes: &[u8]) -> Step<(PathBuf, String)> {
        let failed = |e: std::io::Error| Stopped::at("take a photo", e);
        std::fs::create_dir_all(folder).map_err(failed)?;
        self.shot += 1;
        let path = folder.join(format!("JPEG_{:04}.jpg", self.shot));
        std::fs::write(&path, bytes).map_err(failed)?;
        Ok((path, hex::encode(Sha256::digest(bytes))))
    }
}
