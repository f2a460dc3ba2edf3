//! What leaves a phone, so that it does not fill up: originals, and much later the changes and forms of old
//! records. Only what the server has, has in a verified backup, and has had for long; see [`rule`]. The rows
//! go first and the sealed bytes after them: a kill in between leaves bytes without a row, which the sweep
//! knows by [`left`] and removes.

mod choose;
pub mod rule;

use crate::Device;
use crate::api::ApiError;
use crate::photos::folder::FileFolder;
use crate::store::StoreError;
use crate::store::local::{Write, left, receipts};
use crate::store::mirror::inspections;
use choose::{Leaving, choose};
use std::collections::BTreeSet;
use uuid::Uuid;
use xunji_domain::words::InspectionState;
use xunji_protocol::digest::Digest;

/// What has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Files.
    pub files: usize,
    /// Changes.
    pub changes: usize,
}

/// Lets go what may go now; more of it the next time.
///
/// # Errors
/// Those of the files; what was not committed is still here.
pub fn run(device: &Device) -> Result<Left, ApiError> {
    let returned: BTreeSet<Uuid> = device
        .mirror()
        .read(|m| inspections::in_state(m, InspectionState::Returned))?
        .into_iter()
        .map(|summary| summary.id.0)
        .collect();
    let local = device.local()?;
    if local.read(|read| choose(read, &returned))?.is_empty() {
        return Ok(Left::default());
    }
    // Not beside a photo that is being taken over: it may be the same bytes again.
    let _alone = device.photos.taking();
    let (files, changes) = local.write(|write| -> Result<_, StoreError> {
        let leaving = choose(write, &returned)?;
        let files = let_go(write, &leaving)?;
        Ok((files, leaving.changes.len()))
    })?;
    let folder = FileFolder::open(device.folder()).map_err(StoreError::from)?;
    for sha256 in &files {
        folder.remove_left(*sha256).map_err(StoreError::from)?;
    }
    tracing::info!(files = files.len(), changes, "left this phone");
    Ok(Left {
        files: files.len(),
        changes,
    })
}

/// Takes out the rows; gives the files whose bytes go.
fn let_go(write: &Write<'_>, leaving: &Leaving) -> Result<Vec<Digest>, StoreError> {
    let at = receipts::last_at(write)?.ok_or(StoreError::Value("receipt.at"))?;
    let mut files = leaving.originals.clone();
    for original in &leaving.originals {
        left::file(write, *original, at)?;
    }
    for record in &leaving.records {
        files.extend(left::record(write, *record, at)?);
    }
    for change in &leaving.changes {
        left::change(write, change, at)?;
    }
    Ok(files)
}
