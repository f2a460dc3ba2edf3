//! Who acts, when and for which station: what every use case needs before it writes.

use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;
use crate::store::local::{Read, contact, device_row, settings};
use crate::store::mirror;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::PersonId;
use xunji_domain::org::Person;
use xunji_domain::time::{ClockReading, Millis};
use xunji_protocol::guard::Guard;
use xunji_protocol::state;
use xunji_protocol::steps::enrol::EnrolAnswer;

/// Setting under which today's inspectors are kept.
pub(crate) const ON_DUTY: &str = "on_duty";

/// Who is on duty, and since which day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDuty {
    /// The day they were set.
    pub day: NaiveDate,
    /// The people.
    pub ids: Vec<PersonId>,
}

/// What the phone knows about time now.
///
/// # Errors
/// Those of the file.
pub fn reading(device: &Device, read: &Read<'_>) -> Result<ClockReading, StoreError> {
    let contact = contact::get(read)?;
    let (boottime, boot) = (device.clock.boottime_ms(), device.clock.boot_id());
    let wall = device.now();
    Ok(ClockReading {
        wall,
        zone: device.zone(),
        boottime,
        server_offset: contact.as_ref().map(|c| match Guard::RightTime.stands() {
            true => c.offset_now(wall, boottime, &boot),
            false => c.offset,
        }),
        server_offset_age: contact.and_then(|c| c.age(boottime, &boot)),
        boot,
        unlock: None,
    })
}

/// The time it is: the wall clock, put right where the phone knows that it is off. A phone that lost its
/// `local.db` knows nothing but the wall clock.
pub fn now(device: &Device) -> Millis {
    device
        .local()
        .and_then(|local| Ok(local.read(|read| reading(device, read))?))
        .map_or_else(|_| device.now(), |reading| reading.time())
}

/// Today in the station's zone.
pub fn today(device: &Device) -> NaiveDate {
    now(device).date(device.zone()).unwrap_or_default()
}

/// The phone's enrolment.
///
/// # Errors
/// `not_enrolled`.
pub fn enrolment(read: &Read<'_>) -> Result<EnrolAnswer, ApiError> {
    device_row::get(read)?
        .and_then(|row| row.enrolled)
        .ok_or_else(ApiError::not_enrolled)
}

/// Who was last set on duty, today or before.
///
/// # Errors
/// Those of the file.
pub fn on_duty(read: &Read<'_>) -> Result<Option<OnDuty>, StoreError> {
    let Some(text) = settings::get(read, ON_DUTY)? else {
        return Ok(None);
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|_| StoreError::Value("setting.on_duty"))
}

/// Today's inspectors as the roster knows them, in the order they were set.
///
/// # Errors
/// `no_inspectors` when nobody was set today.
pub fn inspectors(device: &Device, read: &Read<'_>) -> Result<Vec<Person>, ApiError> {
    let set = on_duty(read)?.filter(|d| d.day == today(device));
    let ids = set.map(|d| d.ids).unwrap_or_default();
    let people: Vec<Person> = device.mirror().read(|m| {
        ids.iter()
            .filter_map(|id| mirror::records::get(m, state::PERSON, id.0).transpose())
            .collect::<Result<_, StoreError>>()
    })?;
    if people.is_empty() {
        return Err(ApiError::new(
            "no_inspectors",
            "还没有选定今天的检查员，内容没有改动；请先在“今日”页顶部选定两名检查员",
        ));
    }
    Ok(people)
}

/// Who is named as the author of a change: the first of today's inspectors.
///
/// # Errors
/// `no_inspectors` when nobody was set today.
pub fn author(device: &Device, read: &Read<'_>) -> Result<PersonId, ApiError> {
    let people = inspectors(device, read)?;
    people
        .first()
        .map(|p| p.id)
        .ok_or_else(|| ApiError::not_found("检查员"))
}
