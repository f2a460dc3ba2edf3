//! The last time the server was heard: when, and what its clock said beside this phone's.

use super::{Read, Write, settings};
use crate::store::StoreError;
use crate::store::row::{from_json, to_json};
use serde::{Deserialize, Serialize};
use xunji_domain::time::Millis;

const KEY: &str = "contact";
const BACKUP: &str = "backed_up_through";

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// This phone's wall clock then.
    pub wall: Millis,
    /// Server time minus wall time.
    pub offset: i64,
    /// Milliseconds since boot then.
    pub boottime: i64,
    /// The boot it was in: an offset of another boot has no known age.
    pub boot: String,
}

impl Contact {
    /// How old the offset is now, in milliseconds of boot time; `None` when another boot lies between.
    pub fn age(&self, boottime: i64, boot: &str) -> Option<i64> {
        (self.boot == boot).then(|| (boottime - self.boottime).max(0))
    }
}

/// The last contact; `None` before the first.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>) -> Result<Option<Contact>, StoreError> {
    settings::get(read, KEY)?
        .map(|text| from_json("setting.contact", &text))
        .transpose()
}

/// Keeps a contact.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, contact: &Contact) -> Result<(), StoreError> {
    settings::set(write, KEY, &to_json("setting.contact", contact)?)
}

/// Up to which server time everything that was receipted is in a verified backup, as the server said at the
/// last contact; `None` when it has none.
///
/// # Errors
/// Those of the file.
pub fn backed_up_through(read: &Read<'_>) -> Result<Option<Millis>, StoreError> {
    let text = settings::get(read, BACKUP)?;
    Ok(text.and_then(|text| text.parse().ok()).map(Millis))
}

/// Keeps what the server said of its backup. It may also take back what it said before.
///
/// # Errors
/// Those of the file.
pub fn put_backed_up_through(write: &Write<'_>, through: Option<Millis>) -> Result<(), StoreError> {
    let text = through.map_or_else(String::new, |at| at.0.to_string());
    settings::set(write, BACKUP, &text)
}
