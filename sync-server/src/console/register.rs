//! 台账: the register, read-only. Entries are read once and kept with their search keys until the
//! county changes: a search over many thousand names must answer while somebody types.

use super::body::Params;
use super::chosen::{date, uuid, word};
use super::desk::Desk;
use super::queue::narrowed;
use super::records::Paging;
use super::rows::Names;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::{Answer, internal};
use crate::storage::console::{Scope, register};
use axum::extract::State;
use axum::{Extension, Json};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use xunji_domain::ids::{MarketId, OperatorId};
use xunji_domain::licence::entitled::entitlement;
use xunji_domain::licence::validity::{Validity, days_left};
use xunji_domain::operator::{Operator, OperatorStatus};
use xunji_domain::text::{SearchKeys, matches, search_keys};
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_domain::words::OperatorKind;

/// An entry with the keys by which it is found.
pub(super) struct Entry {
    pub(super) operator: Operator,
    keys: SearchKeys,
}

/// The entries as they were read last.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<(u64, Arc<Vec<Entry>>)>>);

impl Kept {
    /// The entries of the county, read again when anything has changed.
    pub(super) fn entries(&self, app: &App) -> Answer<Arc<Vec<Entry>>> {
        let stamp = register::stamp(&app.store, app.bureau)?;
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, entries)) = &*lock()
            && *of == stamp
        {
            return Ok(Arc::clone(entries));
        }
        let (stamp, operators) = register::operators(&app.store, app.bureau)?;
        let entries: Arc<Vec<Entry>> = Arc::new(operators.into_iter().map(Entry::new).collect());
        *lock() = Some((stamp, Arc::clone(&entries)));
        Ok(entries)
    }
}

impl Entry {
    fn new(operator: Operator) -> Self {
        let numbers = operator.licences.iter().map(|l| l.number.as_str());
        let others = [operator.phone.as_str(), operator.owner.as_str()];
        let keys = search_keys(&operator.name).with_numbers(numbers.chain(others));
        Self { operator, keys }
    }

    pub(super) fn found_by(&self, query: &str) -> bool {
        matches(query, &self.keys)
    }
}

/// Conditions as they stand in an address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    query: Option<String>,
    pub(super) station: Option<String>,
    kind: Option<String>,
    status: Option<String>,
    market: Option<String>,
    licence: Option<String>,
    visited: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// Where the certificate stands that entitles to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entitled {
    /// There is one and it is not over.
    Held,
    /// There is none, or it is over.
    NotHeld,
    /// It ends within 30 days.
    Expiring,
    /// It is over.
    Expired,
}

/// Whether it was inspected in the days asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Visited {
    /// It was.
    Yes,
    /// It was not.
    No,
}

/// Conditions, read.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen {
    query: String,
    kind: Option<OperatorKind>,
    status: Option<OperatorStatus>,
    market: Option<MarketId>,
    licence: Option<Entitled>,
    pub(super) visited: Option<Visited>,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
}

impl Asked {
    pub(super) fn read(self) -> Answer<Chosen> {
        Ok(Chosen {
            query: self.query.unwrap_or_default().trim().to_owned(),
            kind: word(self.kind)?,
            status: word(self.status)?,
            market: uuid(self.market)?.map(MarketId),
            licence: word(self.licence)?,
            visited: word(self.visited)?,
            from: date(self.from)?,
            to: date(self.to)?,
        })
    }
}

impl Chosen {
    /// Whether an entry is one of them, on a day and with the operators visited in the days asked for.
    pub(super) fn takes(
        &self,
        entry: &Entry,
        on: NaiveDate,
        visited: &BTreeSet<OperatorId>,
    ) -> bool {
        let operator = &entry.operator;
        let market = operator.slot.as_ref().map(|slot| slot.market);
        self.kind.is_none_or(|kind| operator.kind == kind)
            && self.status.is_none_or(|status| operator.status == status)
            && self.market.is_none_or(|wanted| market == Some(wanted))
            && self.licence.is_none_or(|held| held.is_of(operator, on))
            && self
                .visited
                .is_none_or(|v| (v == Visited::Yes) == visited.contains(&operator.id))
            && entry.found_by(&self.query)
    }
}

impl Entitled {
    fn is_of(self, operator: &Operator, on: NaiveDate) -> bool {
        let stands = entitlement(operator, on);
        let over = matches!(stands, None | Some(Validity::Expired));
        match self {
            Self::Held => !over,
            Self::NotHeld => over,
            Self::Expiring => stands == Some(Validity::Expiring),
            Self::Expired => stands == Some(Validity::Expired),
        }
    }
}

/// Today, for days left: the county has one zone.
pub(super) fn today(app: &App) -> Answer<NaiveDate> {
    let today = app.clock.now().date(CHINA_OFFSET_MIN);
    today.ok_or_else(|| internal(&"a day outside the calendar"))
}

/// `GET /api/console/operators`.
pub(super) async fn operators(
    State(app): State<AppState>,
    reader: SignedIn,
    Extension(desk): Extension<Arc<Desk>>,
    Params(asked): Params<Asked>,
    Params(paging): Params<Paging>,
) -> Answer<Json<Value>> {
    let scope = narrowed(reader.scope, asked.station.as_deref())?;
    let chosen = asked.read()?;
    let page = app
        .blocking(move |app| {
            let entries = desk.register.entries(app)?;
            let found = find(app, (scope, reader.scope), &entries, &chosen)?;
            let total = found.len();
            let rows = rows(app, reader.scope, &paging.cut(found))?;
            Ok(json!({ "rows": rows, "total": total }))
        })
        .await?;
    Ok(Json(page))
}

/// Operators of `of`, as visited by any station the reader sees.
fn find<'a>(
    app: &App,
    (of, sees): (Scope, Scope),
    entries: &'a [Entry],
    chosen: &Chosen,
) -> Answer<Vec<&'a Operator>> {
    let visited = match chosen.visited {
        Some(_) => register::visited(&app.store, sees, chosen.from, chosen.to)?,
        None => BTreeSet::new(),
    };
    let on = today(app)?;
    Ok(entries
        .iter()
        .filter(|entry| of.sees(entry.operator.station) && chosen.takes(entry, on, &visited))
        .map(|entry| &entry.operator)
        .collect())
}

fn rows(app: &App, scope: Scope, operators: &[&Operator]) -> Answer<Vec<Value>> {
    let ids: Vec<OperatorId> = operators.iter().map(|operator| operator.id).collect();
    let last = register::last_visits(&app.store, scope, &ids)?;
    let names = Names::load(app)?;
    let on = today(app)?;
    let row = |operator: &&Operator| {
        let ends = operator.licences.iter().filter_map(|l| l.valid_to).min();
        json!({
            "operator": operator,
            "station_name": names.station(operator.station).unwrap_or_default(),
            "market_name": operator.slot.as_ref().and_then(|slot| names.market(slot.market)),
            "licence_days": ends.map(|last| days_left(last, on)),
            "last": last.get(&operator.id).map(|l| json!({
                "id": l.inspection, "day": l.day, "conclusion": l.conclusion, "grade": l.grade,
            })),
        })
    };
    Ok(operators.iter().map(row).collect())
}
