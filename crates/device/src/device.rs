//! The open device: its folder, its two files, its clock and its randomness. What is wrong with a file is
//! settled here, once, at the start.

use crate::api::ApiError;
use crate::clock::{Clock, Entropy, EntropyError, new_id};
use crate::keystore::{self, KeyError, KeyStore, MasterKey, key_for};
use crate::store::door::FileOf;
use crate::store::local::{Local, LocalFile};
use crate::store::mirror::{Mirror, MirrorFile, derived};
use crate::store::{StoreError, quarantine, rescue, room};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use uuid::Uuid;
use xunji_domain::time::{CHINA_OFFSET_MIN, Millis};

/// What a device gets from outside.
#[derive(Clone)]
pub struct Parts {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Where the key of the files lives.
    pub keys: Arc<dyn KeyStore>,
}

/// Why a device does not open. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The key of existing data is gone or unreadable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A file cannot be opened and is not damaged: newer, full disk, no permission.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder cannot be used.
    #[error("folder: {0}")]
    Io(#[from] std::io::Error),
    /// Another log could not be opened where the data turned out to be a copy.
    #[error("copied data: {}", .0.code)]
    Copied(Box<ApiError>),
}

impl OpenError {
    /// Whether it may be that a file could not be made or grow.
    fn asks_for_room(&self) -> bool {
        match self {
            Self::Store(error) => error.asks_for_room(),
            Self::Io(_) => true,
            Self::Key(_) | Self::Copied(_) => false,
        }
    }
}

/// A phone without a screen.
pub struct Device {
    pub(crate) folder: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    key: MasterKey,
    local: OnceLock<Local>,
    mirror: Mirror,
    pub(crate) index: crate::usecases::index::Index,
    pub(crate) sync: crate::runner::Shared,
    pub(crate) photos: crate::photos::Shared,
    pub(crate) positions: crate::usecases::position::Shared,
    bundles: crate::usecases::bundle::Shared,
}

impl Device {
    /// Opens the device in a folder, which is made where it does not exist. A damaged mirror is moved
    /// aside and begun anew; a damaged `local.db` is moved aside and the device opens without it, says
    /// so in every answer, and makes a new one only when asked.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub fn open(folder: impl Into<PathBuf>, parts: Parts) -> Result<Self, OpenError> {
        let folder = folder.into();
        match Self::opened(folder.clone(), parts.clone()) {
            Err(error) if error.asks_for_room() && room::give_spare(&folder) => {
                Self::opened(folder, parts)
            }
            opened => opened,
        }
    }

    fn opened(folder: PathBuf, parts: Parts) -> Result<Self, OpenError> {
        std::fs::create_dir_all(&folder)?;
        let wall = parts.clock.wall_ms();
        let held = holds_data(&folder);
        let key = key_for(parts.keys.as_ref(), parts.entropy.as_ref(), held)?;
        if held && keystore::fits(&folder, &key)? == Some(false) {
            // With a wrong key whole files look damaged, and would be moved aside.
            return Err(KeyError::Foreign.into());
        }
        let local = open_local(&folder, &key, wall)?;
        let mirror = open_mirror(&folder, &key, wall)?;
        if local.is_some()
            && let Err(error) = keystore::keep_check(&folder, &key)
        {
            tracing::warn!(%error, "nothing beside the data tells their key from another yet");
        }
        let device = Self {
            folder,
            clock: parts.clock,
            entropy: parts.entropy,
            key,
            local: OnceLock::new(),
            mirror,
            index: crate::usecases::index::Index::default(),
            sync: crate::runner::Shared::default(),
            photos: crate::photos::Shared::default(),
            positions: crate::usecases::position::Shared::default(),
            bundles: crate::usecases::bundle::Shared::default(),
        };
        if let Some(local) = local {
            if crate::runner::mirror_went_back(&local, &device.mirror)? {
                // What a person saw is replayed over the mirror until it has come back to there.
                local.write(crate::store::local::verdicts::unconfirm_all)?;
            }
            let _ = device.local.set(local);
            crate::usecases::rescued::settle(&device)?;
            crate::usecases::new_log::where_copied(&device, parts.keys.as_ref())?;
            // What a kill cut short; whatever cannot be put right now is found again next time.
            if let Err(error) = crate::photos::sweep::sweep(&device) {
                tracing::warn!(code = error.code, "photos were not swept");
            }
        }
        Ok(device)
    }

    /// Takes the room that the last saves of a full phone will need. What cannot be had now is tried again at
    /// the next start.
    pub fn keep_room(&self) {
        let kept = match self.local.get() {
            Some(local) => local.keep_room(),
            None => Ok(()),
        };
        let laid = kept.and_then(|()| room::lay_spare(&self.folder, self.entropy.as_ref()));
        if let Err(error) = laid {
            tracing::warn!(%error, "no room kept for the last saves");
        }
    }

    /// `local.db`.
    ///
    /// # Errors
    /// `local_lost` while a damaged one lies in quarantine and no new one was asked for.
    pub fn local(&self) -> Result<&Local, ApiError> {
        self.local.get().ok_or_else(ApiError::local_lost)
    }

    /// `mirror.db`.
    pub fn mirror(&self) -> &Mirror {
        &self.mirror
    }

    /// What the sync loop and the shell share.
    pub fn sync(&self) -> &crate::runner::Shared {
        &self.sync
    }

    /// What the photo pipeline and the shell share.
    pub fn photos(&self) -> &crate::photos::Shared {
        &self.photos
    }

    /// What the writing of bundles and the shell share.
    pub fn bundles(&self) -> &crate::usecases::bundle::Shared {
        &self.bundles
    }

    /// The folder of this device's data.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The master key, for what is sealed beside the databases.
    pub(crate) fn key(&self) -> &MasterKey {
        &self.key
    }

    /// A new id.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub(crate) fn new_id(&self) -> Result<Uuid, EntropyError> {
        new_id(self.clock.as_ref(), self.entropy.as_ref())
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> Millis {
        Millis(self.clock.wall_ms())
    }

    /// Minutes east of UTC in which this phone shows and stamps time.
    pub(crate) fn zone(&self) -> i32 {
        CHINA_OFFSET_MIN
    }

    /// Begins a new `local.db` after the old one was moved aside; the old one stays in quarantine.
    ///
    /// # Errors
    /// The new file cannot be made.
    pub(crate) fn begin_new_local(&self) -> Result<(), ApiError> {
        if self.local.get().is_none() {
            let local = Local::open(&self.folder, &self.key)?;
            quarantine::clear_lost(&self.folder).map_err(StoreError::from)?;
            let _ = self.local.set(local);
        }
        Ok(())
    }
}

