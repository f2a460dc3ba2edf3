//! Android and iOS: below the app's own documents. Android shows them to a computer at the end of a cable and asks for no
//! permission; iOS shows them in its app for files, as Info.ios.plist says.

use tauri::{AppHandle, Manager as _, Runtime};
use xunji_device::door::{PeopleFolder, Reach};

/// The folder; none when Android has no external storage mounted.
pub fn folder<R: Runtime>(app: &AppHandle<R>) -> Option<PeopleFolder> {
    let reach = if cfg!(target_os = "ios") {
        Reach::Ios
    } else {
        Reach::Android
    };
    app.path()
        .document_dir()
        .inspect_err(|error| tracing::warn!(%error, "no folder for what people carry"))
        .ok()
        .map(|documents| PeopleFolder::below(&documents, reach))
}
