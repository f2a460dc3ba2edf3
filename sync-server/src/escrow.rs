//! Keys of phones' files that are brought with a hello. One that does not open here is not said to be held: it would
//! be of no use on the day it is needed.

use crate::app::App;
use crate::problem::{Answer, internal};
use crate::storage::escrow;
use xunji_domain::ids::DeviceId;
use xunji_protocol::digest::Digest;
use xunji_protocol::escrow::Escrow;
use xunji_protocol::limits::MAX_SEALS;

/// Keeps what a phone brought, and says what is held of it.
///
/// # Errors
/// Those of the store.
pub fn take(app: &App, device: DeviceId, brought: Option<&Escrow>) -> Answer<Vec<Digest>> {
    if let Some(sealed) = brought {
        let own = app.keys.bundles();
        let opens =
            sealed.device == device && sealed.seals.len() <= MAX_SEALS && sealed.open(&own).is_ok();
        if opens {
            let name = sealed.digest().map_err(|e| internal(&e))?;
            escrow::keep(
                &app.store,
                app.bureau,
                name,
                sealed.clone(),
                app.clock.now(),
            )?;
        } else {
            tracing::warn!(%device, "a phone's sealed key does not open here and was not kept");
        }
    }
    Ok(escrow::held(&app.store, app.bureau, device)?)
}
