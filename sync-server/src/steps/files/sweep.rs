//! Gives up what was begun and never finished: 30 days after the last byte, by the server's clock. What
//! a record waits for is put aside and its row stays; what nobody waits for goes.

use super::{refuse, whole};
use crate::app::{App, AppState};
use crate::blobs::UploadId;
use crate::problem::Answer;
use crate::steps::drafts;
use crate::storage::uploads::{self, GivenUp};
use crate::{erase, missed, redrive};
use std::time::Duration;
use xunji_protocol::limits::UPLOAD_LIFE_MS;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// A staging without a row is being made, or was left by a kill: after this long it was left.
const ORPHAN_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// What one sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Unfinished uploads that nobody waits for, removed.
    pub removed: u64,
    /// Unfinished uploads that a record waits for: bytes put aside, row kept.
    pub awaited: u64,
    /// Uploads whose bytes turned out to be all here; receipted.
    pub finished: u64,
    /// Stagings without a row, put aside.
    pub orphans: u64,
}

/// Sweeps now and every hour, for as long as the process serves.
pub async fn keep_sweeping(app: AppState) {
    loop {
        match sweep(&app).await {
            Ok(swept) if swept == Swept::default() => {}
            Ok(swept) => tracing::info!(?swept, "unfinished uploads"),
            Err(refusal) => tracing::error!(problem = %refusal.0.title, "sweep of uploads"),
        }
        match app.blocking(drafts::sweep).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "copies of drafts given up"),
            Err(_) => tracing::error!("copies of drafts could not be looked through"),
        }
        tokio::time::sleep(EVERY).await;
        if app.blocking(erase::sweep).await.is_err() {
            tracing::error!("what was erased could not be looked for in the folder of files");
        }
        if app.blocking(missed::look).await.is_err() {
            tracing::error!("the folder of files could not be compared with its rows");
        }
        if app.blocking(redrive::everything).await.is_err() {
            tracing::error!("changes that are held back could not be looked through");
        }
    }
}

/// One sweep.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store or the disk; what was not looked at waits for the next one.
pub async fn sweep(app: &AppState) -> Answer<Swept> {
    let mut swept = Swept::default();
    if is_healing(app) {
        return Ok(swept);
    }
    let over = app
        .blocking(|app| Ok(uploads::over(&app.store, app.bureau, app.clock.now())?))
        .await?;
    for id in over {
        // A request at work ends first, and what it brought counts.
        let _turn = app.uploads.take(id).await;
        swept = app
            .blocking(move |app| {
                give_up(app, id, &mut swept)?;
                Ok(swept)
            })
            .await?;
    }
    swept.orphans = app.blocking(put_orphans_aside).await?;
    Ok(swept)
}

/// After a restore nothing is given up until the phones had time to say what they hold.
pub(in crate::steps) fn is_healing(app: &App) -> bool {
    let opened = app.life().opened_at;
    opened.is_some_and(|at| app.clock.now().0 < at.0.saturating_add(UPLOAD_LIFE_MS))
}

fn give_up(app: &App, id: UploadId, swept: &mut Swept) -> Answer<()> {
    let Some(upload) = uploads::fence(&app.store, app.bureau, id)? else {
        return Ok(());
    };
    // All bytes may be here and the process may have ended before the receipt.
    let standing = whole::stand(app, upload.clone())?;
    if standing.receipt.is_some() {
        swept.finished += 1;
        return Ok(());
    }
    match uploads::give_up(&app.store, app.bureau, &upload, app.clock.now())? {
        GivenUp::Lives => {}
        GivenUp::Removed => {
            app.blobs.discard(id).map_err(|e| refuse(&e))?;
            swept.removed += 1;
        }
        GivenUp::Awaited => {
            tracing::warn!(
                upload = %id, log = %upload.meta.log, sha256 = %upload.meta.sha256,
                kind = upload.meta.kind.code(), size = upload.size, came = standing.offset,
                "a record waits for this file; for 30 days no byte of it came"
            );
            app.blobs.put_aside(id).map_err(|e| refuse(&e))?;
            swept.awaited += 1;
        }
    }
    Ok(())
}

/// What a kill left between staging and row, or between row and staging.
fn put_orphans_aside(app: &App) -> Answer<u64> {
    let mut found = 0;
    for (id, written) in app.blobs.staged().map_err(|e| refuse(&e))? {
        let age = app.clock.system().duration_since(written);
        if age.unwrap_or_default() < ORPHAN_AGE {
            continue;
        }
        if uploads::by_id(&app.store, app.bureau, id)?.is_none() {
            app.blobs.put_aside(id).map_err(|e| refuse(&e))?;
            found += 1;
        }
    }
    Ok(found)
}
