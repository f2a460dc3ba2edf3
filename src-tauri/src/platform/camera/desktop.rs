//! A desktop has no camera of the app's own.

use std::path::Path;
use tauri::{AppHandle, Builder, Runtime};
use xunji_device::door::Shot;

/// Nothing to prepare.
pub fn prepare<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
}

/// Always elsewhere.
pub fn photograph<R: Runtime>(_app: &AppHandle<R>, _into: &Path) -> Shot {
    Shot::Elsewhere
}
