//! Notices that a receipted file is not in the folder: at the start, every hour, and when somebody asks
//! for it. Nothing is lost as long as a phone holds it: `hello` asks for it again.

use crate::app::App;
use crate::blobs::BlobError;
use crate::problem::{Answer, internal};
use crate::storage::missed;
use std::collections::BTreeSet;
use xunji_protocol::digest::Digest;

/// Compares the names in the folder with those in the rows; gives how many files are newly missed. No byte
/// of a file is read: `verify` does that.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store or the disk.
pub fn look(app: &App) -> Answer<usize> {
    let named = missed::named(&app.store, app.bureau)?;
    let here: BTreeSet<Digest> = app
        .blobs
        .stored()
        .map_err(|e: BlobError| internal(&e))?
        .into_iter()
        .collect();
    let gone: Vec<Digest> = named
        .into_iter()
        .filter(|digest| !here.contains(digest))
        .collect();
    let all = gone.len();
    let noted = missed::note(&app.store, app.bureau, gone, app.clock.now())?;
    if noted > 0 {
        tracing::error!(
            files = noted,
            "receipted files are not in the folder; the phones that brought them are asked to send them again"
        );
    }
    if all > 0 {
        tracing::warn!(
            files = all,
            "files are missed; `xunji-server verify` names them"
        );
    }
    Ok(noted)
}

/// Somebody asked for a file and it is not there, or is not what it should be: it is asked for again.
/// Whatever goes wrong here does not change what he is answered.
pub fn noticed(app: &App, digest: Digest) {
    match missed::note(&app.store, app.bureau, vec![digest], app.clock.now()) {
        Ok(0) => {}
        Ok(_) => {
            tracing::error!(%digest, "a receipted file is missed; its phone is asked to send it again")
        }
        Err(e) => tracing::error!(%digest, error = %e, "a missed file could not be noted"),
    }
}
