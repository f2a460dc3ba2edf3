//! Reads the county's TOML files and turns days counted from the opening day into dates.

use super::{DemoCounty, Town};
use crate::calendar::Market;
use crate::ids::{GridId, OperatorId, PersonId, StationId};
use crate::licence::LicenceKind;
use crate::operator::{Licence, Operator, OperatorStatus};
use crate::org::{Bureau, Grid, MarketSlot, Person, Station};
use crate::words::{OperatorKind, Role};
use chrono::{Duration, NaiveDate};
use serde::Deserialize;

/// The built-in county cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub enum CountyError {
    /// A file is not the TOML of a county.
    #[error("演示县数据无法读取: {0}")]
    Toml(String),
    /// A date would lie outside the calendar.
    #[error("演示县日期超出范围")]
    Date,
}

#[derive(Deserialize)]
struct Places {
    bureau: Bureau,
    stations: Vec<Station>,
    towns: Vec<Town>,
    grids: Vec<Grid>,
    markets: Vec<Market>,
    people: Vec<PersonSeed>,
}

#[derive(Deserialize)]
struct PersonSeed {
    id: PersonId,
    name: String,
    role: Role,
    station: Option<StationId>,
    card_no: Option<String>,
    card_to_days: Option<i64>,
}

#[derive(Deserialize)]
struct Register {
    operators: Vec<OperatorSeed>,
}

#[derive(Deserialize)]
struct OperatorSeed {
    id: OperatorId,
    kind: OperatorKind,
    name: String,
    owner: String,
    phone: String,
    address: String,
    station: StationId,
    grid: GridId,
    slot: Option<MarketSlot>,
    varieties: Vec<String>,
    status: OperatorStatus,
    demo: bool,
    licences: Vec<LicenceSeed>,
}

#[derive(Deserialize)]
struct LicenceSeed {
    kind: LicenceKind,
    number: String,
    holder: String,
    from_days: i64,
    to_days: Option<i64>,
    scope: String,
}

/// Lays the county out as it is on `day`.
pub(super) fn build(
    places: &str,
    register: &str,
    day: NaiveDate,
) -> Result<DemoCounty, CountyError> {
    let places: Places = read(places)?;
    let register: Register = read(register)?;
    Ok(DemoCounty {
        bureau: places.bureau,
        stations: places.stations,
        towns: places.towns,
        grids: places.grids,
        markets: places.markets,
        people: places
            .people
            .into_iter()
            .map(|seed| person(seed, day))
            .collect::<Result<_, _>>()?,
        operators: register
            .operators
            .into_iter()
            .map(|seed| operator(seed, day))
            .collect::<Result<_, _>>()?,
    })
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, CountyError> {
    toml::from_str(text).map_err(|error| CountyError::Toml(error.to_string()))
}

fn person(seed: PersonSeed, day: NaiveDate) -> Result<Person, CountyError> {
    Ok(Person {
        id: seed.id,
        name: seed.name,
        role: seed.role,
        station: seed.station,
        card_no: seed.card_no,
        card_valid_to: shifted(day, seed.card_to_days)?,
    })
}

fn operator(seed: OperatorSeed, day: NaiveDate) -> Result<Operator, CountyError> {
    let licences = seed.licences.into_iter().map(|licence| {
        Ok(Licence {
            kind: licence.kind,
            number: licence.number,
            holder: licence.holder,
            valid_from: shifted(day, Some(licence.from_days))?,
            valid_to: shifted(day, licence.to_days)?,
            scope: licence.scope,
        })
    });
    Ok(Operator {
        id: seed.id,
        kind: seed.kind,
        name: seed.name,
        owner: seed.owner,
        phone: seed.phone,
        address: seed.address,
        station: seed.station,
        grid: seed.grid,
        slot: seed.slot,
        varieties: seed.varieties,
        status: seed.status,
        licences: licences.collect::<Result<_, CountyError>>()?,
        demo: seed.demo,
        extra: serde_json::Map::new(),
    })
}

fn shifted(day: NaiveDate, by: Option<i64>) -> Result<Option<NaiveDate>, CountyError> {
    by.map(|days| {
        Duration::try_days(days)
            .and_then(|duration| day.checked_add_signed(duration))
            .ok_or(CountyError::Date)
    })
    .transpose()
}
