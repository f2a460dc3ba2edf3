//! The open device, opened once, and why it is not when it is not.

use crate::settings::Settings;
use serde_json::Value;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use xunji_device::api::{ApiError, Command};
use xunji_device::clock::{Clock, Entropy, ShiftedClock, SystemClock, SystemEntropy};
use xunji_device::keystore::FileKeyStore;
use xunji_device::newer::Newer;
use xunji_device::{Device, Parts};

/// The device behind the window.
pub struct Phone {
    settings: Settings,
    device: OnceLock<Result<Arc<Device>, ApiError>>,
    /// The same data where a newer program wrote them.
    newer: OnceLock<Newer>,
}

impl Phone {
    /// A phone that is not opened yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            device: OnceLock::new(),
            newer: OnceLock::new(),
        }
    }

    /// The device. The first caller opens it, the others wait. Blocks.
    ///
    /// # Errors
    /// Why it does not open; nothing was changed.
    pub fn device(&self) -> Result<&Arc<Device>, ApiError> {
        self.device
            .get_or_init(|| self.open())
            .as_ref()
            .map_err(|error| self.newer().map_or_else(|| error.clone(), Newer::said))
    }

    /// What is not opened and sent all the same, once opening has said so.
    pub fn newer(&self) -> Option<&Newer> {
        self.newer.get()
    }

    /// The device, when it is open already.
    pub fn opened(&self) -> Option<&Arc<Device>> {
        self.device.get()?.as_ref().ok()
    }

    /// Runs a command. Blocks.
    ///
    /// # Errors
    /// Those of [`Device::call`], and why the device does not open.
    pub fn call(&self, command: Command) -> Result<Value, ApiError> {
        self.device()?.call(command)
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
}

impl Phone {
    fn open(&self) -> Result<Arc<Device>, ApiError> {
        let settings = &self.settings;
        std::fs::create_dir_all(&settings.folder)
            .map_err(|e| ApiError::from(xunji_device::OpenError::Io(e)))?;
        let parts = parts(settings)?;
        let device = match Device::open(&settings.folder, parts.clone()) {
            Ok(device) => device,
            Err(error) => {
                if let Some(newer) = Newer::when(&error, &settings.folder, parts)? {
                    let _ = self.newer.set(newer);
                }
                return Err(error.into());
            }
        };
        if let Some(pictures) = settings.pictures.clone() {
            device.photos().set_pictures(pictures);
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
        keys: Arc::new(FileKeyStore::at(settings.folder.join("key"))),
    })
}
