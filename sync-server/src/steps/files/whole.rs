//! From the last byte to the receipt, and the way back to there after a kill between any two steps.

use super::{Standing, refuse};
use crate::app::App;
use crate::blobs::{BlobError, Check};
use crate::erase;
use crate::problem::{Answer, internal};
use crate::redrive;
use crate::storage::StoreError;
use crate::storage::files;
use crate::storage::missed;
use crate::storage::uploads::Upload;
use std::io::Read as _;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::limits::MAX_BODY;
use xunji_protocol::problem::Code;
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::files::FileKind;

/// Where an upload stands by what is durable now. Does what a killed process left undone.
pub(super) fn stand(app: &App, upload: Upload) -> Answer<Standing> {
    erase::refuse(app, &upload.meta)?;
    if let Some(receipt) = delivered(app, &upload)? {
        return Ok(Standing {
            offset: upload.size,
            upload,
            receipt: Some(receipt),
        });
    }
    let staged = app.blobs.is_staged(upload.id).map_err(|e| refuse(&e))?;
    if !staged && is_stored(app, &upload)? {
        // It got its name and its row was never written. No other way leads here: a staging is made
        // before its row, and made again when its bytes did not match.
        let receipt = record(app, &upload)?;
        return Ok(Standing {
            offset: upload.size,
            upload,
            receipt: Some(receipt),
        });
    }
    let offset = app.blobs.stage(upload.id).map_err(|e| refuse(&e))?.len();
    if offset < upload.size {
        return Ok(Standing {
            upload,
            offset,
            receipt: None,
        });
    }
    match settle(app, &upload) {
        Ok(()) => {
            let receipt = record(app, &upload)?;
            Ok(Standing {
                offset,
                upload,
                receipt: Some(receipt),
            })
        }
        Err(BlobError::Mismatch) => Ok(Standing {
            upload,
            offset: 0,
            receipt: None,
        }),
        Err(e) => Err(refuse(&e)),
    }
}

/// Makes a file of an upload whose bytes are all here: hash over the bytes re-read from storage,
/// name, row, receipt.
pub(super) fn finish(app: &App, upload: Upload) -> Answer<SignedStatement> {
    settle(app, &upload).map_err(|e| refuse(&e))?;
    record(app, &upload)
}

fn settle(app: &App, upload: &Upload) -> Result<(), BlobError> {
    match app.blobs.settle(upload.id, upload.meta.sha256) {
        Err(BlobError::Mismatch) => {
            tracing::warn!(upload = %upload.id, "bytes did not match and were put aside");
            app.blobs.stage(upload.id)?;
            Err(BlobError::Mismatch)
        }
        other => other,
    }
}

/// The receipt, when this log has delivered the file and it is still there.
fn delivered(app: &App, upload: &Upload) -> Answer<Option<SignedStatement>> {
    let meta = &upload.meta;
    let Some(receipt) = files::receipt(&app.store, app.bureau, meta.log, meta.sha256)? else {
        return Ok(None);
    };
    if app.blobs.size(meta.sha256).map_err(|e| refuse(&e))? != Some(upload.size)
        || missed::is_missed(&app.store, app.bureau, meta.sha256)?
    {
        return Ok(None);
    }
    if files::is_known(&app.store, app.bureau, meta.clone())? {
        return Ok(Some(receipt));
    }
    // The same bytes under another kind, or made from another original.
    record(app, upload).map(Some)
}

fn is_stored(app: &App, upload: &Upload) -> Answer<bool> {
    let digest = upload.meta.sha256;
    let here = app.blobs.size(digest).map_err(|e| refuse(&e))? == Some(upload.size);
    Ok(here && app.blobs.check(digest).map_err(|e| refuse(&e))? == Check::Match)
}

/// Row and receipt of a file that lies under its name.
fn record(app: &App, upload: &Upload) -> Answer<SignedStatement> {
    let now = app.clock.now();
    let fact = Receipt::File {
        log: upload.meta.log,
        sha256: upload.meta.sha256,
        size: upload.size,
        epoch: app.epoch(),
        server_time: now,
    };
    let token = SignedStatement::make(&app.keys.receipts, RECEIPT_CONTEXT, &fact)
        .map_err(|e| internal(&e))?;
    let receipt = match files::complete(&app.store, app.bureau, upload.clone(), token, now) {
        Err(StoreError::Erased) => {
            // It has its name already, and nobody else looks for it there.
            erase::remove(app, upload.meta.sha256)?;
            return Err(Code::Erased.into());
        }
        done => done?,
    };
    if upload.meta.kind == FileKind::Body {
        // What waits for this body is tried again at every start: the receipt does not depend on it.
        if let Err(refusal) = release(app, upload.meta.sha256) {
            tracing::error!(problem = %refusal.0.title, "changes that wait for a body were not decided");
        }
    }
    Ok(receipt)
}

fn release(app: &App, digest: Digest) -> Answer<()> {
    let Some(file) = app.blobs.open(digest).map_err(|e| refuse(&e))? else {
        return Ok(());
    };
    let mut bytes = Vec::new();
    file.take(MAX_BODY as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| internal(&e))?;
    redrive::body_arrived(app, digest, bytes).map(drop)
}
