//! The camera inside the app: a page of its own over the window, one picture, one JPEG file in the app's private folder.
//! Called from the shell and never from the page. Kotlin with CameraX on Android, Swift with AVFoundation on iOS.

#![cfg(any(target_os = "android", target_os = "ios"))]

use serde::{Deserialize, Serialize};
use std::path::Path;
use tauri::plugin::{Builder, PluginHandle, TauriPlugin};
use tauri::{AppHandle, Manager, Runtime};

#[cfg(target_os = "ios")]
tauri::ios_plugin_binding!(init_plugin_xunji_camera);

/// What came of opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The file is there, whole.
    Taken,
    /// It was closed without a picture.
    Closed,
    /// The person gave no leave to use a camera.
    Denied,
}

#[derive(Deserialize)]
struct Answer {
    outcome: Outcome,
}

#[derive(Serialize)]
struct Ask<'a> {
    path: &'a Path,
}

struct Camera<R: Runtime>(PluginHandle<R>);

/// Opens the camera and waits for its end; asks for leave where none was given or refused yet.
///
/// # Errors
/// What the phone says when there is no camera, or it does not open.
pub fn take<R: Runtime>(app: &AppHandle<R>, path: &Path) -> Result<Outcome, String> {
    let camera = app
        .try_state::<Camera<R>>()
        .ok_or_else(|| "the camera is not set up".to_owned())?;
    let answer = camera.0.run_mobile_plugin::<Answer>("take", Ask { path });
    answer
        .map(|answer| answer.outcome)
        .map_err(|error| error.to_string())
}

/// The plugin. A phone on which it cannot be set up goes on without it.
pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("xunji-camera")
        .setup(|app, api| {
            #[cfg(target_os = "android")]
            let handle = api.register_android_plugin("cn.xunji.camera", "CameraPlugin")?;
            #[cfg(target_os = "ios")]
            let handle = api.register_ios_plugin(init_plugin_xunji_camera)?;
            app.manage(Camera(handle));
            Ok(())
        })
        .build()
}
