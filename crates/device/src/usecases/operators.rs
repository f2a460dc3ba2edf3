//! The register: search, and one entry opened.

use super::current::Overlay;
use super::standing::standing;
use super::{acting, index, last_visit, records};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{
    ConflictView, LastVisit, LicenceView, MarketView, OperatorList, OperatorRow, OperatorView,
};
use crate::store::StoreError;
use crate::store::mirror::operators::{OperatorKey, key_of};
use crate::store::mirror::{self, Read, inspections};
use crate::sync::current::{Mark, Overlaid};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::calendar::{Market, rule_text};
use xunji_domain::found::found_at;
use xunji_domain::ids::{MarketId, OperatorId};
use xunji_domain::keypad::matches_keypad;
use xunji_domain::licence::validity::{Validity, days_left, validity, validity_text};
use xunji_domain::operator::{Licence, Operator};
use xunji_domain::text::Query;
use xunji_domain::words::OperatorKind;
use xunji_protocol::state::{self, ConflictState, FailedItem, InspectionSummary};

/// Length of a page of the register, and the longest: with the longest names it still passes a phone's bridge at once.
const PAGE: usize = 50;
/// How many past visits an entry shows.
const VISITS: u32 = 10;

/// What is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Name, pinyin, initials, part of a number; empty finds everything.
    #[serde(default)]
    pub query: String,
    /// The query was typed on the telephone keypad: digits stand for initials.
    #[serde(default)]
    pub keypad: bool,
    /// Only stalls of this market.
    #[serde(default)]
    pub market: Option<MarketId>,
    /// Only this kind.
    #[serde(default)]
    pub kind: Option<OperatorKind>,
    /// Length of the page; 0 means 50, and more than that is 50.
    #[serde(default)]
    pub limit: usize,
    /// Where the page begins.
    #[serde(default)]
    pub offset: usize,
}

/// A page of the register, own entries included.
///
/// # Errors
/// Those of the files.
pub fn operators(device: &Device, search: &Search) -> Result<OperatorList, ApiError> {
    let overlay = Overlay::load(device)?;
    let index = index::of_mirror(device)?;
    let touched = overlay.operators_touched();
    Ok(device.mirror().read(|m| -> Result<_, StoreError> {
        let own = own_keys(m, &overlay, &touched)?;
        let known = index.iter().filter(|k| !touched.contains(&k.id));
        let query = Query::new(&search.query);
        let mut found: Vec<&OperatorKey> = known
            .chain(&own)
            .filter(|k| fits(search, &query, k))
            .collect();
        if !own.is_empty() {
            found.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        }
        let limit = match search.limit {
            0 => PAGE,
            asked => asked.min(PAGE),
        };
        let page = found.iter().skip(search.offset).take(limit);
        let mut rows = rows(m, &overlay, page.clone(), acting::today(device))?;
        for (row, key) in rows.iter_mut().zip(page) {
            row.hit = found_at(&search.query, search.keypad, &key.keys)
                .filter(|_| row.name.chars().count() == key.keys.syllables.len());
        }
        Ok(OperatorList {
            total: found.len(),
            next_keys: next_keys(search, &found),
            rows,
        })
    })?)
}

/// One entry with its last visits, its certificates and its open conflicts.
///
/// # Errors
/// `not_found`, those of the files.
pub fn operator(device: &Device, id: OperatorId) -> Result<OperatorView, ApiError> {
    let overlay = Overlay::load(device)?;
    let entry = device.mirror().read(|m| overlay.operator(m, id))?;
    let entry = entry.ok_or_else(|| ApiError::not_found("这个经营主体"))?;
    let visits = visits(device, id)?;
    let conflicts: Vec<ConflictState> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::CONFLICT))?;
    let day = acting::today(device);
    let failed = failed_in(&visits);
    Ok(OperatorView {
        operator: serde_json::to_value(&entry.value).unwrap_or_default(),
        last: records::rows(device, &visits)?,
        last_visit: visits.first().map(|v| last_visit::view(&v.value)),
        checklist: last_visit::brief(entry.value.kind),
        standing: standing(&entry.value, visits.first().map(|v| &v.value), day),
        last_failed: failed
            .iter()
            .filter_map(|f| serde_json::to_value(f).ok())
            .collect(),
        conflicts: conflicts
            .iter()
            .filter(|c| c.operator == id && !c.resolved)
            .map(conflict)
            .collect(),
        licences: entry
            .value
            .licences
            .iter()
            .map(|l| licence(l, day))
            .collect(),
        pending: entry.mark != Mark::Clean,
        editable: true,
    })
}

/// What failed on the last visit.
///
/// # Errors
/// Those of the files.
pub(super) fn last_failed(device: &Device, id: OperatorId) -> Result<Vec<FailedItem>, ApiError> {
    Ok(failed_in(&visits(device, id)?).to_vec())
}

/// The last visits, newest first.
fn visits(device: &Device, id: OperatorId) -> Result<Vec<Overlaid<InspectionSummary>>, ApiError> {
    records::list(
        device,
        |m| inspections::of_operator(m, id, VISITS),
        |s| s.operator == id,
    )
}

fn failed_in(visits: &[Overlaid<InspectionSummary>]) -> &[FailedItem] {
    visits
        .first()
        .map_or(&[], |visit| visit.value.failed.as_slice())
}

