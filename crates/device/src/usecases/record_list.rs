//! Records as they are listed: which there are is asked of a narrow index, what stands in a line of the page alone.

use super::acting;
use super::current::Overlay;
use super::records::rows;
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{RecordList, RecordRow};
use crate::store::local::changes;
use crate::store::mirror::inspections::{self, Which};
use crate::sync::current::Overlaid;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::InspectionId;
use xunji_domain::words::InspectionState;
use xunji_protocol::state::InspectionSummary;

/// Length of a page, and the longest.
pub const PAGE: usize = 50;

/// Which records are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All of them.
    All,
    /// Not received yet, photos included.
    Unsent,
    /// Sent back.
    Returned,
    /// Of one day.
    Day,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Which list.
    pub filter: Filter,
    /// Of which day, for that list; today without one.
    #[serde(default)]
    pub day: Option<NaiveDate>,
    /// Length of the page; 0 means 50, and more than that is 50.
    #[serde(default)]
    pub limit: usize,
    /// Where the page begins.
    #[serde(default)]
    pub offset: usize,
}

/// A page of a list of records, the latest first, and how many records the list has.
///
/// # Errors
/// Those of the files.
pub fn page(device: &Device, ask: &Listing) -> Result<RecordList, ApiError> {
    let limit = match ask.limit {
        0 => PAGE,
        asked => asked.min(PAGE),
    };
    if ask.filter == Filter::Unsent {
        // Whether one is unsent is said by its line.
        let all = all(device, ask.filter, ask.day)?;
        return Ok(RecordList {
            total: all.len(),
            rows: all.into_iter().skip(ask.offset).take(limit).collect(),
        });
    }
    let overlay = Overlay::load(device)?;
    let ids = listed(device, &overlay, ask.filter, ask.day)?;
    let here: Vec<_> = ids.iter().skip(ask.offset).take(limit).copied().collect();
    Ok(RecordList {
        total: ids.len(),
        rows: rows(device, &opened(device, &overlay, &here)?)?,
    })
}

/// A whole list, for use cases that look through it.
///
/// # Errors
/// Those of the files.
pub(super) fn all(
    device: &Device,
    filter: Filter,
    day: Option<NaiveDate>,
) -> Result<Vec<RecordRow>, ApiError> {
    let overlay = Overlay::load(device)?;
    let mut ids = listed(device, &overlay, filter, day)?;
    if filter == Filter::Unsent {
        // Nothing of another phone's record can wait here.
        let own = device.local()?.read(changes::records)?;
        ids.retain(|id| own.contains(&id.0));
    }
    let mut rows = rows(device, &opened(device, &overlay, &ids)?)?;
    if filter == Filter::Unsent {
        rows.retain(|r| r.unsent || r.photos.received < r.photos.total);
    }
    Ok(rows)
}

/// The records of a list as they stand here, the latest first.
fn listed(
    device: &Device,
    overlay: &Overlay,
    filter: Filter,
    day: Option<NaiveDate>,
) -> Result<Vec<InspectionId>, ApiError> {
    let which = match filter {
        Filter::All | Filter::Unsent => Which::All,
        Filter::Returned => Which::InState(InspectionState::Returned),
        Filter::Day => Which::OfDay(day.unwrap_or_else(|| acting::today(device))),
    };
    let keep = |s: &InspectionSummary| match which {
        Which::All => true,
        Which::InState(state) => s.state == state,
        Which::OfDay(day) => s.day == day,
    };
    Ok(device
        .mirror()
        .read(|m| overlay.listed(m, inspections::keys(m, which)?, keep))?)
}

fn opened(
    device: &Device,
    overlay: &Overlay,
    ids: &[InspectionId],
) -> Result<Vec<Overlaid<InspectionSummary>>, ApiError> {
    let found = device.mirror().read(|m| {
        let each = ids.iter().map(|id| overlay.inspection(m, *id));
        each.collect::<Result<Vec<_>, _>>()
    })?;
    Ok(found.into_iter().flatten().collect())
}
