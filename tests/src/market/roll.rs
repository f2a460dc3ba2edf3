//! The camera roll: the day's photos as files, made from the seed or taken from the user's folder.
//! It is the record against which the audit compares what the server holds.

use super::{Step, Stopped};
use crate::photos;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// The photos of the day, each given out once.
pub struct Roll {
    files: Vec<PathBuf>,
    next: usize,
    /// SHA-256 of those given out, in order.
    pub taken: Vec<String>,
}

impl Roll {
    /// Draws `count` photos into `folder`, on two threads because drawing is the longest part of the set-up.
    pub async fn draw(folder: &Path, seed: u64, count: u64) -> Step<Self> {
        std::fs::create_dir_all(folder).map_err(|e| Stopped::at("make the camera roll", e))?;
        let mut tasks = Vec::new();
        for lane in 0..2_u64 {
            let folder = folder.to_owned();
            tasks.push(tokio::task::spawn_blocking(
                move || -> std::io::Result<()> {
                    for index in (lane..count).step_by(2) {
                        std::fs::write(name(&folder, index), photos::generate(seed, index))?;
                    }
                    Ok(())
                },
            ));
        }
        for task in tasks {
            let done = task.await.map_err(|e| Stopped::at("draw photos", e))?;
            done.map_err(|e| Stopped::at("write photos", e))?;
        }
        let files = (0..count).map(|index| name(folder, index)).collect();
        Ok(Self {
            files,
            next: 0,
            taken: Vec::new(),
        })
    }

    /// Takes the user's own photos, sorted by name; there must be enough and all different.
    pub fn of_folder(folder: &Path, count: u64) -> Step<Self> {
        let failed = |e: std::io::Error| Stopped::at(&folder.display().to_string(), e);
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(failed)?
            .filter_map(|entry| entry.ok().map(|e| e.path()))
            .filter(|path| {
                let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
                ["jpg", "jpeg"].contains(&ending.to_ascii_lowercase().as_str())
            })
            .collect();
        files.sort();
        let needed = usize::try_from(count).map_err(|e| Stopped::at("photos", e))?;
        if files.len() < needed {
            return Err(Stopped(format!(
                "{} holds {} JPEG files; the day needs {needed}",
                folder.display(),
                files.len()
            )));
        }
        files.truncate(needed);
        Ok(Self {
            files,
            next: 0,
            taken: Vec::new(),
        })
    }

    /// Puts the next photo into the phone's camera folder, as a camera does, and gives its path.
    pub fn shoot(&mut self, camera: &Path) -> Step<PathBuf> {
        let file = self
            .files
            .get(self.next)
            .ok_or_else(|| Stopped("the roll is used up".into()))?;
        let failed = |e: std::io::Error| Stopped::at("take a photo", e);
        let bytes = std::fs::read(file).map_err(failed)?;
        self.next += 1;
        self.taken.push(hex::encode(Sha256::digest(&bytes)));
        std::fs::create_dir_all(camera).map_err(failed)?;
        let path = camera.join(format!("JPEG_{:04}.jpg", self.next));
        std::fs::write(&path, bytes).map_err(failed)?;
        Ok(path)
    }
}

fn name(folder: &Path, index: u64) -> PathBuf {
    folder.join(format!("photo-{index:03}.jpg"))
}
