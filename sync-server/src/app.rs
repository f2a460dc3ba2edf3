//! What every handler shares: the store, the keys, the clock, the folder.

use crate::blobs::{Blobs, Folder, Turns};
use crate::clock::ServerClock;
use crate::config::DataFolder;
use crate::keys::Keys;
use crate::live::Live;
use crate::planning::Planning;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::epochs::{self, Life};
use crate::storage::{self, Store, StoreError};
use std::sync::{Arc, PoisonError, RwLock};
use xunji_domain::ids::{BureauId, LogId};
use xunji_domain::org::Bureau;
use xunji_protocol::kinds::{Newest, newest_version};

/// The state of one serving process for one county.
pub struct App {
    /// The county, leading key of every storage call.
    pub bureau: BureauId,
    /// Its name and whether it is fictional.
    pub county: Bureau,
    /// The database.
    pub store: Store,
    /// Private keys.
    pub keys: Keys,
    /// The clock.
    pub clock: ServerClock,
    /// The folder.
    pub data: DataFolder,
    /// Epoch of the store and log of the bureau.
    life: RwLock<Life>,
    /// Photos and other files.
    pub blobs: Arc<dyn Blobs>,
    /// Which request is at work on which upload.
    pub uploads: Turns,
    /// Who plans beside whom.
    pub planning: Planning,
    /// Announces what was committed.
    pub live: Live,
    /// How far it reads what phones write.
    pub newest: Newest,
}

/// Shared by all handlers.
pub type AppState = Arc<App>;

/// Why a data folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No county in it yet.
    #[error("no county in this folder yet: run `xunji-server admin init` first")]
    NoCounty,
    /// Keys and database are of different counties, or one of the two is missing.
    #[error("keys.json does not belong to this database; neither was changed")]
    ForeignKeys,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys or folder.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl App {
    /// Opens a data folder.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub fn open(data: DataFolder, clock_offset_ms: i64) -> Result<Self, OpenError> {
        if !data.database().exists() {
            return Err(OpenError::NoCounty);
        }
        let store = Store::open(&data.database())?;
        let keys = Keys::read(&data.keys())?.ok_or(OpenError::NoCounty)?;
        let clock = ServerClock::new(clock_offset_ms, hex::encode(random::bytes::<8>()?));
        Self::assemble(data, store, keys, clock)
    }

    /// Puts a county together from its parts.
    ///
    /// # Errors
    /// [`OpenError`] when they do not belong together; nothing was changed.
    pub fn assemble(
        data: DataFolder,
        store: Store,
        keys: Keys,
        clock: ServerClock,
    ) -> Result<Self, OpenError> {
        let bureau = keys.bureau;
        match storage::meta::get(&store, bureau, storage::meta::IDENTITY)? {
            None => return Err(OpenError::NoCounty),
            Some(identity) if identity != keys.identity => return Err(OpenError::ForeignKeys),
            Some(_) => {}
        }
        let county = storage::meta::county(&store, bureau)?.ok_or(OpenError::NoCounty)?;
        let life = epochs::life(&store, bureau, keys.log)?;
        let live = Live::from(clock.now().0);
        let store = store.announcing(live.clone());
        let blobs = Arc::new(Folder::open(data.blobs())?);
        Ok(Self {
            bureau,
            county,
            store,
            keys,
            clock,
            data,
            life: RwLock::new(life),
            blobs,
            uploads: Turns::default(),
            planning: Planning::default(),
            live,
            newest: newest_version,
        })
    }

    /// Epoch of the store.
    pub fn epoch(&self) -> u64 {
        self.life().epoch
    }

    /// The log in which the bureau writes now.
    pub fn bureau_log(&self) -> LogId {
        self.life().log
    }

    /// The present life of the store.
    pub fn life(&self) -> Life {
        *self.life.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another epoch was opened.
    pub(crate) fn live_in(&self, life: Life) {
        *self.life.write().unwrap_or_else(PoisonError::into_inner) = life;
    }

    /// Runs blocking work (store, files, hashing) off the async threads.
    ///
    /// # Errors
    /// What the work says; a panic in it is an `internal` problem, never an empty answer.
    pub async fn blocking<T, F>(self: &Arc<Self>, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Answer<T> + Send + 'static,
    {
        let app = Arc::clone(self);
        match tokio::task::spawn_blocking(move || work(&app)).await {
            Ok(answer) => answer,
            Err(e) => Err(internal(&e)),
        }
    }
}
