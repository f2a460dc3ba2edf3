//! The person is back at the app, or the net at the phone. A hint, never a state: it may come twice, or not at all.

use crate::Device;
use crate::api::ApiError;
use crate::photos::sweep::{self, Swept};

/// What a camera left that took the app's place in memory is found, what waits is sent, and the server is asked for
/// news. What the link is too dear for stays where it is: nobody asked for that.
pub fn came_back(device: &Device) {
    say_found(sweep::sweep_certain(device));
    device.keep_room();
    device.sync().sync_now(false);
}

/// What a sweep found, for the log.
pub(crate) fn say_found(swept: Result<Swept, ApiError>) {
    match swept {
        Ok(swept) if swept != Swept::default() => {
            tracing::info!(
                found = swept.found,
                tray = swept.tray,
                "photos were found again"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(
            code = error.code,
            "the camera's folder was not looked through"
        ),
    }
}
