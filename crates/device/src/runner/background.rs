//! The loop of the app: goes on by itself, wakes after a save, at a person's word, and once a minute.

use super::pace::Pace;
use super::turn::{Turn, turn};
use crate::device::Device;
use crate::sync::plan::Reason;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often news are asked for when nothing else happens.
const TIMER: Duration = Duration::from_secs(60);
/// How often a link that was too slow for originals is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(10);
/// Never longer than this between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A running loop; dropped, it ends after the request under way.
pub struct Background {
    device: Arc<Device>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the loop on a thread of its own.
///
/// # Errors
/// The system gives no thread.
pub fn start(device: &Arc<Device>) -> std::io::Result<Background> {
    let stop = Arc::new(AtomicBool::new(false));
    let thread = {
        let (device, stop) = (Arc::clone(device), Arc::clone(&stop));
        std::thread::Builder::new()
            .name("sync".to_owned())
            .spawn(move || run(&device, &stop))?
    };
    Ok(Background {
        device: Arc::clone(device),
        stop,
        thread: Some(thread),
    })
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.device.sync.nudge();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(device: &Device, stop: &AtomicBool) {
    let mut pace = Pace::default();
    while !stop.load(Ordering::Relaxed) {
        let pause = match turn(device, None, None) {
            Turn::Passed | Turn::Reached | Turn::TimeUp => {
                pace.passed();
                continue;
            }
            Turn::Idle(Reason::Deriving) => Duration::from_secs(1),
            Turn::Idle(Reason::FasterLink | Reason::Resting) => TRY_AGAIN,
            Turn::Idle(_) => TIMER,
            Turn::Failed(fault) => {
                tracing::debug!(code = fault.code(), "sync request failed");
                pace.pause(&fault, device.entropy.as_ref(), LONGEST_PAUSE)
            }
        };
        if !device.sync.sleep(pause) && pause == TIMER {
            device.sync.ask_news();
        }
    }
}
