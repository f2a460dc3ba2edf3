//! The last time the server was heard: when, and what its clock said beside this phone's.

use super::{Read, Write, settings};
use crate::store::StoreError;
use crate::store::row::{from_json, to_json};
use serde::{Deserialize, Serialize};
use xunji_domain::time::Millis;

const KEY: &str = "contact";

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
