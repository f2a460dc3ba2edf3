//! What a report is made of: one station's day, read from the store. Nothing is computed here.

use crate::app::App;
use crate::console::signed_in::SignedIn;
use crate::problem::{Answer, internal};
use crate::storage::console::earlier::{self, OpenDeadline};
use crate::storage::console::records::{self, Filter, Listed};
use crate::storage::console::reports::{self, ReportRow};
use crate::storage::console::{Scope, places, register};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;
use xunji_domain::calendar::Market;
use xunji_domain::ids::{InspectionId, MarketId, OperatorId, StationId};
use xunji_domain::operator::{Operator, OperatorStatus};
use xunji_domain::org::{Grid, Station};
use xunji_domain::time::Millis;
use xunji_domain::words::InspectionState;
use xunji_protocol::problem::Code;
use xunji_protocol::state::InspectionSummary;

/// How far back the same problem counts as coming back.
const REPEAT_MONTHS: u32 = 12;

/// One station's day.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) bureau: String,
    pub(super) demo: bool,
    pub(super) station: Station,
    pub(super) day: NaiveDate,
    pub(super) records: Vec<Listed>,
    pub(super) markets: Vec<Market>,
    pub(super) grids: Vec<Grid>,
    /// Operators in business at the visited markets that have no record of the day.
    pub(super) unvisited: Vec<Operator>,
    /// Earlier records of those that were visited.
    pub(super) earlier: Vec<InspectionSummary>,
    pub(super) deadlines: Vec<OpenDeadline>,
    pub(super) not_received: u32,
    pub(super) serial: u32,
    pub(super) version: u32,
    /// What the version before holds; `None` for the first.
    pub(super) before: Option<BTreeSet<InspectionId>>,
    pub(super) now: Millis,
    pub(super) compiled_by: String,
}

impl Day {
    /// Whether a record came after the version before this one.
    pub(super) fn is_late(&self, record: &Listed) -> bool {
        self.before
            .as_ref()
            .is_some_and(|held| !held.contains(&record.summary.id))
    }

    /// The market a record was made at.
    pub(super) fn market(&self, id: MarketId) -> Option<&Market> {
        self.markets.iter().find(|m| m.id == id)
    }
}

/// Reads a day for its next version.
pub(super) fn read(
    app: &App,
    reader: &SignedIn,
    station: StationId,
    day: NaiveDate,
) -> Answer<Day> {
    let scope = Scope {
        bureau: app.bureau,
        station: Some(station),
    };
    let all = places::stations(&app.store, app.bureau)?;
    let station = all
        .into_iter()
        .find(|s| s.id == station)
        .ok_or(Code::NotFound)?;
    let text = day.to_string();
    let filter = Filter {
        day: Some(text.clone()),
        ..Filter::default()
    };
    let mut records = records::list(&app.store, scope, filter)?;
    records.retain(|r| r.summary.state != InspectionState::Voided);
    let markets = visited_markets(app, scope, &records)?;
    let versions = reports::versions(&app.store, app.bureau, station.id, text.clone())?;
    let operators: BTreeSet<OperatorId> = records.iter().map(|r| r.summary.operator).collect();
    let from = day
        .checked_sub_months(chrono::Months::new(REPEAT_MONTHS))
        .unwrap_or(day);
    let tomorrow = day.checked_add_days(Days::new(1)).unwrap_or(day);
    let (begin, end) =
        bounds(day, station.zone).ok_or_else(|| internal(&"day outside the calendar"))?;
    Ok(Day {
        bureau: app.county.name.clone(),
        demo: app.county.demo,
        day,
        unvisited: unvisited(app, scope, &markets, &operators)?,
        earlier: earlier::records(
            &app.store,
            scope,
            operators.into_iter().collect(),
            from.to_string(),
            text.clone(),
        )?,
        deadlines: earlier::open_deadlines(&app.store, scope, text.clone(), tomorrow.to_string())?,
        not_received: earlier::not_received(&app.store, scope, begin, end)?,
        grids: places::grids(&app.store, app.bureau)?,
        serial: reports::serial_of(&app.store, app.bureau, station.id, text)?,
        version: versions.last().map_or(1, |v| v.version + 1),
        before: versions
            .last()
            .map(|v: &ReportRow| reports::held(&app.store, app.bureau, v.id))
            .transpose()?,
        now: app.clock.now(),
        compiled_by: reader.person.name.clone(),
        markets,
        station,
        records,
    })
}

/// All markets of the station and those the day's records name.
fn visited_markets(app: &App, scope: Scope, records: &[Listed]) -> Answer<Vec<Market>> {
    let named: BTreeSet<MarketId> = records.iter().filter_map(|r| r.summary.market).collect();
    let mut markets = places::markets(&app.store, app.bureau)?;
    markets.retain(|m| named.contains(&m.id) || Some(m.station) == scope.station);
    Ok(markets)
}

fn unvisited(
    app: &App,
    scope: Scope,
    markets: &[Market],
    visited: &BTreeSet<OperatorId>,
) -> Answer<Vec<Operator>> {
    let (_, mut operators) = register::operators(&app.store, app.bureau)?;
    operators.retain(|operator| scope.sees(operator.station));
    let at: BTreeSet<MarketId> = operators
        .iter()
        .filter(|operator| visited.contains(&operator.id))
        .filter_map(|operator| operator.slot.as_ref().map(|s| s.market))
        .filter(|id| markets.iter().any(|m| m.id == *id))
        .collect();
    Ok(operators
        .into_iter()
        .filter(|o| o.status == OperatorStatus::Active && !visited.contains(&o.id))
        .filter(|o| {
            o.slot
                .as_ref()
                .is_some_and(|slot| at.contains(&slot.market))
        })
        .collect())
}

/// First and last millisecond of a day in a zone.
fn bounds(day: NaiveDate, zone: i32) -> Option<(i64, i64)> {
    let midnight =
        day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis() - i64::from(zone) * 60_000;
    Some((midnight, midnight + 86_400_000 - 1))
}
