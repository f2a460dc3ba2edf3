//! What the bureau switches for its phones: 按部分确认, and whether the place of a visit is recorded. It travels in
//! the bureau's own state with the next pull; what is signed already stays as it is.

use super::AdminError;
use crate::app::App;
use crate::config::DataFolder;
use crate::decide::{self, Context, Seed};
use crate::storage::{self, Committed};
use serde_json::{Value, json};
use xunji_domain::org::Bureau;
use xunji_domain::section_confirm::SectionConfirm;

/// Switches 按部分确认 on or off; asking for what is so already changes nothing.
///
/// # Errors
/// [`AdminError::Open`] without a county; [`AdminError::Busy`] while another process writes the same state.
pub fn section_confirm(data: DataFolder, on: bool) -> Result<Value, AdminError> {
    change(data, |bureau| {
        bureau.section_confirm = on.then(SectionConfirm::default);
    })?;
    Ok(json!({ "section_confirm": on }))
}

/// Lets phones record where a visit began, or stops it. On unless switched off.
///
/// # Errors
/// As [`section_confirm`].
pub fn positions(data: DataFolder, on: bool) -> Result<Value, AdminError> {
    change(data, |bureau| bureau.positions_off = !on)?;
    Ok(json!({ "positions": on }))
}

fn change(data: DataFolder, change: impl FnOnce(&mut Bureau)) -> Result<(), AdminError> {
    let app = App::open(data, 0)?;
    let mut county = app.county.clone();
    change(&mut county);
    let seed = Seed::Bureau(county);
    let present = storage::present(&app.store, app.bureau, vec![seed.key()])?;
    let context = Context {
        bureau: app.bureau,
        epoch: app.epoch(),
        now: app.clock.now(),
    };
    let plan =
        decide::seed(&[seed], &present, context).map_err(|e| AdminError::County(e.to_string()))?;
    match storage::commit(&app.store, plan)? {
        Committed::Done(_) => Ok(()),
        Committed::Stale => Err(AdminError::Busy),
    }
}
