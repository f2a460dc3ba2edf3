//! The market of the day: the next market days, and who of today's market is still to be seen.

use super::current::Overlay;
use super::standing::Tone;
use super::{acting, index, operators, records};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{MarketDay, OperatorRow, ToVisit};
use crate::store::StoreError;
use crate::store::mirror::inspections;
use crate::store::mirror::operators::OperatorKey;
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;
use xunji_domain::calendar::{Market, MarketCalendar, is_market_day, lunar_text};
use xunji_domain::ids::MarketId;
use xunji_protocol::state::InspectionSummary;

/// How many market days the head of 今日 names.
const NAMED: usize = 4;
/// How far ahead they are looked for; a market held every tenth day comes round within it.
const AHEAD: u64 = 31;
/// How many operators the first page lists; the rest is behind the search.
const LISTED: usize = 30;
/// How many operators of a market are ranked: more than any market has stalls, few enough for one page.
const LOOKED_AT: usize = 300;

/// The next market days of the station, today's included. A market held every day is no news.
pub(super) fn coming(markets: &[Market], today: NaiveDate) -> Vec<MarketDay> {
    let mut found = Vec::new();
    for ahead in 0..AHEAD {
        let Some(date) = today.checked_add_days(Days::new(ahead)) else {
            break;
        };
        for market in markets
            .iter()
            .filter(|m| is_news(m) && is_market_day(&m.rule, date))
        {
            found.push(MarketDay {
                market: market.id.to_string(),
                name: market.name.clone(),
                date: date.to_string(),
                lunar: lunar_text(date).unwrap_or_default(),
                days: u32::try_from(ahead).unwrap_or(u32::MAX),
            });
        }
        if found.len() >= NAMED {
            break;
        }
    }
    found.truncate(NAMED);
    found
}

/// Whether a market day says anything: daily markets do not.
pub(super) fn is_news(market: &Market) -> bool {
    market.rule.calendar != MarketCalendar::Daily
}

/// Who stands on today's markets: those not seen today, the most pressing first, and how many were seen.
pub(super) fn to_visit(device: &Device, markets: &[Market]) -> Result<ToVisit, ApiError> {
    let day = acting::today(device);
    let held = |news: bool| -> BTreeSet<MarketId> {
        let open = markets
            .iter()
            .filter(|m| is_news(m) == news && is_market_day(&m.rule, day));
        open.map(|m| m.id).collect()
    };
    let news = held(true);
    let today = if news.is_empty() { held(false) } else { news };
    let (mut rows, total) = rows(device, &today)?;
    rows.retain(|row| row.standing.tone != Tone::Pass);
    rows.sort_by(|a, b| {
        let pressing = a.standing.cmp(&b.standing);
        pressing.then_with(|| a.place.cmp(&b.place))
    });
    rows.truncate(LISTED);
    Ok(ToVisit {
        rows,
        total,
        visited: visited(device, &today, day)?,
    })
}

/// How many operators of these markets have a record of this day.
fn visited(
    device: &Device,
    markets: &BTreeSet<MarketId>,
    day: NaiveDate,
) -> Result<usize, ApiError> {
    let seen = records::list(device, |m| inspections::of_day(m, day), |s| s.day == day)?;
    let here = |s: &InspectionSummary| s.market.is_some_and(|id| markets.contains(&id));
    let seen = seen.iter().map(|s| &s.value).filter(|s| here(s));
    Ok(seen.map(|s| s.operator).collect::<BTreeSet<_>>().len())
}

/// The lines of the first operators of these markets, and how many there are.
fn rows(
    device: &Device,
    markets: &BTreeSet<MarketId>,
) -> Result<(Vec<OperatorRow>, usize), ApiError> {
    let overlay = Overlay::load(device)?;
    let index = index::of_mirror(device)?;
    let touched = overlay.operators_touched();
    let day = acting::today(device);
    Ok(device.mirror().read(|m| -> Result<_, StoreError> {
        let own = operators::own_keys(m, &overlay, &touched)?;
        let known = index.iter().filter(|k| !touched.contains(&k.id));
        let here = |k: &&OperatorKey| k.market.is_some_and(|id| markets.contains(&id));
        let found: Vec<&OperatorKey> = known.chain(&own).filter(here).collect();
        let rows = operators::rows(m, &overlay, found.iter().take(LOOKED_AT), day)?;
        Ok((rows, found.len()))
    })?)
}
