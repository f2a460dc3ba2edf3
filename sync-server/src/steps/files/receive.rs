//! Takes bytes in as they arrive. What has arrived before a cut stays; a newer request on the same
//! upload ends this one; the phone going away ends nothing half-way.

use super::checksum::Checksum;
use super::inflow::{End, Inflow, aside};
use super::{Standing, chunk, refuse, whole};
use crate::app::{App, AppState};
use crate::blobs::{Turn, UploadId};
use crate::problem::{Answer, internal};
use crate::storage::uploads::{self, Upload};
use axum::body::Body;
use std::sync::Arc;
use xunji_protocol::problem::Code;

/// With less room than this nothing more is taken in: the database must still be able to commit.
const LOW: u64 = 16 * 1024 * 1024;

/// What one request brings.
pub(super) struct Piece {
    /// Bytes at its beginning that are here already.
    pub skip: u64,
    /// What all its bytes hash to, when it says so.
    pub checksum: Option<Checksum>,
    /// The bytes.
    pub body: Body,
}

/// Appends a request's bytes and finishes the file when it is whole.
pub(super) async fn receive(
    app: &AppState,
    standing: Standing,
    turn: Turn,
    piece: Piece,
) -> Answer<Standing> {
    // A task of its own: when the connection dies, the server drops the handler, and bytes that lie
    // in the staging would be neither synced nor, as the last ones, made a file of.
    match tokio::spawn(run(AppState::clone(app), standing, turn, piece)).await {
        Ok(answer) => answer,
        Err(e) => Err(internal(&e)),
    }
}

async fn run(
    app: AppState,
    mut standing: Standing,
    mut turn: Turn,
    piece: Piece,
) -> Answer<Standing> {
    let upload = standing.upload.clone();
    let inflow = open(&app, upload.clone(), piece.skip).await?;
    let drained = match piece.checksum {
        None => inflow.drain(piece.body, &mut turn).await,
        Some(checksum) => chunk::drain(&app, inflow, checksum, piece.body, &mut turn).await,
    };
    let (mut inflow, end) = drained?;
    // Whatever the end was: what was appended is made durable, and counts.
    let offset = aside(move || inflow.staging.sync())
        .await?
        .map_err(|e| refuse(&e))?;
    if offset > standing.offset {
        let upload = upload.clone();
        standing.upload.last_byte_at = app
            .blocking(move |app| {
                Ok(uploads::bytes_came(
                    &app.store,
                    app.bureau,
                    &upload,
                    app.clock.now(),
                )?)
            })
            .await?;
    }
    match end {
        // Everything is here: the newer request has nothing to add, and both may be told so.
        End::Superseded if offset == upload.size => {}
        end => {
            if let Some(refusal) = end.refusal() {
                return Err(refusal);
            }
        }
    }
    standing.offset = offset;
    if offset == upload.size {
        standing.receipt = Some(app.blocking(move |app| whole::finish(app, upload)).await?);
    }
    Ok(standing)
}

async fn open(app: &AppState, upload: Upload, skip: u64) -> Answer<Inflow> {
    let known = Arc::clone(app);
    app.blocking(move |app| {
        if app.blobs.free().map_err(|e| refuse(&e))? < LOW {
            return Err(Code::StorageFull.into());
        }
        let (id, fence) = (upload.id, upload.fence);
        Ok(Inflow {
            staging: app.blobs.stage(id).map_err(|e| refuse(&e))?,
            room: upload.size,
            skip,
            fence: Arc::new(move || is_held(&known, id, fence)),
            checksum: None,
        })
    })
    .await
}

/// What cannot be read counts as taken by another: the phone asks where it stands, and goes on.
fn is_held(app: &App, id: UploadId, fence: u64) -> bool {
    uploads::holds(&app.store, app.bureau, id, fence).unwrap_or(false)
}
