//! A log: one line of changes with its own key. The head signature carries all before it.

use crate::canonical::{CanonicalError, canonical_bytes};
use crate::digest::Digest;
use crate::envelope::Change;
use crate::keys::{PublicKey, SignatureError, sign, verify};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::LogId;

/// Context of head signatures.
pub const HEAD_CONTEXT: &[u8] = b"xunji/head/1";

/// Where a log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// The line.
    pub log: LogId,
    /// Last seq; 0 before the first change.
    pub seq: u64,
    /// Hash of the last change; zeros before the first.
    pub hash: Digest,
}

impl LogHead {
    /// The head of an empty log.
    pub fn empty(log: LogId) -> Self {
        Self {
            log,
            seq: 0,
            hash: Digest::ZERO,
        }
    }
}

/// A head with its signature: one per pushed segment, one at each signed inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadSignature {
    /// What is signed.
    #[serde(flatten)]
    pub head: LogHead,
    /// Name of the log's key.
    pub key: String,
    /// Algorithm.
    pub alg: String,
    /// 128 hex characters.
    pub signature: String,
}

impl HeadSignature {
    /// Signs a head with the log's key.
    ///
    /// # Errors
    /// [`CanonicalError`] never for a real head; kept because the bytes are made canonically.
    pub fn make(key: &SigningKey, head: LogHead) -> Result<Self, CanonicalError> {
        let public = crate::keys::public_key(key);
        let signature = sign(key, HEAD_CONTEXT, &canonical_bytes(&head)?);
        Ok(Self {
            head,
            key: public.id,
            alg: public.alg,
            signature,
        })
    }

    /// Verifies against the log's public key.
    ///
    /// # Errors
    /// [`SignatureError`] when key or signature do not fit.
    pub fn verify(&self, key: &PublicKey) -> Result<(), SignatureError> {
        if self.key != key.id || self.alg != key.alg {
            return Err(SignatureError::UnknownKey(self.key.clone()));
        }
        let bytes = canonical_bytes(&self.head).map_err(|_| SignatureError::Malformed)?;
        verify(key, HEAD_CONTEXT, &bytes, &self.signature)
    }
}

/// The first place where a line does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("log {log} breaks at seq {seq}: {what}")]
pub struct ChainBreak {
    /// The line.
    pub log: LogId,
    /// The first bad seq.
    pub seq: u64,
    /// What does not fit.
    pub what: &'static str,
}

/// Walks changes that follow `from` and returns the new head, or names the first bad seq.
///
/// # Errors
/// [`ChainBreak`] at a foreign log, a gap in seq, or a `prev` that is not the hash before.
pub fn walk<'a>(
    from: LogHead,
    changes: impl IntoIterator<Item = &'a Change>,
) -> Result<LogHead, ChainBreak> {
    let mut head = from;
    for change in changes {
        let seq = head.seq + 1;
        let broken = |what| ChainBreak {
            log: head.log,
            seq,
            what,
        };
        if change.envelope.log != head.log {
            return Err(broken("another log"));
        }
        if change.envelope.seq != seq {
            return Err(broken("seq is not the next"));
        }
        if change.envelope.prev != head.hash {
            return Err(broken("prev is not the hash before"));
        }
        head = LogHead {
            log: head.log,
            seq,
            hash: change.hash,
        };
    }
    Ok(head)
}
