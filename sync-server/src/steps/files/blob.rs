//! `GET /api/v1/blobs/{sha256}`: a whole file, to a device whose scope holds it. Others learn nothing,
//! not even that it exists.

use super::refuse;
use crate::app::{App, AppState};
use crate::auth_device;
use crate::missed;
use crate::problem::{Answer, internal};
use crate::storage::enrolment::Device;
use crate::storage::{erased, files};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use std::io::Read as _;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::Code;

/// The handler.
pub async fn blob(
    State(app): State<AppState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let device = auth_device::device(&app, &headers).await?;
    // One that was revoked may hand in what it holds, and reads nothing.
    if !device.active {
        return Err(Code::Forbidden.into());
    }
    let digest = Digest::from_hex(&name).ok_or(Code::NotFound)?;
    let bytes = app.blocking(move |app| read(app, &device, digest)).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}

fn read(app: &App, device: &Device, digest: Digest) -> Answer<Vec<u8>> {
    if erased::is_gone(&app.store, app.bureau, digest)? {
        return Err(Code::Erased.into());
    }
    if !files::in_scope(
        &app.store,
        app.bureau,
        device.device,
        device.station,
        digest,
    )? {
        return Err(Code::NotFound.into());
    }
    let Some(mut file) = app.blobs.open(digest).map_err(|e| refuse(&e))? else {
        missed::noticed(app, digest);
        return Err(Code::NotFound.into());
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|e| internal(&e))?;
    // Rotten bytes are never handed out under the name of the good ones.
    if Digest::of(&bytes) != digest {
        missed::noticed(app, digest);
        return Err(Code::DigestMismatch.into());
    }
    Ok(bytes)
}
