//! Android: the system's camera app writes into the app's own picture folder.

use std::path::PathBuf;
use tauri::{AppHandle, Manager as _, Runtime};

/// The folder; none when Android has no external storage mounted, and the page then brings the bytes.
pub fn pictures<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    app.path()
        .picture_dir()
        .inspect_err(|error| tracing::warn!(%error, "no picture folder"))
        .ok()
}
