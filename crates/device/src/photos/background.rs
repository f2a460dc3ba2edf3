//! The thread that makes copies while people work. The core starts none by itself: shell and headless
//! phone do, once the device is open.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::copies::derive_next;
use crate::Device;

/// Looks up this often without the bell.
const LOOK: Duration = Duration::from_secs(60);
/// After an error: a full disk does not empty at once.
const PAUSE: Duration = Duration::from_secs(10);

/// The running thread; dropped, it ends after the picture in work.
pub struct Deriving {
    device: Arc<Device>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the thread.
///
/// # Errors
/// The system gives no thread.
pub fn start(device: &Arc<Device>) -> std::io::Result<Deriving> {
    let stop = Arc::new(AtomicBool::new(false));
    let thread = {
        let (device, stop) = (Arc::clone(device), Arc::clone(&stop));
        std::thread::Builder::new()
            .name("photos".to_owned())
            .spawn(move || run(&device, &stop))?
    };
    Ok(Deriving {
        device: Arc::clone(device),
        stop,
        thread: Some(thread),
    })
}

impl Drop for Deriving {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.device.photos.ring();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(device: &Device, stop: &AtomicBool) {
    let mut font = None;
    while !stop.load(Ordering::Relaxed) {
        match derive_next(device, &mut font) {
            Ok(true) => device.sync().nudge(),
            Ok(false) => {
                font = None;
                device.photos.wait(LOOK);
            }
            Err(error) => {
                tracing::warn!(code = error.code, "copies wait");
                device.photos.wait(PAUSE);
            }
        }
    }
}