/// Whether the folder holds anything sealed with a key.
fn holds_data(folder: &Path) -> bool {
    [LocalFile::NAME, MirrorFile::NAME, "quarantine", "files"]
        .iter()
        .any(|name| folder.join(name).exists())
}

fn open_local(folder: &Path, key: &MasterKey, wall_ms: i64) -> Result<Option<Local>, OpenError> {
    let path = folder.join(LocalFile::NAME);
    if quarantine::is_lost(folder) {
        // A kill in the middle of moving aside: the rest follows the first part.
        if path.exists() {
            quarantine::move_aside(&path, wall_ms)?;
        }
        return Ok(rescued(folder, key));
    }
    match Local::open(folder, key) {
        Ok(local) => Ok(Some(local)),
        Err(StoreError::Corrupt(_)) => {
            quarantine::mark_lost(folder)?;
            quarantine::move_aside(&path, wall_ms)?;
            Ok(rescued(folder, key))
        }
        Err(other) => Err(other.into()),
    }
}

/// A new file of what still reads of the damaged one. Without it the device opens and says what is missing.
fn rescued(folder: &Path, key: &MasterKey) -> Option<Local> {
    let opened = rescue::rescue(folder, key).and_then(|made| {
        if !made {
            return Ok(None);
        }
        let local = Local::open(folder, key)?;
        quarantine::clear_lost(folder)?;
        Ok(Some(local))
    });
    opened.unwrap_or_else(|error| {
        tracing::error!(%error, "the damaged file was not read into a new one");
        None
    })
}

/// The mirror; a damaged one is begun anew.
fn open_mirror(folder: &Path, key: &MasterKey, wall_ms: i64) -> Result<Mirror, OpenError> {
    let present = || {
        let mirror = Mirror::open(folder, key)?;
        derived::keep_up(&mirror, env!("CARGO_PKG_VERSION"))?;
        Ok(mirror)
    };
    match present() {
        Ok(mirror) => Ok(mirror),
        Err(StoreError::Corrupt(_)) => {
            quarantine::move_aside(&folder.join(MirrorFile::NAME), wall_ms)?;
            Ok(present()?)
        }
        Err(other) => Err(other.into()),
    }
}