/// Every market of the bureau, by name.
///
/// # Errors
/// Those of the mirror.
pub fn markets(device: &Device) -> Result<Vec<MarketView>, ApiError> {
    Ok(all_markets(device)?.iter().map(market_view).collect())
}

/// Every market of the bureau, by name.
pub(super) fn all_markets(device: &Device) -> Result<Vec<Market>, ApiError> {
    let mut all: Vec<Market> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::MARKET))?;
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// A market's line.
pub(super) fn market_view(market: &Market) -> MarketView {
    MarketView {
        id: market.id.to_string(),
        name: market.name.clone(),
        text: rule_text(&market.rule),
    }
}

/// The keys that do not lead into nothing. One found entry is enough for each.
fn next_keys(search: &Search, found: &[&OperatorKey]) -> String {
    if !search.keypad {
        return String::new();
    }
    let leads = |key: &char| {
        let longer = format!("{}{key}", search.query.trim());
        found
            .iter()
            .any(|entry| matches_keypad(&longer, &entry.keys))
    };
    ('0'..='9').filter(leads).collect()
}

fn fits(search: &Search, query: &Query, key: &OperatorKey) -> bool {
    search.market.is_none_or(|id| key.market == Some(id))
        && search.kind.is_none_or(|kind| key.kind == kind)
        && if search.keypad {
            matches_keypad(&search.query, &key.keys)
        } else {
            query.finds(&key.keys)
        }
}

/// The index lines of the entries that own changes touch, as they stand here.
pub(super) fn own_keys(
    read: &Read<'_>,
    overlay: &Overlay,
    touched: &BTreeSet<OperatorId>,
) -> Result<Vec<OperatorKey>, StoreError> {
    let mut own = Vec::new();
    for id in touched {
        own.extend(
            overlay
                .operator(read, *id)?
                .map(|entry| key_of(&entry.value)),
        );
    }
    Ok(own)
}

/// Lines of the list, for a page of the index.
pub(super) fn rows<'a>(
    read: &Read<'_>,
    overlay: &Overlay,
    page: impl Iterator<Item = &'a &'a OperatorKey>,
    day: NaiveDate,
) -> Result<Vec<OperatorRow>, StoreError> {
    let markets = market_names(read)?;
    let own_visits = overlay.inspections(read, Vec::new(), |_| true)?;
    let mut rows = Vec::new();
    for key in page {
        let Some(entry) = overlay.operator(read, key.id)? else {
            continue;
        };
        let known = inspections::of_operator(read, key.id, 1)?;
        let own = own_visits
            .iter()
            .map(|v| &v.value)
            .filter(|s| s.operator == key.id);
        let last = known.iter().chain(own).max_by_key(|s| s.started_at);
        rows.push(row(&entry, last, &markets, day));
    }
    Ok(rows)
}

fn market_names(read: &Read<'_>) -> Result<BTreeMap<MarketId, String>, StoreError> {
    let all: Vec<Market> = mirror::records::all(read, state::MARKET)?;
    Ok(all.into_iter().map(|m| (m.id, m.name)).collect())
}

fn row(
    entry: &Overlaid<Operator>,
    last: Option<&InspectionSummary>,
    markets: &BTreeMap<MarketId, String>,
    day: NaiveDate,
) -> OperatorRow {
    let operator = &entry.value;
    let place = operator.slot.as_ref().map(|s| {
        let market = markets
            .get(&s.market)
            .map(String::as_str)
            .unwrap_or_default();
        format!("{market} {}", s.slot).trim().to_owned()
    });
    OperatorRow {
        id: operator.id.to_string(),
        name: operator.name.clone(),
        kind: operator.kind,
        owner: operator.owner.clone(),
        standing: standing(operator, last, day),
        place: place.unwrap_or_else(|| operator.address.clone()),
        licence_state: licence_state(&operator.licences, day).to_owned(),
        last: last.map(|s| LastVisit {
            day_text: s.day.to_string(),
            conclusion: Some(s.conclusion),
            grade: s.graded.letter.map(|l| l.label().to_owned()),
        }),
        hit: None,
        pending: entry.mark != Mark::Clean,
    }
}

/// The word for the certificate that is worst off.
fn licence_state(licences: &[Licence], day: NaiveDate) -> &'static str {
    let all: Vec<Validity> = licences.iter().map(|l| validity(l.valid_to, day)).collect();
    let worst = [
        Validity::Expired,
        Validity::Expiring,
        Validity::Valid,
        Validity::NoTerm,
    ];
    worst
        .into_iter()
        .find(|v| all.contains(v))
        .map_or("未登记证照", Validity::label)
}

fn licence(licence: &Licence, day: NaiveDate) -> LicenceView {
    LicenceView {
        licence: serde_json::to_value(licence).unwrap_or_default(),
        kind_text: licence.kind.label().to_owned(),
        state_text: validity_text(licence.valid_to, day),
        days_left: licence.valid_to.map(|to| days_left(to, day)),
    }
}

fn conflict(found: &ConflictState) -> ConflictView {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) if text.is_empty() => "（空）".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => "（空）".to_owned(),
        other => other.to_string(),
    };
    let text = format!(
        "另有一个值“{}”，现显示“{}”，两个值都在，等所长裁定",
        text(&found.standing),
        text(&found.written)
    );
    ConflictView {
        field: found.field.clone(),
        text,
    }
}
