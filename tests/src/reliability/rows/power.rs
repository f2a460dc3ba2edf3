//! A power cut of a process: its folder becomes what the disk had kept.

use crate::disk::recorder::Played;
use crate::disk::{Folder, Recorder};
use crate::link::schedule::SplitMix;
use crate::market::{Step, Stopped};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A process that wrote nothing for so long is idle.
const IDLE: Duration = Duration::from_millis(500);

/// The disk under a process.
pub struct Power {
    recorder: Recorder,
    root: PathBuf,
    /// Where the journal stood when something was last acknowledged.
    from: usize,
    /// Files that somebody else put into the folder since the journal began.
    others: Vec<(usize, String, Vec<u8>)>,
}

impl Power {
    /// Watches a folder on which no process runs.
    pub fn watch(root: &Path, scratch: &Path) -> Step<Self> {
        Ok(Self {
            recorder: Recorder::new(root, scratch)?,
            root: root.to_owned(),
            from: 0,
            others: Vec::new(),
        })
    }

    /// The folder becomes this one, all of it safe; a new journal begins.
    pub fn lay(&mut self, folder: &Folder) -> Step<()> {
        self.from = 0;
        self.recorder.put(folder)?;
        self.recorder.begin()
    }

    /// What the process is started with.
    pub fn env(&self) -> Vec<(&'static str, PathBuf)> {
        self.recorder.env().to_vec()
    }

    /// A cut comes after this point.
    pub fn acknowledged(&mut self) -> Step<()> {
        self.from = self.recorder.here()?;
        Ok(())
    }

    /// A file that the camera wrote, and synced.
    pub fn somebody_wrote(&mut self, path: &Path, bytes: &[u8]) -> Step<()> {
        let below = path
            .strip_prefix(&self.root)
            .map_err(|e| Stopped::at(&path.display().to_string(), e))?;
        let below = below.to_string_lossy().into_owned();
        self.others
            .push((self.recorder.here()?, below, bytes.to_vec()));
        Ok(())
    }

    /// What the journal says, once the process is gone.
    pub fn cut(&mut self) -> Step<Played> {
        let mut played = self.recorder.played(self.from)?;
        for (here, path, bytes) in std::mem::take(&mut self.others) {
            played.safe(here, &path, &bytes);
        }
        self.from = 0;
        Ok(played)
    }

    /// Makes the folder one of the disks that the cut may have left, cut anywhere after the last thing
    /// that was acknowledged, and begins a new journal on it.
    pub fn put(&mut self, played: &Played, random: &mut SplitMix) -> Step<()> {
        let at = random.between(0, played.points());
        self.recorder.put(&played.at(at).happens(random))?;
        self.recorder.begin()
    }

    /// The same, cut at the journal's end: whatever was answered to anybody had happened by then.
    pub fn put_last(&mut self, played: &Played, random: &mut SplitMix) -> Step<()> {
        let cut = played.at(played.points());
        self.recorder.put(&cut.happens(random))?;
        self.recorder.begin()
    }

    /// Waits until the process writes nothing any more.
    pub async fn until_idle(&self) -> Step<()> {
        let mut before = None;
        while before != Some(self.recorder.here()?) {
            before = Some(self.recorder.here()?);
            tokio::time::sleep(IDLE).await;
        }
        Ok(())
    }

    /// What the journal missed, of a process that was idle before it was killed: a way around the
    /// recorder would make the row say nothing.
    pub fn saw_everything(&self) -> Step<Option<String>> {
        let played = self.recorder.played(0)?;
        let found = Folder::read(&self.root)?;
        let all = played.at(played.points()).all();
        Ok(all
            .difference(&found)
            .map(|file| format!("the recorder missed a change of {file}")))
    }
}
