//! `admin waive-backup`: phones may free their space although no verified backup holds what leaves them. The
//! risk is the bureau's own; the console says so in red as long as it stands.

use super::AdminError;
use crate::app::App;
use crate::config::DataFolder;
use crate::storage::meta;
use serde_json::{Value, json};

/// Allows it or takes it back; the phones hear of it in their next hello.
///
/// # Errors
/// [`AdminError::Open`] without a county; [`AdminError::Store`].
pub fn waive_backup(data: DataFolder, on: bool) -> Result<Value, AdminError> {
    let app = App::open(data, 0)?;
    if on {
        let now = app.clock.now().0.to_string();
        meta::set(&app.store, app.bureau, meta::BACKUP_WAIVED, now)?;
    } else {
        meta::unset(&app.store, app.bureau, meta::BACKUP_WAIVED)?;
    }
    Ok(json!({ "backup_waived": on }))
}
