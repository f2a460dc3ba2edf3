//! The first thing a phone does with a file that was read out of a damaged one: what follows from the changes
//! and is not there is put back, and another log is opened.

use super::status::RESCUED;
use super::{acting, new_log};
use crate::Device;
use crate::api::ApiError;
use crate::device::OpenError;
use crate::store::StoreError;
use crate::store::local::files::{self, FileRow};
use crate::store::local::{Write, left, log, lost, rescued, settings};
use crate::store::rescue::DUE;
use chrono::Datelike as _;
use xunji_domain::inspection::PhotoRef;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::{OpenedBecause, Payload};
use xunji_protocol::schema::read_body;
use xunji_protocol::steps::files::FileKind;

/// Does it where it is due, in one transaction. What was counted last, such as record numbers, may be among what
/// did not read: the other log brings a code of its own into them.
///
/// # Errors
/// Those of the file.
pub(crate) fn settle(device: &Device) -> Result<(), OpenError> {
    let not_copied = |error: ApiError| OpenError::Copied(Box::new(error));
    let local = device.local().map_err(not_copied)?;
    local
        .write(|write| -> Result<(), ApiError> {
            if settings::get(write, DUE)?.is_none() {
                return Ok(());
            }
            put_back(write)?;
            if log::open(write)?.is_some() {
                let mut unread = lost::unread(write)?;
                unread.extend(lost::undeclared(write)?);
                new_log::open(device, write, OpenedBecause::Damaged, unread)?;
            }
            let today = acting::today(device);
            let today = format!("{} 月 {} 日", today.month(), today.day());
            settings::set(write, RESCUED, &today)?;
            Ok(settings::remove(write, DUE)?)
        })
        .map_err(not_copied)
}

fn put_back(write: &Write<'_>) -> Result<(), StoreError> {
    for change in rescued::changes(write)? {
        let Ok(read) = Change::read(change.envelope.clone(), Some(change.body.clone())) else {
            continue;
        };
        for record in &read.envelope.records {
            rescued::concerns(write, change.hash, *record)?;
        }
        if change.as_file {
            file(
                write,
                Digest::of(&change.body),
                FileKind::Body,
                change.body.len() as u64,
            )?;
        }
        for photo in photos_of(&read, &change.body) {
            if let Some(sha256) = Digest::from_hex(&photo.sha256) {
                let size = u64::try_from(photo.size).unwrap_or(0);
                file(write, sha256, FileKind::Original, size)?;
            }
        }
    }
    for (sha256, size, signed) in rescued::photos_without_file(write)? {
        files::put(write, &row(sha256, FileKind::Original, size, signed))?;
    }
    Ok(())
}

/// The photos of a signed record or amendment.
fn photos_of(change: &Change, body: &[u8]) -> Vec<PhotoRef> {
    match read_body(&change.envelope, body) {
        Ok(Payload::InspectionSigned(signed)) => signed.content.photos,
        Ok(Payload::InspectionAmended(amended)) => amended.photos,
        _ => Vec::new(),
    }
}

/// The row of a file that is to be sent, unless it has left this phone.
fn file(write: &Write<'_>, sha256: Digest, kind: FileKind, size: u64) -> Result<(), StoreError> {
    if left::has_left(write, sha256)? {
        return Ok(());
    }
    files::put(write, &row(sha256, kind, size, true))
}

fn row(sha256: Digest, kind: FileKind, size: u64, queued: bool) -> FileRow {
    FileRow {
        sha256,
        kind,
        size,
        original: None,
        queued,
        upload: String::new(),
        offset_seen: 0,
        problem: String::new(),
    }
}
