//! A change: an envelope of at most 4 KiB that is chained, and a body beside it.

use crate::body::Body;
use crate::canonical::{CanonicalError, canonical_bytes};
use crate::digest::Digest;
use crate::limits::MAX_ENVELOPE;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use xunji_domain::ids::{LogId, PersonId};
use xunji_domain::time::ClockReading;

/// Prefix of every change hash.
pub const CHANGE_CONTEXT: &[u8] = b"xunji/change/1";

/// What is chained. It holds nothing personal: the body is named by digest and may be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The line it belongs to.
    pub log: LogId,
    /// 1, 2, 3 …
    pub seq: u64,
    /// Hash of the change before; zeros at seq 1.
    pub prev: Digest,
    /// What the clock said.
    pub captured_at: ClockReading,
    /// Who acted.
    pub author: PersonId,
    /// `operator.registered` …; see [`crate::kinds`].
    pub kind: String,
    /// Version of the body's schema within the kind.
    pub schema_version: u32,
    /// The records it concerns: later changes depend on these, never on their neighbours.
    pub records: Vec<Uuid>,
    /// Digest of the body bytes.
    pub body: Digest,
    /// Fields a newer version added; carried through untouched.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A change as it is sent, stored and verified: exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The parsed envelope.
    pub envelope: Envelope,
    /// The bytes that were hashed.
    pub envelope_bytes: Vec<u8>,
    /// Hash of the change.
    pub hash: Digest,
    /// The body, or a note that it travels as a file.
    pub body: Body,
}

/// Why bytes are not a change.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The envelope is not the JSON we know.
    #[error("envelope does not parse: {0}")]
    Json(#[from] serde_json::Error),
    /// No canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// Beyond the limit.
    #[error("{what} has {size} bytes, more than {limit}")]
    TooLarge {
        /// `envelope` or `body`.
        what: &'static str,
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// The body's bytes are not those the envelope names.
    #[error("body does not match its digest")]
    BodyDigest,
}

/// The hash of envelope bytes.
pub fn change_hash(envelope_bytes: &[u8]) -> Digest {
    Digest::of_parts(&[CHANGE_CONTEXT, envelope_bytes])
}

impl Change {
    /// Makes the bytes of a new change, once.
    ///
    /// # Errors
    /// [`ChangeError`] when envelope or body are beyond their limits or have no canonical form.
    pub fn seal(envelope: Envelope, body: Vec<u8>) -> Result<Self, ChangeError> {
        if Digest::of(&body) != envelope.body {
            return Err(ChangeError::BodyDigest);
        }
        let body = Body::inline(body)?;
        let envelope_bytes = canonical_bytes(&envelope)?;
        check_size("envelope", envelope_bytes.len(), MAX_ENVELOPE)?;
        let hash = change_hash(&envelope_bytes);
        Ok(Self {
            envelope,
            envelope_bytes,
            hash,
            body,
        })
    }

    /// Reads a change from its exact bytes. `body` is `None` when it travels as a file.
    ///
    /// # Errors
    /// [`ChangeError`] when the bytes do not parse, are too large, or the body does not match.
    pub fn read(envelope_bytes: Vec<u8>, body: Option<Vec<u8>>) -> Result<Self, ChangeError> {
        check_size("envelope", envelope_bytes.len(), MAX_ENVELOPE)?;
        let envelope: Envelope = serde_json::from_slice(&envelope_bytes)?;
        let body = match body {
            None => Body::File(envelope.body),
            Some(bytes) if Digest::of(&bytes) == envelope.body => Body::inline(bytes)?,
            Some(_) => return Err(ChangeError::BodyDigest),
        };
        let hash = change_hash(&envelope_bytes);
        Ok(Self {
            envelope,
            envelope_bytes,
            hash,
            body,
        })
    }
}

pub(crate) fn check_size(what: &'static str, size: usize, limit: usize) -> Result<(), ChangeError> {
    if size > limit {
        return Err(ChangeError::TooLarge { what, size, limit });
    }
    Ok(())
}
