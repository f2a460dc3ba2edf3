//! Desktop and iOS: the page's file input is the camera and brings the bytes. A test may name a folder
//! that stands in for Android's.

use std::path::PathBuf;
use tauri::{AppHandle, Runtime};

/// `XUNJI_PICTURES_DIR`, where a test plays the system's camera.
pub fn pictures<R: Runtime>(_app: &AppHandle<R>) -> Option<PathBuf> {
    std::env::var_os("XUNJI_PICTURES_DIR").map(PathBuf::from)
}
