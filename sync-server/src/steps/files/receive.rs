//! Takes bytes in as they arrive. What has arrived before a cut stays; a newer request on the same
//! upload ends this one; the phone going away ends nothing half-way.

use super::{Standing, refuse, whole};
use crate::app::AppState;
use crate::blobs::{BlobError, Staging, Turn};
use crate::problem::{Answer, internal};
use axum::body::{Body, Bytes};
use http_body_util::BodyExt as _;
use std::time::Duration;
use xunji_protocol::problem::Code;

/// A line that is silent for so long is dead.
const SILENCE: Duration = Duration::from_secs(30);
/// With less room than this nothing more is taken in: the database must still be able to commit.
const LOW: u64 = 16 * 1024 * 1024;

/// Why no more bytes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The request is over, was cut or fell silent: what is here counts.
    Over,
    /// A newer request has come.
    Superseded,
    /// More bytes than the file has.
    TooMany,
    /// The disk is full.
    Full,
}

/// Appends a request's bytes, passing over the first `skip` of them, and finishes the file when it is
/// whole.
pub(super) async fn receive(
    app: &AppState,
    standing: Standing,
    turn: Turn,
    skip: u64,
    body: Body,
) -> Answer<Standing> {
    // A task of its own: when the connection dies, the server drops the handler, and bytes that lie
    // in the staging would be neither synced nor, as the last ones, made a file of.
    match tokio::spawn(run(AppState::clone(app), standing, turn, skip, body)).await {
        Ok(answer) => answer,
        Err(e) => Err(internal(&e)),
    }
}

async fn run(
    app: AppState,
    mut standing: Standing,
    mut turn: Turn,
    skip: u64,
    body: Body,
) -> Answer<Standing> {
    let id = standing.upload.id;
    let staging = app
        .blocking(move |app| {
            if app.blobs.free().map_err(|e| refuse(&e))? < LOW {
                return Err(Code::StorageFull.into());
            }
            app.blobs.stage(id).map_err(|e| refuse(&e))
        })
        .await?;
    let (offset, end) = append_all(staging, standing.upload.size, skip, body, &mut turn).await?;
    match end {
        End::Full => return Err(Code::StorageFull.into()),
        End::TooMany => return Err(Code::BadRequest.into()),
        End::Superseded => return Err(Code::OffsetMismatch.into()),
        End::Over => {}
    }
    standing.offset = offset;
    if offset == standing.upload.size {
        let upload = standing.upload.clone();
        standing.receipt = Some(app.blocking(move |app| whole::finish(app, upload)).await?);
    }
    Ok(standing)
}

/// Returns how many bytes are durable at the end, whatever the end was.
async fn append_all(
    mut staging: Box<dyn Staging>,
    size: u64,
    mut skip: u64,
    mut body: Body,
    turn: &mut Turn,
) -> Answer<(u64, End)> {
    let end = loop {
        let Some(mut bytes) = (tokio::select! {
            biased;
            () = turn.over() => break End::Superseded,
            bytes = next_bytes(&mut body) => bytes,
        }) else {
            break End::Over;
        };
        let known = usize::try_from(skip).unwrap_or(usize::MAX).min(bytes.len());
        skip -= known as u64;
        let bytes = bytes.split_off(known);
        if staging.len().saturating_add(bytes.len() as u64) > size {
            break End::TooMany;
        }
        let appended;
        (staging, appended) = aside(move || {
            let appended = staging.append(&bytes);
            (staging, appended)
        })
        .await?;
        match appended {
            Ok(()) => {}
            Err(BlobError::Full) => break End::Full,
            Err(e) => return Err(refuse(&e)),
        }
    };
    let durable = aside(move || staging.sync())
        .await?
        .map_err(|e| refuse(&e))?;
    Ok((durable, end))
}

/// The next bytes; `None` at the end, at a cut, and after a long silence.
async fn next_bytes(body: &mut Body) -> Option<Bytes> {
    loop {
        let frame = tokio::time::timeout(SILENCE, body.frame())
            .await
            .ok()??
            .ok()?;
        if let Ok(bytes) = frame.into_data() {
            return Some(bytes);
        }
    }
}

/// Disk work off the async threads.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| internal(&e))
}
