//! Phones: the app's own camera, through the plugin beside this crate. What keeps it from opening costs a line in the log
//! and nothing else: the page takes the system's camera.

use std::path::Path;
use tauri::{AppHandle, Builder, Runtime};
use xunji_camera::Outcome;
use xunji_device::door::Shot;

/// Brings the plugin in.
pub fn prepare<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.plugin(xunji_camera::init())
}

/// Opens it for one file and waits for its end.
pub fn photograph<R: Runtime>(app: &AppHandle<R>, into: &Path) -> Shot {
    match xunji_camera::take(app, into) {
        Ok(Outcome::Taken) => Shot::Taken,
        Ok(Outcome::Closed) => Shot::Closed,
        Ok(Outcome::Denied) => Shot::Denied,
        Err(error) => {
            tracing::warn!(%error, "the app's own camera did not open");
            Shot::Elsewhere
        }
    }
}
