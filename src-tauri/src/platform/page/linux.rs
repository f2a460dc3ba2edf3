//! WebKitGTK says when its process ended. The window would stay white.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::{App, Manager as _, WebviewWindow};
use webkit2gtk::WebViewExt as _;

/// A page that ends again within so long is not loaded again at once: it may be the page that ends it.
const SOON: Duration = Duration::from_secs(10);
/// How long it rests then.
const REST: Duration = Duration::from_secs(5);

/// Loads the page of the one window again whenever its process has ended.
pub fn watch(app: &App) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    let again = window.clone();
    let last = Arc::new(Mutex::new(None::<Instant>));
    let told = window.with_webview(move |view| {
        view.inner()
            .connect_web_process_terminated(move |_, reason| {
                tracing::warn!(?reason, "the page's process ended; it is loaded again");
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                let rests = last.is_some_and(|at| at.elapsed() < SOON);
                *last = Some(Instant::now());
                load_again(again.clone(), if rests { REST } else { Duration::ZERO });
            });
    });
    if let Err(error) = told {
        tracing::warn!(%error, "the page's process is not watched");
    }
}

/// From a thread of its own: the signal is sent while the view still takes the old process apart.
fn load_again(window: WebviewWindow, after: Duration) {
    let thread = std::thread::Builder::new().name("page".to_owned());
    let started = thread.spawn(move || {
        std::thread::sleep(after);
        if let Err(error) = window.reload() {
            tracing::error!(%error, "the page was not loaded again");
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "the page is not loaded again");
    }
}
