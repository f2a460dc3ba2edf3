//! The roster and today's inspectors. Yesterday's are proposed; one tap keeps them.

use super::acting::{self, OnDuty};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::PersonView;
use crate::store::StoreError;
use crate::store::local::{drafts, settings};
use crate::store::mirror;
use serde_json::json;
use xunji_domain::ids::PersonId;
use xunji_domain::inspection::InspectorOnRecord;
use xunji_domain::org::Person;
use xunji_protocol::state;

/// Most people who can stand on one record.
const MOST: usize = 6;
/// No visit takes longer; what is older and of another day was left lying by whoever stands on it.
const LONG_VISIT_MS: i64 = 6 * 60 * 60 * 1000;

/// The people of the station, by name.
///
/// # Errors
/// Those of the files.
pub fn roster(device: &Device) -> Result<Vec<PersonView>, ApiError> {
    let day = acting::today(device);
    Ok(people(device)?
        .iter()
        .map(|p| PersonView::of_person(p, day))
        .collect())
}

/// Sets today's inspectors and puts them on the unsigned inspections of today, and on one that began
/// before midnight and still goes on: it could get no second inspector otherwise.
///
/// # Errors
/// `not_found` for somebody outside the roster, `inspectors_invalid` for nobody, a repetition or a crowd.
pub fn set_inspectors(device: &Device, ids: &[PersonId]) -> Result<Vec<PersonView>, ApiError> {
    let now = acting::now(device);
    let day = now.date(device.zone()).unwrap_or_default();
    let chosen = chosen(&people(device)?, ids)?;
    let on_record: Vec<InspectorOnRecord> = chosen.iter().map(on_record).collect();
    let set = OnDuty {
        day,
        ids: ids.to_vec(),
    };
    let text = serde_json::to_string(&set).map_err(|_| StoreError::Value("setting.on_duty"))?;
    device.local()?.write(|write| -> Result<(), StoreError> {
        settings::set(write, acting::ON_DUTY, &text)?;
        for mut draft in drafts::unsigned(write)? {
            let began = draft.started_at.time();
            let goes_on = (0..LONG_VISIT_MS).contains(&(now.0 - began.0));
            let ours = goes_on || began.date(device.zone()) == Some(day);
            if ours && draft.inspectors != on_record {
                drafts::void_signatures(write, draft.id.0)?;
                draft.ended_at = None;
                draft.inspectors.clone_from(&on_record);
                drafts::update(write, &draft)?;
            }
        }
        Ok(())
    })?;
    Ok(chosen
        .iter()
        .map(|p| PersonView::of_person(p, day))
        .collect())
}

/// A person as he stands on a record.
pub(super) fn on_record(person: &Person) -> InspectorOnRecord {
    InspectorOnRecord {
        person: person.id,
        name: person.name.clone(),
        card_no: person.card_no.clone().unwrap_or_default(),
        card_valid_to: person.card_valid_to,
    }
}

/// Everybody of the station, by name.
pub(super) fn people(device: &Device) -> Result<Vec<Person>, ApiError> {
    let station = device.local()?.read(acting::enrolment)?.station;
    let mut all: Vec<Person> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::PERSON))?;
    all.retain(|p| p.station == Some(station));
    all.sort_by(|a, b| a.card_no.cmp(&b.card_no).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}

fn chosen(roster: &[Person], ids: &[PersonId]) -> Result<Vec<Person>, ApiError> {
    let repeated = ids
        .iter()
        .enumerate()
        .any(|(at, id)| ids.iter().skip(at + 1).any(|other| other == id));
    if ids.is_empty() || ids.len() > MOST || repeated {
        return Err(ApiError::new(
            "inspectors_invalid",
            format!(
                "请选定1至{MOST}名不同的检查员（现场检查须有两名以上执法人员），原来的选择没有改动"
            ),
        ));
    }
    ids.iter()
        .map(|id| {
            let found = roster.iter().find(|p| p.id == *id).cloned();
            found.ok_or_else(|| {
                ApiError::not_found("这名检查员").with(json!({ "id": id.to_string() }))
            })
        })
        .collect()
}
