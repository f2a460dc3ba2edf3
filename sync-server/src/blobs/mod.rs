//! Files at rest: a trait for what a store of files must do, and the folder that does it. No
//! database here and no HTTP: bytes, names and hashes. Names are lower-case hex and nothing else.

mod folder;
mod turns;

#[cfg(test)]
mod tests;

pub use folder::Folder;
pub use turns::{Turn, Turns};

use std::io::{self, Read};
use std::time::SystemTime;
use uuid::Uuid;
use xunji_protocol::digest::Digest;

/// Names one upload while it is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UploadId(pub Uuid);

impl std::fmt::Display for UploadId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl std::str::FromStr for UploadId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self)
    }
}

/// A failure of the store of files, as far as somebody reacts to it.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No room: what was promised before still holds.
    #[error("no space for files")]
    Full,
    /// The bytes do not hash to what was announced. They were put aside; the upload is empty again.
    #[error("bytes do not match their digest")]
    Mismatch,
    /// A newer request has the upload, or has appended to it: nothing was written.
    #[error("a newer request has this upload")]
    Fenced,
    /// Anything else the disk says.
    #[error("files: {0}")]
    Io(io::Error),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// What re-reading a stored file showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Its bytes hash to its name.
    Match,
    /// They do not.
    Mismatch,
    /// It is not there.
    Missing,
}

/// A store of files. Everything blocks.
pub trait Blobs: Send + Sync {
    /// Begins the staging of an upload, or goes on with it: durable, and empty if it is new.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Io`].
    fn stage(&self, id: UploadId) -> Result<Box<dyn Staging>, BlobError>;

    /// Whether a staging of this upload exists.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn is_staged(&self, id: UploadId) -> Result<bool, BlobError>;

    /// Hashes the staged bytes as they are read back from storage and, where they match, gives them
    /// their name durably. After `Ok` the file survives a power cut.
    ///
    /// # Errors
    /// [`BlobError::Mismatch`] when they do not hash to `digest`; [`BlobError::Fenced`] when another
    /// request was first.
    fn settle(&self, id: UploadId, digest: Digest) -> Result<(), BlobError>;

    /// Removes a staging; nothing happens where there is none.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn discard(&self, id: UploadId) -> Result<(), BlobError>;

    /// Moves a staging to where a person can look at it; nothing happens where there is none.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Io`].
    fn put_aside(&self, id: UploadId) -> Result<(), BlobError>;

    /// Opens a staging to read what it holds.
    ///
    /// # Errors
    /// [`BlobError::Io`], also when there is none.
    fn open_staged(&self, id: UploadId) -> Result<Box<dyn Read + Send>, BlobError>;

    /// Every staging and when it was last written to, by the clock of the store.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn staged(&self) -> Result<Vec<(UploadId, SystemTime)>, BlobError>;

    /// Size of a stored file; `None` when there is none.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn size(&self, digest: Digest) -> Result<Option<u64>, BlobError>;

    /// Opens a stored file.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn open(&self, digest: Digest) -> Result<Option<Box<dyn Read + Send>>, BlobError>;

    /// Re-reads a stored file.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn check(&self, digest: Digest) -> Result<Check, BlobError> {
        match self.open(digest)? {
            None => Ok(Check::Missing),
            Some(bytes) => Ok(if hash(bytes)? == digest {
                Check::Match
            } else {
                Check::Mismatch
            }),
        }
    }

    /// Removes a stored file durably; nothing happens where there is none. Whoever asks has taken its rows away.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn remove(&self, digest: Digest) -> Result<bool, BlobError>;

    /// Removes what was put aside of an upload.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn discard_aside(&self, id: UploadId) -> Result<(), BlobError>;

    /// Every stored file, by its name.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn stored(&self) -> Result<Vec<Digest>, BlobError>;

    /// Bytes that can still be written.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    fn free(&self) -> Result<u64, BlobError>;
}

/// Whether the asking request is still the newest of its upload. The answer lies in the upload's row,
/// so that it holds between processes too.
pub type Fence<'a> = &'a dyn Fn() -> bool;

/// An upload's bytes so far.
pub trait Staging: Send {
    /// Bytes written, durable or not.
    fn len(&self) -> u64;

    /// Whether nothing is written yet.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends, if the upload is still as long as this handle knows it and `fence` still lets its
    /// request through. Nobody else appends between question and write. After another error than
    /// [`BlobError::Fenced`] fewer bytes than given, or none, were appended.
    ///
    /// # Errors
    /// [`BlobError::Fenced`], [`BlobError::Full`], [`BlobError::Io`].
    fn append(&mut self, bytes: &[u8], fence: Fence<'_>) -> Result<(), BlobError>;

    /// Makes what was appended durable and says how much that is.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Io`].
    fn sync(&mut self) -> Result<u64, BlobError>;
}

/// SHA-256 of everything a reader gives.
///
/// # Errors
/// The reader's.
pub fn hash(mut bytes: impl Read) -> io::Result<Digest> {
    use sha2::{Digest as _, Sha256};
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let n = bytes.read(&mut buffer)?;
        match buffer.get(..n) {
            Some(part) if !part.is_empty() => hasher.update(part),
            _ => return Ok(Digest(hasher.finalize().into())),
        }
    }
}
