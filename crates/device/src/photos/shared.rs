//! What the photo pipeline of one open device shares between its callers: turns, the bell that wakes
//! the deriving thread, the watch of tests.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::derive::{WatermarkFont, load_font};
use super::folder::FileFolder;
use super::sealed::{SEED, SealKey};
use super::steps::{Step, Watch};
use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;

/// Folder inside the device's into which the shell writes what it takes over in pieces.
pub const CAMERA: &str = "camera";

/// Shared by all photo work of a device.
#[derive(Default)]
pub struct Shared {
    taking: Mutex<()>,
    deriving: Mutex<()>,
    rung: Mutex<bool>,
    bell: Condvar,
    pictures: OnceLock<PathBuf>,
    watch: OnceLock<Box<Watch>>,
    made: AtomicU64,
}

impl Shared {
    /// Names the folder into which the system's camera writes for this app. Once, before the first photo.
    pub fn set_pictures(&self, folder: PathBuf) {
        let _ = self.pictures.set(folder);
    }

    /// The folder into which the system's camera writes; none where the page brings the bytes.
    pub fn pictures(&self) -> Option<&Path> {
        self.pictures.get().map(PathBuf::as_path)
    }

    /// Has somebody told after each step. Once.
    pub fn set_watch(&self, watch: Box<Watch>) {
        let _ = self.watch.set(watch);
    }

    /// How many photos got their copies since the start: a face that shows pictures looks again when
    /// it changes.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// One more photo has its copies.
    pub(super) fn count_made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    /// The shell's own folder for whole files.
    pub fn camera(&self, device: &Path) -> PathBuf {
        device.join(CAMERA)
    }

    /// Every folder where a clear picture may lie: the shell's, then the system's.
    pub(super) fn cameras(&self, device: &Path) -> Vec<PathBuf> {
        let own = std::iter::once(self.camera(device));
        own.chain(self.pictures().map(Path::to_path_buf)).collect()
    }

    /// Says that a step is behind.
    pub(super) fn passed(&self, step: Step) {
        if let Some(watch) = self.watch.get() {
            watch(step);
        }
    }

    /// The right to take over and to sweep: never two at once.
    pub(crate) fn taking(&self) -> MutexGuard<'_, ()> {
        self.taking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to derive: one picture in memory at a time.
    pub(super) fn deriving(&self) -> MutexGuard<'_, ()> {
        self.deriving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is something to derive, or the thread is to look up.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    /// Waits for the bell, at most so long.
    pub(super) fn wait(&self, at_most: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(rung, at_most, |rung| !*rung);
        let (mut rung, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}

/// Folder and key of the sealed files.
pub(super) struct Safe {
    pub(super) folder: FileFolder,
    pub(super) key: SealKey,
}

impl Safe {
    pub(super) fn open(device: &Device) -> Result<Self, ApiError> {
        let folder = FileFolder::open(device.folder()).map_err(StoreError::from)?;
        Ok(Self {
            folder,
            key: SealKey::derive(device.key()),
        })
    }
}

/// Fresh random bytes for one sealed file.
pub(super) fn seed(device: &Device) -> Result<[u8; SEED], ApiError> {
    let mut seed = [0; SEED];
    device.entropy.fill(&mut seed)?;
    Ok(seed)
}

/// The watermark's font, loaded for a run of pictures and dropped after it: it is 20 MB in memory.
pub(super) fn font() -> Option<Arc<WatermarkFont>> {
    let folder = std::env::var_os("XUNJI_FONT_DIR").map(PathBuf::from);
    load_font(folder.as_deref())
        .inspect_err(|error| tracing::error!(%error, "working copies have no watermark"))
        .ok()
        .map(Arc::new)
}
