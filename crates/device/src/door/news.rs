//! Starts what runs beside a page, copies and the sync loop, and tells the page when something changed without it.

use super::{Door, Phone, pieces};
use crate::api::Command;
use crate::usecases::returning;
use crate::{photos, runner};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often the counters are looked at. They are a few counted rows.
const LOOK: Duration = Duration::from_secs(1);
/// How long what could not be handed in rests.
const AGAIN: Duration = Duration::from_secs(20);

/// Opens the device, enrols where the environment says so, starts the loop, and stays to tell the page.
pub fn open_and_tell(door: &Arc<Door>) {
    let phone = &door.phone;
    if door.runs.swap(true, Ordering::SeqCst) {
        return;
    }
    pieces::clear_unfinished(phone);
    let device = match phone.device() {
        Ok(device) => device,
        Err(error) => {
            tracing::error!(code = error.code, "the device does not open");
            hand_in(door);
            door.runs.store(false, Ordering::SeqCst);
            return;
        }
    };
    if let Err(error) = phone.enrol_from_settings() {
        tracing::warn!(code = error.code, "not enrolled at the start");
    }
    door.host.tell();
    device.keep_room();
    // The system's picture folder is named only once the device is open.
    returning::say_found(photos::sweep::sweep(&device));
    let deriving = photos::background::start(&device);
    if let Err(error) = &deriving {
        tracing::error!(%error, "copies wait for the next sync");
    }
    let running = runner::start(&device);
    if let Err(error) = &running {
        tracing::error!(%error, "sync does not run");
    }
    let mut seen = None;
    loop {
        std::thread::sleep(LOOK);
        let now = (
            phone.call(Command::SyncState {}).ok(),
            device.photos().made(),
            device.sync().drafts_told(),
            device.bundles().told(),
        );
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            door.host.tell();
        }
    }
}

/// The device may have been opened after the start: what runs beside the page is started where it does not run.
pub fn go_on(door: &Arc<Door>) {
    if door.runs.load(Ordering::SeqCst) {
        return;
    }
    let thread = std::thread::Builder::new().name("open".to_owned());
    let opened = Arc::clone(door);
    if let Err(error) = thread.spawn(move || open_and_tell(&opened)) {
        tracing::error!(%error, "neither sync nor copies run");
    }
}

/// Sends what an older program cannot open, until all of it is in; nothing where data are not of a newer program.
fn hand_in(door: &Door) {
    let Some(newer) = door.phone.newer() else {
        return;
    };
    loop {
        let said = newer.hand_in();
        tracing::info!(
            found = said.found,
            received = said.received,
            problem = said.problem,
            "handed in unopened"
        );
        door.host.tell();
        if said.done {
            return;
        }
        std::thread::sleep(AGAIN);
    }
}

/// The person is back, perhaps from a camera that took the app's place in memory, or the net is.
pub fn look_again(phone: &Phone) {
    // Nothing is opened for this: at a start the device is on its way already.
    if let Some(device) = phone.opened() {
        returning::came_back(&device);
    }
}
