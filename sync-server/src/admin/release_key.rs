//! `admin release-key`: opens the key of a phone that lost its own, and writes down who asked for it and why.

use super::AdminError;
use crate::app::App;
use crate::config::DataFolder;
use crate::storage::console::accounts;
use crate::storage::{enrolment, escrow, meta};
use serde_json::{Value, json};
use xunji_domain::ids::{DeviceId, PersonId};
use xunji_domain::time::Millis;
use xunji_domain::words::Role;
use xunji_protocol::escrow::code;

/// Characters that a phone is named by at least.
const NAMED_BY: usize = 8;

/// Who wants it, and why.
#[derive(Clone, Debug)]
pub struct Release {
    /// The phone's number as its page shows it, or its whole id.
    pub phone: String,
    /// Account of an administrator, or of somebody of the county bureau.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Opens it and gives the code that is typed on the phone.
///
/// # Errors
/// [`AdminError::NoPhone`], [`AdminError::NotAllowed`], [`AdminError::NoReason`], [`AdminError::NoEscrow`].
pub fn release_key(data: DataFolder, asked: &Release) -> Result<Value, AdminError> {
    let app = App::open(data, 0)?;
    let by = who(&app, &asked.by)?;
    let reason = asked.reason.trim();
    if reason.is_empty() {
        return Err(AdminError::NoReason);
    }
    let device = phone(&app, &asked.phone)?;
    let own = app.keys.bundles();
    let sealed = escrow::of_phone(&app.store, app.bureau, device)?;
    let key = sealed.iter().find_map(|sealed| sealed.open(&own).ok());
    let key = key.ok_or(AdminError::NoEscrow)?;
    let served = meta::get(&app.store, app.bureau, meta::CLOCK_OFFSET)?;
    let offset = served.and_then(|text| text.parse().ok()).unwrap_or(0);
    let now = Millis(app.clock.now().0.saturating_add(offset));
    escrow::released(&app.store, app.bureau, device, (by, reason.to_owned()), now)?;
    let known = enrolment::find_device(&app.store, app.bureau, device)?;
    Ok(json!({
        "device": device,
        "active": known.is_some_and(|device| device.active),
        "code": code(&key).as_str(),
    }))
}

/// The one phone whose id ends so.
fn phone(app: &App, named: &str) -> Result<DeviceId, AdminError> {
    let plain = |text: &str| text.replace('-', "").to_ascii_lowercase();
    let named = plain(named);
    let known = escrow::phones(&app.store, app.bureau)?;
    let mut fit = known
        .into_iter()
        .filter(|device| plain(&device.to_string()).ends_with(&named));
    match (fit.next(), fit.next()) {
        (Some(device), None) if named.len() >= NAMED_BY => Ok(device),
        _ => Err(AdminError::NoPhone(named)),
    }
}

fn who(app: &App, account: &str) -> Result<PersonId, AdminError> {
    let refused = || AdminError::NotAllowed(account.to_owned());
    let row = accounts::find(&app.store, app.bureau, account.to_owned())?.ok_or_else(refused)?;
    let person = accounts::person(&app.store, app.bureau, row.person)?.ok_or_else(refused)?;
    match person.role {
        Role::Administrator | Role::Bureau => Ok(person.id),
        _ => Err(refused()),
    }
}
