//! The first lines of a volume: whose it is, which of how many, and the keys to what follows. Signed by
//! the log's key and checked before anything else is read; whoever carries the file has no part in it.

use super::seal::Seal;
use crate::canonical::CanonicalError;
use crate::keys::{PublicKey, SignatureError, SignedStatement};
use crate::limits::MAX_BUNDLE_HEADER;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use std::io::BufRead;
use uuid::Uuid;
use xunji_domain::ids::{BureauId, LogId};
use xunji_domain::time::Millis;

/// First bytes of a volume.
pub const MAGIC: &[u8] = b"xunji-bundle/1\n";
/// Context of volume headers.
pub const BUNDLE_CONTEXT: &[u8] = b"xunji/bundle/1";

/// What stands in clear on a volume. It holds ids and no names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleHeader {
    /// Protocol version of the writer.
    pub protocol: u32,
    /// The county it is for.
    pub bureau: BureauId,
    /// The line of changes it carries, whose key signs this header.
    pub log: LogId,
    /// One writing of a bundle; its volumes share it.
    pub bundle: Uuid,
    /// 1, 2, 3 …
    pub volume: u32,
    /// How many volumes there are.
    pub volumes: u32,
    /// The phone's wall clock.
    pub made_at: Millis,
    /// The phone's certificate: a county that lost the enrolment sees that it is its own.
    pub certificate: SignedStatement,
    /// The key of the frames, sealed once for each who may read them.
    pub seals: Vec<Seal>,
}

/// A header as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeader {
    /// The exact line: frames are bound to it.
    pub line: SignedStatement,
    /// What it says; believed only after [`SignedHeader::verify`].
    pub says: BundleHeader,
}

/// Why a file is not a volume.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// Not one of our files.
    #[error("not a bundle")]
    NotOurs,
    /// One of ours, whose header is cut or does not read.
    #[error("the header of the volume does not read")]
    Broken,
    /// The file cannot be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl SignedHeader {
    /// Signs a header with the log's key.
    ///
    /// # Errors
    /// [`CanonicalError`] never for a real header; kept because the bytes are made canonically.
    pub fn make(key: &SigningKey, says: BundleHeader) -> Result<Self, CanonicalError> {
        let line = SignedStatement::make(key, BUNDLE_CONTEXT, &says)?;
        Ok(Self { line, says })
    }

    /// The bytes at the beginning of the file.
    pub fn bytes(&self) -> Vec<u8> {
        [MAGIC, self.line.0.as_bytes(), b"\n"].concat()
    }

    /// Checks that the log's key signed it.
    ///
    /// # Errors
    /// [`SignatureError`] when it did not.
    pub fn verify(&self, key: &PublicKey) -> Result<(), SignatureError> {
        let says: BundleHeader = self.line.open(std::slice::from_ref(key), BUNDLE_CONTEXT)?;
        if says == self.says {
            Ok(())
        } else {
            Err(SignatureError::Invalid)
        }
    }
}

/// Reads the header and leaves `source` at the first frame. Nothing is verified: only the reader knows
/// the key of the log that the header names.
///
/// # Errors
/// [`HeaderError`].
pub fn read_header(source: &mut impl BufRead) -> Result<SignedHeader, HeaderError> {
    let mut magic = [0; MAGIC.len()];
    match source.read_exact(&mut magic) {
        Ok(()) if magic == MAGIC => {}
        Ok(()) => return Err(HeaderError::NotOurs),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            return Err(HeaderError::NotOurs);
        }
        Err(e) => return Err(e.into()),
    }
    let mut line = Vec::new();
    std::io::Read::take(&mut *source, MAX_BUNDLE_HEADER as u64).read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Err(HeaderError::Broken);
    }
    let line = SignedStatement(String::from_utf8(line).map_err(|_| HeaderError::Broken)?);
    let says = line.peek().ok_or(HeaderError::Broken)?;
    Ok(SignedHeader { line, says })
}
