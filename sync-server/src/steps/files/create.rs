//! `POST`: creates an upload, finds the unfinished one of the same file again, or says that this log
//! has delivered the file already. Bytes may come along.

use super::checksum::Checksum;
use super::receive::Piece;
use super::{Standing, check_log, check_tus, is_offset_type, number, receive, refuse, whole};
use crate::app::{App, AppState};
use crate::auth_device;
use crate::blobs::UploadId;
use crate::erase;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::enrolment::Device;
use crate::storage::files;
use crate::storage::uploads::{self, Upload};
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
    let checksum = Checksum::of(&headers)?;
    let begun = app
        .blocking(move |app| begin(app, &device, meta, size))
        .await?;
    let turn = app.uploads.take(begun.upload.id).await;
    let standing = app.blocking(move |app| taken(app, begun)).await?;
    let standing = match (&standing.receipt, is_offset_type(&headers)) {
        (None, true) => {
            // An unfinished upload may be ahead of what is sent along: those bytes are passed over.
            let piece = Piece {
                skip: standing.offset,
                checksum,
                body,
            };
            receive::receive(&app, standing, turn, piece).await?
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
    check(&meta, size)?;
    Ok((meta, size))
}

/// Whether such a file can be at all.
pub(super) fn check(meta: &FileMeta, size: u64) -> Answer<()> {
    let derived = matches!(meta.kind, FileKind::Thumbnail | FileKind::Copy);
    if derived != meta.original.is_some() {
        return Err(Code::BadRequest.into());
    }
    if size > MAX_FILE {
        return Err(Problem::new(Code::TooLarge).with("limit", MAX_FILE).into());
    }
    Ok(())
}

/// An upload of the file that is announced, and whether it was there before.
pub(super) struct Begun {
    upload: Upload,
    found: bool,
}

/// The upload of this file by this log. What other logs delivered is neither looked at nor told.
pub(super) fn begin(app: &App, device: &Device, meta: FileMeta, size: u64) -> Answer<Begun> {
    check_log(app, device, meta.log)?;
    erase::refuse(app, &meta)?;
    let now = app.clock.now();
    if let Some(upload) = uploads::find(&app.store, app.bureau, meta.clone())?
        && (!upload.is_over(now) || files::is_known(&app.store, app.bureau, meta.clone())?)
    {
        if upload.size != size {
            return Err(Code::BadRequest.into());
        }
        return Ok(Begun {
            upload,
            found: true,
        });
    }
    if app.blobs.free().map_err(|e| refuse(&e))? < size.saturating_add(RESERVE) {
        return Err(Code::StorageFull.into());
    }
    let id = UploadId(random::id(now).map_err(|e| internal(&e))?);
    // The staging is there before the row: one that is missing later was given its name already.
    app.blobs.stage(id).map_err(|e| refuse(&e))?;
    let new = Upload::new(id, meta, size, now);
    let (upload, replaced) = uploads::begin(&app.store, app.bureau, new)?;
    if let Some(replaced) = replaced {
        // All its bytes come again.
        app.blobs.discard(replaced).map_err(|e| refuse(&e))?;
    }
    let found = upload.id != id;
    if found {
        app.blobs.discard(id).map_err(|e| refuse(&e))?;
    }
    Ok(Begun { upload, found })
}

/// Where it stands. A new one is this request's from the start; another is taken from its last.
pub(super) fn taken(app: &App, begun: Begun) -> Answer<Standing> {
    let Begun { mut upload, found } = begun;
    if found {
        upload = uploads::fence(&app.store, app.bureau, upload.id)?.ok_or(Code::OffsetMismatch)?;
    }
    whole::stand(app, upload)
}
