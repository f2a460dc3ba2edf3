//! `POST /api/v1/sync/compare` and `/records`: whether a phone's mirror holds what this store holds, and the
//! records of the parts that differ.

use super::read_json;
use crate::app::{App, AppState};
use crate::auth_device::{self, feeds_of};
use crate::problem::{Answer, internal};
use crate::storage::enrolment::{self, Device};
use crate::storage::sets::{self, Fetched};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use xunji_protocol::feed::Cursor;
use xunji_protocol::frame::{BODY, ENTRY, FrameWriter};
use xunji_protocol::limits::PULL_PAGE;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::compare::{
    CompareAnswer, CompareRequest, Compared, RecordsEnd, RecordsRequest,
};
use xunji_protocol::steps::pull::CONTENT_TYPE;

/// Bytes of a request: a cursor and a sum for each feed.
const LIMIT: usize = 64 * 1024;

/// The handler of compare.
pub async fn compare(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<CompareAnswer>> {
    let device = active(&app, &headers).await?;
    let request: CompareRequest = read_json(body, LIMIT).await?;
    app.blocking(move |app| compared(app, &device, request))
        .await
        .map(Json)
}

/// The handler of records.
pub async fn records(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let device = active(&app, &headers).await?;
    let request: RecordsRequest = read_json(body, LIMIT).await?;
    let bytes = app
        .blocking(move |app| fetched(app, &device, request))
        .await?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], bytes).into_response())
}

async fn active(app: &AppState, headers: &HeaderMap) -> Answer<Device> {
    let device = auth_device::device(app, headers).await?;
    if !device.active {
        return Err(Code::Forbidden.into());
    }
    Ok(device)
}

fn compared(app: &App, device: &Device, request: CompareRequest) -> Answer<CompareAnswer> {
    let cursor = Cursor::decode(&request.cursor).ok_or(Code::BadRequest)?;
    let seen = seen(app, device)?;
    let feeds = sets::compare(
        &app.store,
        app.bureau,
        app.epoch(),
        seen,
        cursor,
        request.feeds,
    )?;
    for other in feeds.iter().filter(|f| f.compared == Compared::Other) {
        tracing::warn!(device = %device.device, feed = other.feed, "a mirror holds other records");
    }
    Ok(CompareAnswer { feeds })
}

fn fetched(app: &App, device: &Device, request: RecordsRequest) -> Answer<Vec<u8>> {
    let cursor = Cursor::decode(&request.cursor).ok_or(Code::BadRequest)?;
    if !seen(app, device)?.contains(&request.feed) {
        return Err(Code::Forbidden.into());
    }
    let fetched = sets::records(
        &app.store,
        app.bureau,
        app.epoch(),
        request.feed,
        cursor,
        request.buckets,
        request.max_bytes.min(PULL_PAGE),
    )?;
    encode(fetched).map_err(|e| internal(&e))
}

fn seen(app: &App, device: &Device) -> Answer<Vec<String>> {
    let logs = enrolment::logs(&app.store, app.bureau, device.device)?;
    Ok(feeds_of(device, &logs))
}

fn encode(fetched: Fetched) -> Result<Vec<u8>, serde_json::Error> {
    let mut frame = FrameWriter::default();
    for (entry, state) in &fetched.records {
        frame.line(ENTRY, &serde_json::to_vec(entry)?);
        frame.line(BODY, state);
    }
    frame.finish(RecordsEnd {
        buckets: fetched.buckets,
    })
}
