//! What the door of the core asks of the shell: one event to the page, one question to the receiver, one
//! picture from the camera.

use crate::platform::{camera, position};
use std::path::Path;
use std::time::Duration;
use tauri::{AppHandle, Emitter as _};
use xunji_device::door::{Host, Phone, Shot};
use xunji_domain::place::{NoFix, RawFix};

/// The page's one event. It carries nothing: the page reads what it shows.
const CHANGED: &str = "changed";

/// The app with its one window.
pub struct Shell(pub AppHandle);

impl Host for Shell {
    fn tell(&self) {
        if let Err(error) = self.0.emit(CHANGED, ()) {
            tracing::debug!(%error, "nobody to tell");
        }
    }

    fn position(&self, phone: &Phone, within: Duration) -> Result<RawFix, NoFix> {
        position::read(&self.0, phone, within)
    }

    fn photograph(&self, into: &Path) -> Shot {
        camera::photograph(&self.0, into)
    }
}
