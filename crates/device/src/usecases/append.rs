//! Appending a change to the open log, in the transaction that writes what it says.

use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;
use crate::store::local::files::FileRow;
use crate::store::local::{Write, changes, files, log};
use crate::transport::gzip::gzip;
use ed25519_dalek::SigningKey;
use serde::Serialize;
use uuid::Uuid;
use xunji_domain::ids::PersonId;
use xunji_domain::time::ClockReading;
use xunji_protocol::body::compose_body;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::{Change, Envelope};
use xunji_protocol::guard::Guard;
use xunji_protocol::kinds::newest_version;
use xunji_protocol::limits::MAX_INLINE_COMPRESSED;
use xunji_protocol::log::{HeadSignature, LogHead};
use xunji_protocol::steps::files::FileKind;

/// What a change says about itself.
pub(super) struct Said<'a, T> {
    /// Kind of the change.
    pub kind: &'static str,
    /// Who acts.
    pub author: PersonId,
    /// When.
    pub at: ClockReading,
    /// The records it concerns.
    pub records: Vec<Uuid>,
    /// The body.
    pub body: &'a T,
}

/// Seals and appends a change. A body that compresses to more than the limit is queued as a file.
///
/// # Errors
/// `too_large` for a body beyond the limit of the wire; `not_enrolled` without a log; those of the file.
pub(super) fn append<T: Serialize>(
    device: &Device,
    write: &Write<'_>,
    said: Said<'_, T>,
) -> Result<Change, ApiError> {
    let head = log::open(write)?.ok_or_else(ApiError::not_enrolled)?.head;
    let mut salt = [0; 16];
    device.entropy.fill(&mut salt)?;
    let body = compose_body(salt, said.body).map_err(unsealable)?;
    let envelope = Envelope {
        log: head.log,
        seq: head.seq + 1,
        prev: head.hash,
        captured_at: said.at,
        author: said.author,
        kind: said.kind.to_owned(),
        schema_version: newest_version(said.kind).unwrap_or(1),
        records: said.records,
        body: Digest::of(&body),
        extra: serde_json::Map::new(),
    };
    let change = Change::seal(envelope, body.clone()).map_err(unsealable)?;
    let size = gzip(&body).map_err(StoreError::from)?.len();
    let as_file = size > MAX_INLINE_COMPRESSED && Guard::BodyApart.stands();
    changes::append(write, &change, &body, as_file)?;
    if as_file {
        files::put(write, &body_file(&change, body.len()))?;
    }
    Ok(change)
}

/// Signs the head that a final record made and keeps the signature.
///
/// # Errors
/// Those of the file.
pub(super) fn sign_head(write: &Write<'_>, change: &Change) -> Result<(), ApiError> {
    let row = log::open(write)?.ok_or_else(ApiError::not_enrolled)?;
    let head = LogHead {
        log: row.head.log,
        seq: change.envelope.seq,
        hash: change.hash,
    };
    let signature =
        HeadSignature::make(&SigningKey::from_bytes(&row.seed), head).map_err(unsealable)?;
    Ok(log::put_signed_head(write, &signature)?)
}

fn body_file(change: &Change, size: usize) -> FileRow {
    FileRow {
        sha256: change.envelope.body,
        kind: FileKind::Body,
        size: size as u64,
        original: None,
        queued: true,
        upload: String::new(),
        offset_seen: 0,
        problem: String::new(),
    }
}

fn unsealable(error: impl std::fmt::Display) -> ApiError {
    ApiError::new(
        "too_large",
        "这份内容超出了一次能保存的大小，没有存上，之前的内容都在；请删短文字或重签后再试",
    )
    .with(serde_json::json!({ "detail": error.to_string() }))
}
