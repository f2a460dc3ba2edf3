//! What a face stands on: commands as JSON, pieces of the camera's file, pictures by name, and the word that something
//! changed. The window's shell and the development bridge of the tests bring these to their pages and add nothing.

mod news;
mod phone;
mod pictures;
mod pieces;
pub mod place;
#[cfg(test)]
mod tests;

pub use crate::usecases::bundle::{PeopleFolder, Reach};
pub use phone::{Phone, Settings};
pub use pieces::{Body, Piece};

use crate::api::{ApiError, Command};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use xunji_domain::ids::PhotoId;
use xunji_domain::inspection::PhotoOrigin;
use xunji_domain::place::{NoFix, RawFix};

/// What differs between the shells.
pub trait Host: Send + Sync {
    /// Has the page read anew what it shows.
    fn tell(&self);

    /// Asks the phone's receiver once. Blocks.
    ///
    /// # Errors
    /// Why there is no fix.
    fn position(&self, phone: &Phone, within: Duration) -> Result<RawFix, NoFix>;

    /// Opens the shell's own camera, which writes one JPEG whole into that file, or none. Blocks while it is open. A
    /// shell has none unless it says so.
    fn photograph(&self, _into: &Path) -> Shot {
        Shot::Elsewhere
    }
}

/// What came of a shell's own camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shot {
    /// The file is there.
    Taken,
    /// It was closed without a picture.
    Closed,
    /// The person gave no leave.
    Denied,
    /// This shell has none, or it did not open: the page takes the system's.
    Elsewhere,
}

/// The door of one phone. Everything blocks and is called from a worker thread.
pub struct Door {
    phone: Phone,
    host: Box<dyn Host>,
    asking: place::Visits,
    /// Whether a thread opens the device, or stays with it.
    runs: AtomicBool,
}

impl Door {
    /// A door whose phone is not opened yet.
    pub fn new(settings: Settings, host: Box<dyn Host>) -> Self {
        Self {
            phone: Phone::new(settings),
            host,
            asking: place::Visits::default(),
            runs: AtomicBool::new(false),
        }
    }

    /// Runs a command of the page.
    ///
    /// # Errors
    /// `bad_request` when it does not read, `not_for_a_page` when it names a place on the disk; those of [`Phone::call`].
    pub fn call(self: &Arc<Self>, command: Value) -> Result<Value, ApiError> {
        let command: Command =
            serde_json::from_value(command).map_err(|error| unreadable(&error.to_string()))?;
        if command.names_a_place() {
            return Err(not_for_a_page());
        }
        let begins = matches!(command, Command::StartInspection { .. });
        let opens = matches!(command, Command::EnterKey { .. } | Command::Status {});
        if matches!(command, Command::CameBack {}) {
            self.look_again();
            return Ok(Value::Null);
        }
        let answer = self.phone.call(command)?;
        if begins {
            place::look(self, &answer);
        }
        if opens {
            news::go_on(self);
        }
        Ok(answer)
    }

    /// Takes one piece of the camera's file; the last one hands the file to the core.
    ///
    /// # Errors
    /// `photo_file` when it does not read or the disk does not take it; those of `take_over`.
    pub fn piece(&self, piece: &Piece, bytes: &[u8]) -> Result<Value, ApiError> {
        pieces::receive(&self.phone, piece, bytes)
    }

    /// Takes an expected photo with the shell's own camera; null when it was closed without a picture.
    ///
    /// # Errors
    /// `camera_elsewhere` and `camera_denied`, after which the page opens its own way; those of `take_over`.
    pub fn photograph(&self, photo: PhotoId) -> Result<Value, ApiError> {
        let path = pieces::camera_file(&self.phone, photo).map_err(|error| {
            tracing::warn!(%error, "no folder for the camera");
            pieces::not_handed_over()
        })?;
        match self.host.photograph(&path) {
            Shot::Taken => self.phone.call(Command::TakeOver {
                photo,
                path,
                origin: PhotoOrigin::Camera,
            }),
            Shot::Closed => Ok(Value::Null),
            Shot::Denied => Err(ApiError::new(
                "camera_denied",
                "没有允许使用相机，检查记录不受影响；可以改从相册选照片，或到系统设置里允许",
            )),
            Shot::Elsewhere => Err(ApiError::new(
                "camera_elsewhere",
                "程序自带的相机没有打开，检查记录不受影响；请用系统相机拍照",
            )),
        }
    }

    /// A picture as JPEG, decrypted by the core: `/<photo>/thumbnail` and `/<photo>/large`. None where there is none.
    pub fn picture(&self, path: &str) -> Option<Vec<u8>> {
        pictures::picture(&self.phone, path)
    }

    /// Opens the device, enrols where the settings say so, starts copies and sync, and stays to tell the page.
    pub fn open_and_tell(self: &Arc<Self>) {
        news::open_and_tell(self);
    }

    /// The person is back, perhaps from a camera that took the app's place in memory.
    pub fn look_again(&self) {
        news::look_again(&self.phone);
    }

    /// The phone behind it.
    pub fn phone(&self) -> &Phone {
        &self.phone
    }
}

fn not_for_a_page() -> ApiError {
    ApiError::new(
        "not_for_a_page",
        "页面不能指定文件位置，没有写入任何内容，数据没有丢失；请升级后再试",
    )
}

fn unreadable(detail: &str) -> ApiError {
    ApiError::new(
        "bad_request",
        "程序内部的请求格式不对，没有写入任何内容，数据没有丢失；请升级后再试",
    )
    .with(serde_json::json!({ "detail": detail }))
}
