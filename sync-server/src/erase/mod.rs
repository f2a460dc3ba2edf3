//! 按规定删除: what a rule reaches goes by a change of the bureau's that names it, record by record. Rows go in
//! the transaction of that change, bytes of files after it: a run that ends anywhere has lost nothing that was
//! to stay, and the next run, or the sweep of a serving process, finishes it.

mod command;
mod plan;
mod run;
#[cfg(test)]
mod tests;

pub use command::{Asked, CommandError, due_now, erase};
pub use plan::{Counts, Plan, plan, reason};
pub use run::{Done, Order, run};

use crate::app::App;
use crate::blobs::BlobError;
use crate::problem::{Answer, Refusal, internal};
use crate::storage::erased;
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::files::FileMeta;

/// Refuses a file that was erased, or was made from one that was. Should a kill have left anything of it, that
/// goes now.
///
/// # Errors
/// [`Code::Erased`]; [`Refusal`] of the store or the disk.
pub fn refuse(app: &App, meta: &FileMeta) -> Answer<()> {
    if !Guard::Erased.stands() || !erased::is_file(&app.store, app.bureau, meta.clone())? {
        return Ok(());
    }
    remove(app, meta.sha256)?;
    Err(Code::Erased.into())
}

/// Removes the bytes of an erased file that no row names; whether there were any.
///
/// # Errors
/// [`Refusal`] of the store or the disk.
pub fn remove(app: &App, file: Digest) -> Answer<bool> {
    if !erased::is_gone(&app.store, app.bureau, file)? {
        return Ok(false);
    }
    app.blobs.remove(file).map_err(|e| failed(&e))
}

/// Removes whatever is left of erased files: a run may have ended between rows and bytes, an upload may have
/// been under way. Gives how many files went.
///
/// # Errors
/// [`Refusal`] of the store or the disk; what was not reached waits for the next sweep.
pub fn sweep(app: &App) -> Answer<u64> {
    for upload in erased::uploads(&app.store, app.bureau)? {
        app.blobs.discard(upload).map_err(|e| failed(&e))?;
        app.blobs.discard_aside(upload).map_err(|e| failed(&e))?;
        erased::forget_upload(&app.store, app.bureau, upload)?;
    }
    let erased = erased::files(&app.store, app.bureau)?;
    if erased.is_empty() {
        return Ok(0);
    }
    let mut removed = 0;
    for file in app.blobs.stored().map_err(|e| failed(&e))? {
        if erased.contains(&file) {
            removed += u64::from(remove(app, file)?);
        }
    }
    Ok(removed)
}

fn failed(error: &BlobError) -> Refusal {
    internal(error)
}
