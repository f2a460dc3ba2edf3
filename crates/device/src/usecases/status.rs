//! The state of the phone, and the page it was left on.

use super::acting::{self, OnDuty};
use super::answering::{AnswerWay, Hand};
use super::{answering, records, register, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{PersonView, StationView, Status, SyncSummary, TodayDate};
use crate::store::local::device_row::{self, DeviceRow};
use crate::store::local::settings;
use crate::store::{StoreError, mirror, quarantine};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use xunji_domain::calendar::{full_text, lunar_text, weekday_text};
use xunji_domain::org::{Bureau, Person, Station};
use xunji_protocol::state;

/// The day on which this phone went on with what read of a damaged file.
pub(crate) const RESCUED: &str = "rescued_on";

/// Setting under which the last page is kept.
pub(super) const PAGE: &str = "page";

/// The page the app was left on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Page {
    /// The day: a page of another day is not opened again.
    pub day: NaiveDate,
    /// Route of the face.
    pub route: String,
}

/// The state of the phone. Answers also when `local.db` was lost.
///
/// # Errors
/// Those of the files.
pub fn status(device: &Device) -> Result<Status, ApiError> {
    let day = acting::today(device);
    let Ok(local) = device.local() else {
        return Ok(lost(device, day));
    };
    let (row, on_duty, page, (answer_way, hand), rescued) =
        local.read(|read| -> Result<_, StoreError> {
            Ok((
                device_row::get(read)?,
                acting::on_duty(read)?,
                settings::get(read, PAGE)?,
                answering::chosen(read)?,
                settings::get(read, RESCUED)?,
            ))
        })?;
    let page = page
        .and_then(|text| serde_json::from_str::<Page>(&text).ok())
        .filter(|p| p.day == day);
    let duty = on_duty.unwrap_or(OnDuty {
        day,
        ids: Vec::new(),
    });
    let people = duty_people(device, &duty, day)?;
    let (inspectors, proposed) = if duty.day == day {
        (people, Vec::new())
    } else {
        (Vec::new(), people)
    };
    let enrolled = row.as_ref().is_some_and(|r| r.enrolled.is_some());
    Ok(Status {
        enrolled,
        demo: register::demo(device)?,
        bureau: bureau(device)?,
        station: station(device, row.as_ref())?,
        server_url: row.map(|r| r.server_url).unwrap_or_default(),
        page: page.map(|p| p.route),
        inspectors,
        proposed,
        unsent: records::unsent(device)?,
        answer_way,
        hand,
        local_lost: false,
        rescued,
        ..lost(device, day)
    })
}

/// Remembers the page; the next start on the same day opens it.
///
/// # Errors
/// `text_too_long`, those of the file.
pub fn save_page(device: &Device, route: &str) -> Result<(), ApiError> {
    let page = Page {
        day: acting::today(device),
        route: text::long("页面", route)?,
    };
    let json = serde_json::to_string(&page).map_err(|_| StoreError::Value("setting.page"))?;
    Ok(device
        .local()?
        .write(|write| settings::set(write, PAGE, &json))?)
}

fn lost(device: &Device, day: NaiveDate) -> Status {
    Status {
        enrolled: false,
        demo: false,
        bureau: None,
        station: None,
        server_url: String::new(),
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        page: None,
        today: TodayDate {
            date: day.to_string(),
            lunar: lunar_text(day).unwrap_or_default(),
            weekday: weekday_text(day).to_owned(),
            text: full_text(day),
        },
        inspectors: Vec::new(),
        proposed: Vec::new(),
        unsent: SyncSummary::default(),
        answer_way: AnswerWay::default(),
        hand: Hand::default(),
        local_lost: true,
        rescued: None,
        quarantined_files: quarantine::listed(device.folder()),
    }
}

fn duty_people(
    device: &Device,
    duty: &OnDuty,
    day: NaiveDate,
) -> Result<Vec<PersonView>, ApiError> {
    Ok(device.mirror().read(|m| -> Result<_, StoreError> {
        let mut found = Vec::new();
        for id in &duty.ids {
            let person: Option<Person> = mirror::records::get(m, state::PERSON, id.0)?;
            found.extend(person.map(|p| PersonView::of_person(&p, day)));
        }
        Ok(found)
    })?)
}

fn bureau(device: &Device) -> Result<Option<String>, ApiError> {
    let bureaus: Vec<Bureau> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::BUREAU))?;
    Ok(bureaus.into_iter().next().map(|b| b.name))
}

fn station(device: &Device, row: Option<&DeviceRow>) -> Result<Option<StationView>, ApiError> {
    let Some(enrolled) = row.and_then(|r| r.enrolled.as_ref()) else {
        return Ok(None);
    };
    let known: Option<Station> = device
        .mirror()
        .read(|m| mirror::records::get(m, state::STATION, enrolled.station.0))?;
    Ok(Some(StationView {
        id: enrolled.station.to_string(),
        name: known.map_or_else(|| enrolled.station_code.clone(), |s| s.name),
        code: enrolled.station_code.clone(),
    }))
}
