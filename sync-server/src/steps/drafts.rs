//! `POST /api/v1/sync/drafts`, `…/offered`, `…/fetch`: copies of drafts come in, are offered to the phones of
//! the same station and given back. No other route shows one.

use super::files::is_healing;
use super::request::{is_gzip, unzip};
use super::{read_body, read_json};
use crate::app::{App, AppState};
use crate::auth_device;
use crate::problem::{Answer, internal};
use crate::storage::drafts::{self, Phone};
use crate::storage::enrolment::Device;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use xunji_protocol::limits::{MAX_DRAFT_COPY, MAX_REQUEST};
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::steps::drafts::{
    CONTENT_TYPE, CopyError, CopyKept, DraftCopy, FetchRequest, Offers, OffersRequest, read_copy,
};

/// Bytes of a frame beside the body: head and trailer.
const BESIDE: usize = 16 * 1024;
/// Bytes of a question.
const LIMIT: usize = 4 * 1024;

/// A copy comes.
pub async fn keep(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<CopyKept>> {
    let device = active(&app, &headers).await?;
    let gzip = is_gzip(&headers)?;
    let bytes = read_body(body, MAX_REQUEST).await?;
    app.blocking(move |app| {
        let bytes = match gzip {
            true => unzip(&bytes, MAX_DRAFT_COPY + BESIDE)?,
            false => bytes,
        };
        let copy = read_copy(&bytes).map_err(refused)?;
        let now = app.clock.now();
        drafts::keep(&app.store, app.bureau, from(&device), copy, now)?.map_err(Into::into)
    })
    .await
    .map(Json)
}

/// What can be taken over.
pub async fn offered(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<Offers>> {
    let device = active(&app, &headers).await?;
    let OffersRequest {} = read_json(body, LIMIT).await?;
    app.blocking(move |app| Ok(drafts::offered(&app.store, app.bureau, from(&device))?))
        .await
        .map(Json)
}

/// One copy goes out. Of another station's it is not said that they are here.
pub async fn fetch(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let device = active(&app, &headers).await?;
    let asked: FetchRequest = read_json(body, LIMIT).await?;
    let copy = app
        .blocking(move |app| {
            let key = (asked.inspection, asked.log);
            let found = drafts::fetch(&app.store, app.bureau, from(&device), key)?;
            found.ok_or_else(|| Code::NotFound.into())
        })
        .await?;
    answer(&headers, &copy)
}

/// Gives up copies of which none came for 30 days. After a restore nothing is given up until the phones had
/// time to say what they hold.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn sweep(app: &App) -> Answer<u64> {
    if is_healing(app) {
        return Ok(0);
    }
    Ok(drafts::give_up(&app.store, app.bureau, app.clock.now())?)
}

async fn active(app: &AppState, headers: &HeaderMap) -> Answer<Device> {
    let device = auth_device::device(app, headers).await?;
    if !device.active {
        return Err(Code::Forbidden.into());
    }
    Ok(device)
}

fn from(device: &Device) -> Phone {
    Phone {
        device: device.device,
        station: device.station,
    }
}

fn answer(headers: &HeaderMap, copy: &DraftCopy) -> Answer<Response> {
    let frame = copy.to_frame().map_err(|e| internal(&e))?;
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok());
    let kind = (header::CONTENT_TYPE, CONTENT_TYPE);
    if !accepted.is_some_and(|encodings| encodings.contains("gzip")) {
        return Ok(([kind], frame).into_response());
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let packed = packed.write_all(&frame).and_then(|()| packed.finish());
    let packed = packed.map_err(|e| internal(&e))?;
    Ok(([kind, (header::CONTENT_ENCODING, "gzip")], packed).into_response())
}

fn refused(error: CopyError) -> Problem {
    match error {
        CopyError::TooLarge => Problem::new(Code::TooLarge).with("limit", MAX_DRAFT_COPY),
        CopyError::Frame(_) | CopyError::Malformed(_) | CopyError::Json(_) => {
            Problem::new(Code::SegmentBroken)
        }
    }
}
