//! Android and iOS: the receiver through Tauri's plugin, called from here and never from the page. It says neither
//! what measured a fix nor whether a program stood in for the receiver; both stay open then.

use std::time::Duration;
use tauri::plugin::PermissionState;
use tauri::{AppHandle, Builder, Runtime};
use tauri_plugin_geolocation::{GeolocationExt as _, Position, PositionOptions};
use xunji_device::door::{Phone, place};
use xunji_domain::place::{NoFix, RawFix};
use xunji_domain::time::Millis;

/// Brings the plugin in.
pub fn prepare<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.plugin(tauri_plugin_geolocation::init())
}

/// Asks for leave where it was not given yet, and then for one fix that is not from a drawer.
pub fn read<R: Runtime>(
    app: &AppHandle<R>,
    _phone: &Phone,
    within: Duration,
) -> Result<RawFix, NoFix> {
    allowed(app)?;
    let options = PositionOptions {
        enable_high_accuracy: true,
        timeout: u32::try_from(within.as_millis()).unwrap_or(u32::MAX),
        maximum_age: 0,
    };
    let position = app.geolocation().get_current_position(Some(options));
    position.map(fix).map_err(|error| {
        tracing::info!(%error, "no position");
        NoFix::NotFound
    })
}

/// Both calls are refused while the phone's own switch for positions is off.
fn allowed<R: Runtime>(app: &AppHandle<R>) -> Result<(), NoFix> {
    let off = |error: tauri_plugin_geolocation::Error| {
        tracing::info!(%error, "positions are off");
        NoFix::Off
    };
    let receiver = app.geolocation();
    let mut state = receiver.check_permissions().map_err(off)?.location;
    if !matches!(state, PermissionState::Granted | PermissionState::Denied) {
        state = receiver.request_permissions(None).map_err(off)?.location;
    }
    match state {
        PermissionState::Granted => Ok(()),
        _ => Err(NoFix::Denied),
    }
}

fn fix(position: Position) -> RawFix {
    RawFix {
        lat_e7: place::e7(position.coords.latitude),
        lon_e7: place::e7(position.coords.longitude),
        accuracy_cm: place::cm(position.coords.accuracy),
        at: Millis(i64::try_from(position.timestamp).unwrap_or(0)),
        source: None,
        mock: None,
    }
}
