//! `verify`: looks through a county's folder or a backup of it, offline, and names what does not hold.
//! It writes nothing.

use crate::backup::{MANIFEST, Manifest, UNFINISHED};
use crate::blobs::Folder;
use crate::config::DataFolder;
use crate::console::integrity;
use crate::keys::Keys;
use crate::storage::console::raw::RawRecord;
use crate::storage::verify::{Evidence, Found, Kind, VerifyError, verify};
use std::fs::File;
use std::io;
use xunji_domain::inspection::InspectionContent;

/// Why a folder could not be looked through.
#[derive(Debug, thiserror::Error)]
pub enum CannotVerify {
    /// No county's database.
    #[error("no county in this folder")]
    NoCounty,
    /// Nothing to check signatures against.
    #[error("no keys.json in this folder: signatures cannot be checked without the county's keys")]
    NoKeys,
    /// A backup that was interrupted.
    #[error(
        "this copy was never finished: it is not a backup. The county itself is untouched; make the backup again"
    )]
    Unfinished,
    /// The store or the files.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// Keys or folder.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Looks through a folder; `say` is told what was looked at and how much of it.
///
/// # Errors
/// [`CannotVerify`]: nothing is said of what the folder holds then.
pub fn folder(data: &DataFolder, say: &dyn Fn(&str, u64)) -> Result<Found, CannotVerify> {
    if data.path().join(UNFINISHED).exists() {
        return Err(CannotVerify::Unfinished);
    }
    let manifest = Manifest::read(data.path());
    let mut found = look(data, say)?;
    match manifest {
        Ok(None) => {}
        Ok(Some(manifest)) => said(data, &manifest, &mut found)?,
        Err(e) => found.flaw(Kind::Backup, MANIFEST, format!("does not read: {e}")),
    }
    Ok(found)
}

/// Looks through database and files.
///
/// # Errors
/// As [`folder`].
pub fn look(data: &DataFolder, say: &dyn Fn(&str, u64)) -> Result<Found, CannotVerify> {
    if !data.database().exists() {
        return Err(CannotVerify::NoCounty);
    }
    let keys = Keys::read(&data.keys())?.ok_or(CannotVerify::NoKeys)?;
    let evidence = Evidence {
        database: &data.database(),
        keys: &keys,
        blobs: &Folder::at(data.blobs()),
        judge: &judge,
    };
    Ok(verify(&evidence, say)?)
}

fn judge(raw: &RawRecord) -> Result<InspectionContent, String> {
    let rebuilt = integrity::rebuild(raw)?;
    match integrity::differs(raw, &rebuilt) {
        Some(what) => Err(what),
        None => Ok(rebuilt.content),
    }
}

/// A backup is still the bytes it was when it was made.
fn said(data: &DataFolder, manifest: &Manifest, found: &mut Found) -> Result<(), CannotVerify> {
    let place = || MANIFEST.to_owned();
    let keys = Keys::read(&data.keys())?.ok_or(CannotVerify::NoKeys)?;
    found.must(
        manifest.bureau == keys.bureau && manifest.identity == keys.identity,
        Kind::Backup,
        place,
        "is of another county than the keys beside it",
    );
    let database = crate::blobs::hash(File::open(data.database())?)?;
    found.must(
        database == manifest.database,
        Kind::Backup,
        place,
        "the database is not the one that was copied",
    );
    Ok(())
}
