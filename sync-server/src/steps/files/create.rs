//! `POST`: creates an upload, finds the unfinished one of the same file again, or says that this log
//! has delivered the file already. Bytes may come along.

use super::{check_log, check_tus, is_offset_type, number, receive, refuse, whole};
use crate::app::{App, AppState};
use crate::auth_device;
use crate::blobs::UploadId;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::enrolment::Device;
use crate::storage::files::{self, Upload};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use xunji_protocol::limits::MAX_FILE;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::steps::files::{FileKind, FileMeta, LENGTH, METADATA};

/// Kept free, so that the database can always commit.
const RESERVE: u64 = 64 * 1024 * 1024;

/// The handler.
pub async fn create(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    check_tus(&headers)?;
    let device = auth_device::device(&app, &headers).await?;
    let (meta, size) = announced(&headers)?;
    let upload = app
        .blocking(move |app| begin(app, &device, meta, size))
        .await?;
    let turn = app.uploads.take(upload.id).await;
    let known = upload.clone();
    let standing = app.blocking(move |app| whole::stand(app, known)).await?;
    let standing = match (&standing.receipt, is_offset_type(&headers)) {
        (None, true) => {
            // An unfinished upload may be ahead of what is sent along: those bytes are passed over.
            let skip = standing.offset;
            receive::receive(&app, standing, turn, skip, body).await?
        }
        _ => standing,
    };
    standing.answer(StatusCode::CREATED)
}

fn announced(headers: &HeaderMap) -> Answer<(FileMeta, u64)> {
    let text = headers
        .get(METADATA)
        .and_then(|v| v.to_str().ok())
        .ok_or(Code::BadRequest)?;
    let meta = FileMeta::from_header(text).ok_or(Code::BadRequest)?;
    let size = number(headers, LENGTH).ok_or(Code::BadRequest)?;
    let derived = matches!(meta.kind, FileKind::Thumbnail | FileKind::Copy);
    if derived != meta.original.is_some() {
        return Err(Code::BadRequest.into());
    }
    if size > MAX_FILE {
        return Err(Problem::new(Code::TooLarge).with("limit", MAX_FILE).into());
    }
    Ok((meta, size))
}

/// The upload of this file by this log. What other logs delivered is neither looked at nor told.
fn begin(app: &App, device: &Device, meta: FileMeta, size: u64) -> Answer<Upload> {
    check_log(app, device, meta.log)?;
    if let Some(found) = files::find(&app.store, app.bureau, meta.clone())? {
        return if found.size == size {
            Ok(found)
        } else {
            Err(Code::BadRequest.into())
        };
    }
    if app.blobs.free().map_err(|e| refuse(&e))? < size.saturating_add(RESERVE) {
        return Err(Code::StorageFull.into());
    }
    let id = UploadId(random::id(app.clock.now()).map_err(|e| internal(&e))?);
    // The staging is there before the row: one that is missing later was given its name already.
    app.blobs.stage(id).map_err(|e| refuse(&e))?;
    Ok(files::begin(
        &app.store,
        app.bureau,
        Upload { id, meta, size },
        app.clock.now(),
    )?)
}
