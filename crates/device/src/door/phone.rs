//! The open device, opened once, and why it is not when it is not.

use crate::api::{ApiError, Command};
use crate::clock::{Clock, Entropy, ShiftedClock, SystemClock, SystemEntropy};
use crate::keystore::KeyStore;
use crate::newer::Newer;
use crate::usecases::bundle::PeopleFolder;
use crate::{Device, OpenError, Parts, lost_key};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Settings of one start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of this phone's data.
    pub folder: PathBuf,
    /// A server to enrol with, and its one-time code. Ignored by a phone that is enrolled.
    pub enrol: Option<(String, String)>,
    /// The folder into which the system's camera writes for this app, where there is one.
    pub pictures: Option<PathBuf>,
    /// The folder for what people carry, where there is one.
    pub people: Option<PeopleFolder>,
    /// Milliseconds this phone's clock is ahead of the system's; `None` outside tests and played days.
    pub clock_offset_ms: Option<i64>,
    /// Where the key of a folder's files lives. Asked at every opening: what did not answer may answer then.
    pub keys: fn(&Path) -> Arc<dyn KeyStore>,
}

/// The device behind a door.
pub struct Phone {
    settings: Settings,
    device: Mutex<Option<Result<Arc<Device>, ApiError>>>,
    /// The same data where a newer program wrote them.
    newer: OnceLock<Newer>,
}

impl Phone {
    /// A phone that is not opened yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            device: Mutex::new(None),
            newer: OnceLock::new(),
        }
    }

    /// The device. The first caller opens it, the others wait. Blocks.
    ///
    /// # Errors
    /// Why it does not open; nothing was changed.
    pub fn device(&self) -> Result<Arc<Device>, ApiError> {
        let opened = self.held().get_or_insert_with(|| self.open()).clone();
        opened.map_err(|error| self.newer().map_or(error, Newer::said))
    }

    /// What is not opened and sent all the same, once opening has said so.
    pub fn newer(&self) -> Option<&Newer> {
        self.newer.get()
    }

    /// The device, when it is open already. Never waits for the opening.
    pub fn opened(&self) -> Option<Arc<Device>> {
        let held = self.device.try_lock().ok()?;
        held.as_ref()?.as_ref().ok().cloned()
    }

    /// Runs a command. Blocks.
    ///
    /// # Errors
    /// Those of [`Device::call`], and why the device does not open.
    pub fn call(&self, command: Command) -> Result<Value, ApiError> {
        match (self.device(), command) {
            (Ok(device), command) => device.call(command),
            (Err(error), Command::EnterKey { code }) if error.code == "key_missing" => {
                self.enter_key(&code)
            }
            (Err(error), Command::Status {}) if error.code == "key_unreadable" => {
                // A keystore that did not answer may answer now.
                *self.held() = None;
                self.device()?.call(Command::Status {})
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Opens the files with a typed key.
    fn enter_key(&self, code: &str) -> Result<Value, ApiError> {
        lost_key::restore(&self.settings.folder, &parts(&self.settings)?, code)?;
        *self.held() = None;
        self.device()?.call(Command::Status {})
    }

    /// The wall clock as the core has it: shifted where a test or a played day says so.
    pub fn wall_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = since.map_or(0, |since| since.as_millis());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        now.saturating_add(self.settings.clock_offset_ms.unwrap_or(0))
    }

    /// The folder of this phone's data.
    pub fn folder(&self) -> &Path {
        &self.settings.folder
    }

    /// Enrols with what the environment gave, when this phone belongs to no station yet.
    ///
    /// # Errors
    /// Those of `enrol`.
    pub fn enrol_from_settings(&self) -> Result<(), ApiError> {
        let Some((server_url, code)) = self.settings.enrol.clone() else {
            return Ok(());
        };
        let status = self.call(Command::Status {})?;
        if status.get("enrolled").and_then(Value::as_bool) == Some(true) {
            return Ok(());
        }
        self.call(Command::Enrol { server_url, code }).map(|_| ())
    }

    fn held(&self) -> MutexGuard<'_, Option<Result<Arc<Device>, ApiError>>> {
        self.device.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<Arc<Device>, ApiError> {
        let settings = &self.settings;
        std::fs::create_dir_all(&settings.folder).map_err(|e| ApiError::from(OpenError::Io(e)))?;
        let parts = parts(settings)?;
        let device = match Device::open(&settings.folder, parts.clone()) {
            Ok(device) => device,
            Err(error) => {
                if let Some(newer) = Newer::when(&error, &settings.folder, parts)? {
                    let _ = self.newer.set(newer);
                }
                return Err(lost_key::said(error, &settings.folder));
            }
        };
        if let Some(pictures) = settings.pictures.clone() {
            device.photos().set_pictures(pictures);
        }
        if let Some(people) = settings.people.clone() {
            device.bundles().set_folder(people);
        }
        Ok(Arc::new(device))
    }
}

fn parts(settings: &Settings) -> Result<Parts, ApiError> {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let clock: Arc<dyn Clock> = match settings.clock_offset_ms {
        Some(offset) => {
            let shifted = ShiftedClock::default();
            shifted.shift(offset);
            Arc::new(shifted)
        }
        None => Arc::new(SystemClock::start(entropy.as_ref())?),
    };
    Ok(Parts {
        clock,
        entropy,
        keys: (settings.keys)(&settings.folder),
    })
}
