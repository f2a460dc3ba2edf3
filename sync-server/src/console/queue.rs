//! 待审: one row per record, what looks wrong first.

use super::approval::objection;
use super::batch;
use super::body::Params;
use super::judged::{Against, Judged};
use super::rows::{self, Names, Row, waits};
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::console::files::PhotoFiles;
use crate::storage::console::records::{self, Filter, Listed};
use crate::storage::console::{Scope, parse_id};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Reverse;
use xunji_domain::ids::StationId;
use xunji_domain::inspection::PhotoOrigin;
use xunji_domain::signals::{Group, Signal};
use xunji_domain::words::Conclusion;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::Code;

/// Parameters of the list.
#[derive(Deserialize)]
pub(super) struct Wanted {
    station: Option<String>,
    day: Option<String>,
    state: Option<String>,
}

/// `GET /api/console/queue`.
pub(super) async fn queue(
    State(app): State<AppState>,
    reader: SignedIn,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<Page>> {
    let scope = narrowed(reader.scope, wanted.station.as_deref())?;
    let pending = match wanted.state.as_deref() {
        None | Some("pending") => true,
        Some("all") => false,
        Some(_) => return Err(Code::BadRequest.into()),
    };
    let filter = Filter {
        day: day(wanted.day)?,
        pending,
        only: None,
    };
    let page = app
        .blocking(move |app| page(app, &reader, scope, filter))
        .await?;
    Ok(Json(page))
}

/// The list, and what can be approved together.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    rows: Vec<QueueRow>,
    batch: Option<Value>,
}

fn page(app: &App, reader: &SignedIn, scope: Scope, filter: Filter) -> Answer<Page> {
    let whole = filter.day.is_none();
    let listed = judged(app, scope, filter)?;
    let names = Names::load(app)?;
    let batch = match (reader.may_review(), whole) {
        (Err(_), _) => None,
        (Ok(()), true) => batch::offered(app, reader, &listed)?,
        // A list of one day is not all that waits: the batch is the same whatever is shown.
        (Ok(()), false) => batch::offered(app, reader, &batch::waiting(app, reader)?)?,
    };
    let rows = listed
        .into_iter()
        .map(|(listed, judged)| row(reader, &listed, judged, &names))
        .collect();
    Ok(Page { rows, batch })
}

/// The records of a list with what is to be said of them: what waits before what does not, then the
/// most points, then 不符合 before 符合, then the order of the visits.
pub(super) fn judged(app: &App, scope: Scope, filter: Filter) -> Answer<Vec<(Listed, Judged)>> {
    let listed = records::list(&app.store, scope, filter.clone())?;
    let against = Against::load(app, scope, filter)?;
    let mut judged: Vec<(Listed, Judged)> = listed
        .into_iter()
        .map(|listed| {
            let judged = against.judge(&listed);
            (listed, judged)
        })
        .collect();
    judged.sort_by_key(|(listed, judged)| {
        let summary = &listed.summary;
        (
            !waits(summary.state),
            judged.group,
            Reverse(judged.points),
            rank(summary.conclusion),
        )
    });
    Ok(judged)
}

/// The scope a request asks for; a station outside it does not exist.
pub(super) fn narrowed(scope: Scope, station: Option<&str>) -> Answer<Scope> {
    let station = match station.filter(|s| !s.is_empty()) {
        None => None,
        Some(text) => Some(StationId(parse_id(text).ok_or(Code::NotFound)?)),
    };
    Ok(scope.narrowed(station).ok_or(Code::NotFound)?)
}

/// A day as `2026-10-21`; empty is none.
pub(super) fn day(text: Option<String>) -> Answer<Option<String>> {
    let Some(text) = text.filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    text.parse::<chrono::NaiveDate>()
        .map_err(|_| Code::BadRequest)?;
    Ok(Some(text))
}

/// A record of the queue.
#[derive(Debug, Serialize)]
struct QueueRow {
    #[serde(flatten)]
    row: Row,
    group: Group,
    points: u32,
    flags: Vec<Signal>,
    photos: Here,
    pictures: Vec<Picture>,
    approvable: bool,
    why_not: Option<String>,
    late: bool,
}

/// How many files of its photos are here.
#[derive(Debug, Serialize)]
struct Here {
    thumbnails: usize,
    copies: usize,
    originals: usize,
    total: usize,
}

#[derive(Debug, Serialize)]
struct Picture {
    sha256: String,
    thumbnail: Option<Digest>,
    origin: PhotoOrigin,
}

fn row(reader: &SignedIn, listed: &Listed, judged: Judged, names: &Names) -> QueueRow {
    let summary = &listed.summary;
    let objection = objection(reader, summary, &listed.photos);
    let here = |file: fn(&PhotoFiles) -> bool| listed.photos.iter().filter(|p| file(p)).count();
    QueueRow {
        row: rows::row(summary, &listed.content, names),
        group: judged.group,
        points: judged.points,
        flags: judged.signals,
        photos: Here {
            thumbnails: here(|p| p.thumbnail.is_some()),
            copies: here(|p| p.copy.is_some()),
            originals: here(|p| p.original.is_some()),
            total: listed.photos.len(),
        },
        pictures: listed.photos.iter().map(picture).collect(),
        approvable: objection.is_none(),
        why_not: objection.map(|(_, sentence)| sentence),
        late: judged.late,
    }
}

fn picture(photo: &PhotoFiles) -> Picture {
    Picture {
        sha256: photo.photo.sha256.clone(),
        thumbnail: photo.thumbnail,
        origin: photo.photo.origin,
    }
}

/// Of equal points the worse conclusion first.
fn rank(conclusion: Conclusion) -> u8 {
    match conclusion {
        Conclusion::Nonconforming => 0,
        Conclusion::MostlyConforming => 1,
        Conclusion::NotInspected => 2,
        Conclusion::Conforming => 3,
    }
}
