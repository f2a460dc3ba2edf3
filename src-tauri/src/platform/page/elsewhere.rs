//! iOS: Tauri loads the page again by itself when nobody else wants to hear of it. Android: the WebView tells only its
//! client class, which is the shell's framework's and does not listen, so the system ends the whole app; the next
//! start opens the page where it was.

use tauri::App;

/// Nothing to watch.
pub fn watch(_app: &App) {}
