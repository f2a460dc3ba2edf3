//! The last time the server was heard: when, and what its clock said beside this phone's.

use super::{Read, Write, settings};
use crate::store::StoreError;
use crate::store::row::{from_json, to_json};
use serde::{Deserialize, Serialize};
use xunji_domain::time::Millis;

const KEY: &str = "contact";
const BACKUP: &str = "backed_up_through";
const WAIVED: &str = "backup_waived";

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

    /// What the server's clock said then.
    pub fn server_time(&self) -> Millis {
        Millis(self.wall.0 + self.offset)
    }

    /// Server time minus wall time now. Within one boot it is reckoned by boot time, whatever was done to
    /// the wall clock since. Behind a restart only this is certain, that it is later than then: the wall
    /// clock is taken as it is or as far off as it was, whichever is the sooner after that.
    pub fn offset_now(&self, wall: Millis, boottime: i64, boot: &str) -> i64 {
        let heard = self.server_time().0;
        if let Some(age) = self.age(boottime, boot) {
            return heard + age - wall.0;
        }
        let sooner = [wall.0, wall.0 + self.offset]
            .into_iter()
            .filter(|time| *time >= heard)
            .min();
        sooner.unwrap_or(heard) - wall.0
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

/// Whether the bureau lets phones free their space without a backup, as the server said last.
///
/// # Errors
/// Those of the file.
pub fn backup_waived(read: &Read<'_>) -> Result<bool, StoreError> {
    Ok(settings::get(read, WAIVED)?.is_some_and(|text| text == "1"))
}

/// Keeps whether it does.
///
/// # Errors
/// Those of the file.
pub fn put_backup_waived(write: &Write<'_>, waived: bool) -> Result<(), StoreError> {
    settings::set(write, WAIVED, if waived { "1" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::Contact;
    use xunji_domain::time::Millis;

    const HOUR: i64 = 3_600_000;
    /// Server time of the contact.
    const HEARD: i64 = 1_793_136_000_000;

    fn heard(off_by: i64) -> Contact {
        Contact {
            wall: Millis(HEARD - off_by),
            offset: off_by,
            boottime: 5 * HOUR,
            boot: "a".to_owned(),
        }
    }

    #[test]
    fn within_one_boot_setting_the_clock_moves_nothing() {
        let contact = heard(-HOUR);
        for wall in [0, HEARD, HEARD + 87_600 * HOUR] {
            let offset = contact.offset_now(Millis(wall), 7 * HOUR, "a");
            assert_eq!(wall + offset, HEARD + 2 * HOUR);
        }
    }

    #[test]
    fn behind_a_restart_the_sooner_time_after_the_contact_counts() {
        let later = HEARD + 2 * HOUR;
        let time =
            |off_by: i64, wall: i64| wall + heard(off_by).offset_now(Millis(wall), HOUR, "b");
        // As far off as before, and right by now.
        assert_eq!(time(-87_600 * HOUR, later + 87_600 * HOUR), later);
        assert_eq!(time(493_000 * HOUR, later), later);
        // A battery that died: no sooner than then.
        assert_eq!(time(0, HOUR), HEARD);
    }
}
