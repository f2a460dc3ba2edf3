//! `admin section-confirm`: the bureau allows 按部分确认 or takes it back. It travels to the phones in the
//! bureau's own state with the next pull; visits that are signed keep how each answer was given.

use super::AdminError;
use crate::app::App;
use crate::config::DataFolder;
use crate::decide::{self, Context, Seed};
use crate::storage::{self, Committed};
use serde_json::{Value, json};
use xunji_domain::section_confirm::SectionConfirm;

/// Switches it on or off; asking for what is so already changes nothing.
///
/// # Errors
/// [`AdminError::Open`] without a county; [`AdminError::Busy`] while another process writes the same state.
pub fn section_confirm(data: DataFolder, on: bool) -> Result<Value, AdminError> {
    let app = App::open(data, 0)?;
    let mut county = app.county.clone();
    county.section_confirm = on.then(SectionConfirm::default);
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
        Committed::Done(_) => Ok(json!({ "section_confirm": on })),
        Committed::Stale => Err(AdminError::Busy),
    }
}
