//! Bytes that come with a checksum lie apart until they are all here and hash to it: what was altered on
//! the way, or cut, is never part of the upload.

use super::checksum::Checksum;
use super::inflow::{End, Inflow, aside};
use super::refuse;
use crate::app::AppState;
use crate::blobs::{Blobs, Turn, UploadId};
use crate::problem::{Answer, Refusal, internal};
use crate::random;
use axum::body::{Body, Bytes};
use std::io::Read as _;
use std::sync::Arc;
use xunji_protocol::guard::Guard;
use xunji_protocol::problem::Code;

/// Bytes moved at a time.
const STEP: u64 = 64 * 1024;

/// A request's bytes, apart from the upload they are for. A process that is killed leaves them behind,
/// under an id that no row knows; the sweep finds them.
struct Chunk {
    blobs: Arc<dyn Blobs>,
    id: UploadId,
}

/// Takes in a whole request, compares, and only then lets its bytes go where they belong.
///
/// # Errors
/// `checksum_mismatch` for bytes that are not those announced, also when the request was cut.
pub(super) async fn drain(
    app: &AppState,
    mut inflow: Inflow,
    checksum: Checksum,
    body: Body,
    turn: &mut Turn,
) -> Answer<(Inflow, End)> {
    let (chunk, apart) = Chunk::begin(app, inflow.room, checksum).await?;
    let drained = match apart.drain(body, turn).await {
        Ok((apart, End::Over)) => {
            let len = apart.staging.len();
            if apart.checksum.is_some_and(Checksum::holds) || !Guard::Checksum.stands() {
                let id = chunk.id;
                let blobs = Arc::clone(&chunk.blobs);
                aside(move || {
                    let end = pour(&*blobs, id, len, &mut inflow)?;
                    Ok((inflow, end))
                })
                .await?
            } else {
                Err(Refusal::from(Code::ChecksumMismatch))
            }
        }
        Ok((_, end)) => Ok((inflow, end)),
        Err(refusal) => Err(refusal),
    };
    aside(move || chunk.blobs.discard(chunk.id))
        .await?
        .map_err(|e| refuse(&e))?;
    drained
}

impl Chunk {
    async fn begin(app: &AppState, room: u64, checksum: Checksum) -> Answer<(Self, Inflow)> {
        app.blocking(move |app| {
            let id = UploadId(random::id(app.clock.now()).map_err(|e| internal(&e))?);
            let staging = app.blobs.stage(id).map_err(|e| refuse(&e))?;
            let apart = Inflow {
                staging,
                room,
                skip: 0,
                // Nobody else knows its id.
                fence: Arc::new(|| true),
                checksum: Some(checksum),
            };
            let blobs = Arc::clone(&app.blobs);
            Ok((Self { blobs, id }, apart))
        })
        .await
    }
}

/// Moves a chunk of `len` bytes on.
fn pour(blobs: &dyn Blobs, id: UploadId, len: u64, inflow: &mut Inflow) -> Answer<End> {
    let new = len.saturating_sub(inflow.skip);
    if inflow.staging.len().saturating_add(new) > inflow.room {
        return Ok(End::TooMany);
    }
    let mut from = blobs.open_staged(id).map_err(|e| refuse(&e))?;
    loop {
        let mut step = Vec::new();
        let read = (&mut from).take(STEP).read_to_end(&mut step);
        if read.map_err(|e| internal(&e))? == 0 {
            return Ok(End::Over);
        }
        if let Some(end) = inflow.take(Bytes::from(step))? {
            return Ok(end);
        }
    }
}
