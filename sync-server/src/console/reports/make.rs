//! Making a version: data, PDF, file, row; in this order, so that a row never names bytes that are
//! not there.

use super::day::{self, Day};
use super::{compose, findings};
use crate::app::App;
use crate::blobs::{Blobs, UploadId};
use crate::console::desk::Desk;
use crate::console::signed_in::SignedIn;
use crate::problem::{Answer, Refusal, internal};
use crate::random;
use crate::storage::console::reports::{self, ReportRow};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::collections::BTreeMap;
use std::io::Read as _;
use xunji_domain::ids::{ReportId, StationId};
use xunji_domain::time::{CHINA_OFFSET_MIN, Millis};
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::Code;
use xunji_report::{
    DayReportData, Photos, RenderInputs, ReportError, render_day_report, render_preview,
};

/// Width of a page on the screen, in pixels: sharp at the size it is shown.
const PAGE_WIDTH: u32 = 1240;
/// How often somebody else may be faster before this gives up.
const ROUNDS: usize = 3;

/// Makes the next version of a day's report.
pub(super) fn make(
    app: &App,
    desk: &Desk,
    reader: &SignedIn,
    station: StationId,
    day: NaiveDate,
) -> Answer<ReportRow> {
    for _ in 0..ROUNDS {
        let day = day::read(app, reader, station, day)?;
        let row = render(app, desk, reader, &day)?;
        let records = day
            .records
            .iter()
            .map(|r| (r.summary.id, r.summary.version))
            .collect();
        if reports::insert(&app.store, app.bureau, row.clone(), records)? {
            return Ok(row);
        }
    }
    Err(Code::Stale.into())
}

fn render(app: &App, desk: &Desk, reader: &SignedIn, day: &Day) -> Answer<ReportRow> {
    let id = ReportId(random::id(day.now).map_err(|e| internal(&e))?);
    let data = compose::compose(day);
    let bytes = canonical_bytes(&data).map_err(|e| internal(&e))?;
    let data_hash = Digest::of(&bytes);
    let pictures = findings::pictures(&day.records);
    let photos = load(app.blobs.as_ref(), &pictures)?;
    let inputs = inputs(id, day.now, day.station.zone, data_hash)?;
    let rendered =
        render_day_report(&data, &photos, &desk.fonts.get()?, &inputs).map_err(refused)?;
    for warning in &rendered.photo_warnings {
        tracing::warn!(sha256 = warning.sha256, reason = ?warning.reason, "photo not printed");
    }
    Ok(ReportRow {
        id,
        station: day.station.id,
        day: day.day.to_string(),
        version: day.version,
        serial: day.serial,
        created_at: day.now,
        created_by: reader.person.id,
        pages: rendered.pages as u64,
        late: u64::from(data.head.late_count),
        pdf: keep(app.blobs.as_ref(), id, &rendered.pdf)?,
        data_hash,
        data: bytes,
        pictures,
    })
}

/// The pages of a version as pictures: from the data and files it was made of.
pub(super) fn pages(app: &App, desk: &Desk, row: &ReportRow) -> Answer<Vec<Vec<u8>>> {
    let data: DayReportData = serde_json::from_slice(&row.data).map_err(|e| internal(&e))?;
    let zone = crate::storage::console::places::stations(&app.store, app.bureau)?
        .iter()
        .find(|s| s.id == row.station)
        .map_or(CHINA_OFFSET_MIN, |s| s.zone);
    let inputs = inputs(row.id, row.created_at, zone, row.data_hash)?;
    let photos = load(app.blobs.as_ref(), &row.pictures)?;
    render_preview(&data, &photos, &desk.fonts.get()?, &inputs, PAGE_WIDTH).map_err(refused)
}

/// The pages as the next version would be, without making it.
pub(super) fn preview(
    app: &App,
    desk: &Desk,
    reader: &SignedIn,
    station: StationId,
    day: NaiveDate,
) -> Answer<Vec<Vec<u8>>> {
    let day = day::read(app, reader, station, day)?;
    let data = compose::compose(&day);
    let data_hash = Digest::of(&canonical_bytes(&data).map_err(|e| internal(&e))?);
    let photos = load(app.blobs.as_ref(), &findings::pictures(&day.records))?;
    let inputs = inputs(
        ReportId(uuid::Uuid::nil()),
        day.now,
        day.station.zone,
        data_hash,
    )?;
    render_preview(&data, &photos, &desk.fonts.get()?, &inputs, PAGE_WIDTH).map_err(refused)
}

fn inputs(id: ReportId, at: Millis, zone: i32, data_hash: Digest) -> Answer<RenderInputs> {
    let document_date: DateTime<FixedOffset> = at
        .at_offset(zone)
        .ok_or_else(|| internal(&"clock outside the calendar"))?;
    Ok(RenderInputs {
        document_date,
        identifier: id.to_string(),
        data_hash: data_hash.to_hex(),
    })
}

/// Bytes by the original they stand for. A file that is gone or altered is printed as a box.
fn load(blobs: &dyn Blobs, pictures: &BTreeMap<String, Digest>) -> Answer<Photos> {
    let mut photos = Photos::new();
    for (original, file) in pictures {
        let Some(mut reader) = blobs.open(*file).map_err(|e| internal(&e))? else {
            continue;
        };
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|e| internal(&e))?;
        if Digest::of(&bytes) == *file {
            photos.insert(original.clone(), bytes);
        }
    }
    Ok(photos)
}

fn keep(blobs: &dyn Blobs, id: ReportId, pdf: &[u8]) -> Answer<Digest> {
    let digest = Digest::of(pdf);
    let upload = UploadId(id.0);
    let mut staging = blobs.stage(upload).map_err(|e| internal(&e))?;
    // The id was made for this report just now: nobody else has it.
    staging.append(pdf, &|| true).map_err(|e| internal(&e))?;
    staging.sync().map_err(|e| internal(&e))?;
    drop(staging);
    blobs.settle(upload, digest).map_err(|e| internal(&e))?;
    Ok(digest)
}

fn refused(error: ReportError) -> Refusal {
    internal(&error)
}
