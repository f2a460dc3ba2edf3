//! `admin init --demo`: the fictional county in a folder. Every step can be run again: what is
//! there stays as it is, what a kill left out is added.

use super::AdminError;
use crate::app::App;
use crate::config::DataFolder;
use crate::console;
use crate::decide::{self, Context, Seed};
use crate::keys::Keys;
use crate::storage::{self, Committed, Store, enrolment, meta};
use crate::write::{self, Draft};
use crate::{clock::ServerClock, random};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::path::Path;
use xunji_domain::county::DemoCounty;
use xunji_domain::ids::{BureauId, LogId, PersonId};
use xunji_domain::operator::Operator;
use xunji_domain::time::{CHINA_OFFSET_MIN, Millis};
use xunji_domain::words::Role;
use xunji_protocol::kinds::OPERATOR_REGISTERED;

/// Operators in one plan.
const BATCH: usize = 64;

/// How the demo county is made.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// How far the clock is shifted.
    pub clock_offset_ms: i64,
    /// The day as of which its cards and licences are valid, expiring or expired; without one, today.
    pub opens: Option<NaiveDate>,
    /// Generated operators beside the sixty.
    pub operators: u32,
}

/// Makes or completes the demo county.
///
/// # Errors
/// [`AdminError::OtherCounty`] leaves the folder as it is.
pub fn init(data: DataFolder, accounts: &Path, made: &Made) -> Result<Value, AdminError> {
    let clock = ServerClock::new(made.clock_offset_ms, String::new());
    let county = demo_county(&clock, made)?;
    data.create()?;
    let store = Store::open(&data.database())?;
    let keys = keys(&data, county.bureau.id, &clock)?;
    furnish(&store, &keys, &county, clock.now())?;
    let app = App::open(data, made.clock_offset_ms)?;
    register(&app, &county)?;
    console::accounts::create_demo(
        &app.store,
        app.bureau,
        &county.people,
        &county.stations,
        accounts,
        clock.now(),
    )?;
    Ok(
        json!({"county": county.bureau.name, "operators": county.operators.len(), "root": app.keys.root_hash()}),
    )
}

/// Identity, the bureau's log and the organisation: what a store needs before it can be served.
///
/// # Errors
/// [`AdminError`] of the store.
pub fn furnish(
    store: &Store,
    keys: &Keys,
    county: &DemoCounty,
    now: Millis,
) -> Result<(), AdminError> {
    let bureau = county.bureau.id;
    meta::found(store, bureau, keys.identity.clone())?;
    enrolment::open_bureau_log(store, bureau, keys.log, keys.bureau_log_key())?;
    organise(
        store,
        county,
        Context {
            bureau,
            epoch: meta::epoch(store, bureau)?,
            now,
        },
    )
}

fn demo_county(clock: &ServerClock, made: &Made) -> Result<DemoCounty, AdminError> {
    let today = made.opens.or_else(|| clock.now().date(CHINA_OFFSET_MIN));
    let today =
        today.ok_or_else(|| AdminError::County("the clock is outside the calendar".to_owned()))?;
    let mut county = DemoCounty::on(today).map_err(|e| AdminError::County(e.to_string()))?;
    let crowd = county.crowd(today, made.operators);
    county.operators.extend(crowd);
    Ok(county)
}

/// The keys in the folder; new ones where there are none. They are written before the store knows
/// their identity, so that a store never stands without its keys.
fn keys(data: &DataFolder, bureau: BureauId, clock: &ServerClock) -> Result<Keys, AdminError> {
    if let Some(keys) = Keys::read(&data.keys())? {
        return if keys.bureau == bureau {
            Ok(keys)
        } else {
            Err(AdminError::OtherCounty)
        };
    }
    let identity = hex::encode(random::bytes::<16>()?);
    let keys = Keys::generate(bureau, identity, LogId(random::id(clock.now())?))?;
    keys.write_new(&data.keys())?;
    Ok(keys)
}

fn organise(store: &Store, county: &DemoCounty, context: Context) -> Result<(), AdminError> {
    let all = std::iter::once(Seed::Bureau(county.bureau.clone()))
        .chain(county.stations.iter().cloned().map(Seed::Station))
        .chain(county.grids.iter().cloned().map(Seed::Grid))
        .chain(county.markets.iter().cloned().map(Seed::Market))
        .chain(county.people.iter().cloned().map(Seed::Person));
    let seeds: Vec<Seed> = all.collect();
    let present = storage::present(store, context.bureau, seeds.iter().map(Seed::key).collect())?;
    let missing: Vec<Seed> = seeds
        .into_iter()
        .filter(|seed| !present.contains_key(&seed.key()))
        .collect();
    let plan =
        decide::seed(&missing, &present, context).map_err(|e| AdminError::County(e.to_string()))?;
    match storage::commit(store, plan)? {
        Committed::Done(_) => Ok(()),
        Committed::Stale => Err(AdminError::County(
            "another process is making it".to_owned(),
        )),
    }
}

/// The register as changes in the bureau's log, by the administrator.
fn register(app: &App, county: &DemoCounty) -> Result<(), AdminError> {
    let author = author(county)?;
    let keys = county
        .operators
        .iter()
        .map(|o| (xunji_protocol::state::OPERATOR, o.id.0))
        .collect();
    let present = storage::present(&app.store, app.bureau, keys)?;
    let missing: Vec<&Operator> = county
        .operators
        .iter()
        .filter(|o| !present.contains_key(&(xunji_protocol::state::OPERATOR, o.id.0)))
        .collect();
    for batch in missing.chunks(BATCH) {
        let drafts = batch
            .iter()
            .map(|operator| Draft::new(OPERATOR_REGISTERED, operator, vec![operator.id.0], author))
            .collect::<Result<Vec<_>, _>>()?;
        write::append_bureau_changes(app, &drafts, |_| Ok(()))?;
    }
    Ok(())
}

fn author(county: &DemoCounty) -> Result<PersonId, AdminError> {
    let administrator = county
        .people
        .iter()
        .find(|person| person.role == Role::Administrator);
    administrator
        .map(|person| person.id)
        .ok_or_else(|| AdminError::County("nobody administers it".to_owned()))
}
