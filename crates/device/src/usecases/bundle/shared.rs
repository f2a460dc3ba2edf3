//! What the one writing of a bundle and everybody who asks how far it is share. All of it is of this start.

use super::people::PeopleFolder;
use crate::api::view::BundleFiles;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Shared by all who write or look.
#[derive(Debug, Default)]
pub struct Shared {
    folder: OnceLock<PeopleFolder>,
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    writing: Option<Progress>,
    last: Option<BundleFiles>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    written: u64,
    /// 0 while it is not known yet.
    of: u64,
}

impl Progress {
    fn percent(self) -> u8 {
        let parts = self.written.saturating_mul(100).checked_div(self.of);
        u8::try_from(parts.unwrap_or(0)).unwrap_or(99).min(99)
    }
}

/// The right to write; given back at its end, however that comes.
pub(super) struct Turn<'a>(&'a Shared);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.held().writing = None;
    }
}

impl Shared {
    /// Names the folder for people. Once, by the shell.
    pub fn set_folder(&self, folder: PeopleFolder) {
        let _ = self.folder.set(folder);
    }

    /// The folder; none where the shell named none.
    pub(super) fn folder(&self) -> Option<&PeopleFolder> {
        self.folder.get()
    }

    /// What a page that shows it looks at again when it changes.
    pub fn told(&self) -> (Option<u8>, Option<BundleFiles>) {
        let now = self.held();
        (now.writing.map(Progress::percent), now.last.clone())
    }

    /// The right to write; none while somebody has it.
    pub(super) fn begin(&self) -> Option<Turn<'_>> {
        let mut now = self.held();
        if now.writing.is_some() {
            return None;
        }
        now.writing = Some(Progress::default());
        drop(now);
        Some(Turn(self))
    }

    /// So many bytes will be written.
    pub(super) fn expect(&self, bytes: u64) {
        if let Some(progress) = &mut self.held().writing {
            progress.of = bytes;
        }
    }

    /// So many more are.
    pub(super) fn wrote(&self, bytes: u64) {
        if let Some(progress) = &mut self.held().writing {
            progress.written += bytes;
        }
    }

    /// What came of it.
    pub(super) fn keep(&self, files: BundleFiles) {
        self.held().last = Some(files);
    }

    fn held(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writes_at_a_time_and_everybody_sees_how_far_it_is() {
        let shared = Shared::default();
        assert_eq!(shared.told().0, None);
        let turn = shared.begin();
        assert!(turn.is_some() && shared.begin().is_none());
        assert_eq!(shared.told().0, Some(0));
        shared.expect(200);
        shared.wrote(50);
        assert_eq!(shared.told().0, Some(25));
        // Frames and headers are not counted: it is never whole before it is.
        shared.wrote(200);
        assert_eq!(shared.told().0, Some(99));
        drop(turn);
        assert_eq!(shared.told().0, None);
        assert!(shared.begin().is_some());
    }
}
