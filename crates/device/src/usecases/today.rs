//! 今日: markets held today, work in progress, what came back, who was visited.

use super::record_list::{self, Filter};
use super::status::Page;
use super::{acting, market_day, operators, records, takeover};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{DraftRowView, RecordRow, TodayView};
use crate::store::local::drafts::DraftRow;
use crate::store::local::{Read, answers, draft_copies, drafts, photos, settings};
use xunji_domain::calendar::is_market_day;
use xunji_domain::checklist::by_edition;

/// How many records of a list the first page shows; the rest is behind 检查.
const LISTED: usize = 20;

/// The first page.
///
/// # Errors
/// Those of the files.
pub fn today(device: &Device) -> Result<TodayView, ApiError> {
    let day = acting::today(device);
    let markets = operators::all_markets(device)?;
    let held = markets.iter().filter(|m| is_market_day(&m.rule, day));
    let (tray, drafts) = device.local()?.read(|read| {
        let tray = photos::of_draft(read, photos::TRAY)?.len();
        let page = settings::get(read, super::status::PAGE)?
            .and_then(|text| serde_json::from_str::<Page>(&text).ok());
        let open = drafts::unsigned(read)?;
        let rows = open
            .iter()
            .map(|d| draft_row(device, read, d, page.as_ref()));
        Ok::<_, ApiError>((tray, rows.collect::<Result<Vec<_>, ApiError>>()?))
    })?;
    let (returned, returned_total) = first(returned(device)?);
    let (visited_today, visited_total) = first(record_list::all(device, Filter::Day, Some(day))?);
    Ok(TodayView {
        markets_today: held.map(operators::market_view).collect(),
        market_days: market_day::coming(&markets, day),
        to_visit: market_day::to_visit(device, &markets)?,
        tray: u32::try_from(tray).unwrap_or(u32::MAX),
        drafts,
        offered: takeover::own_on_offer(device)?,
        returned,
        returned_total,
        visited_today,
        visited_total,
        sync: records::unsent(device)?,
    })
}

/// Sent back; those that this phone can amend come first.
fn returned(device: &Device) -> Result<Vec<RecordRow>, ApiError> {
    let mut rows = record_list::all(device, Filter::Returned, None)?;
    rows.sort_by_key(|row| !row.mine);
    Ok(rows)
}

/// What the first page shows of a list, and how long the list is.
fn first(mut rows: Vec<RecordRow>) -> (Vec<RecordRow>, usize) {
    let total = rows.len();
    rows.truncate(LISTED);
    (rows, total)
}

fn draft_row(
    device: &Device,
    read: &Read<'_>,
    draft: &DraftRow,
    page: Option<&Page>,
) -> Result<DraftRowView, ApiError> {
    let edition = &draft.checklist;
    let total =
        by_edition(&edition.id, edition.version, &edition.digest).map_or(0, |c| c.items.len());
    let at = draft.started_at.time();
    let today = at.date(device.zone()) == Some(acting::today(device));
    let id = draft.id.to_string();
    let given = answers::of_draft(read, draft.id)?;
    let copy = draft_copies::get(read, draft.id)?;
    let taken = device.sync().offers().map(|offers| offers.taken);
    let taken = taken
        .into_iter()
        .flatten()
        .find(|t| t.inspection == draft.id);
    Ok(DraftRowView {
        operator_name: draft.operator.name.clone(),
        kind: draft.operator.kind,
        answered: u32::try_from(given.len()).unwrap_or(u32::MAX),
        saved_text: given
            .iter()
            .map(|row| row.at.time())
            .max()
            .map(|at| at.clock_text(device.zone()))
            .unwrap_or_default(),
        total: u32::try_from(total).unwrap_or(u32::MAX),
        started_text: if today {
            at.clock_text(device.zone())
        } else {
            at.minute_text(device.zone())
        },
        copied_text: copy
            .stored_at
            .map(|at| at.clock_text(device.zone()))
            .unwrap_or_default(),
        too_large: copy.too_large,
        taken_text: taken
            .map(|t| format!("{} {}", t.by_name, t.at.clock_text(device.zone())))
            .unwrap_or_default(),
        page: page
            .filter(|p| p.route.contains(&id))
            .map(|p| p.route.clone()),
        id,
    })
}
