//! Where the 32-byte key of the phone's files lives. A phone's keystore on a phone; on a desktop a file
//! that only its owner reads. A key is made once and never again while data sealed with it exists.

use crate::clock::{Entropy, EntropyError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The key of the databases and, by derivation, of the photo files.
pub type MasterKey = Zeroizing<[u8; 32]>;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Data exists and its key does not: a new key would make the data unreadable for ever.
    #[error("key missing")]
    Missing,
    /// The stored key is not 32 bytes.
    #[error("key damaged")]
    Damaged,
    /// Storage failed.
    #[error("key not readable: {0}")]
    Io(#[from] std::io::Error),
    /// The system has no randomness to give.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// Keeps one key.
pub trait KeyStore: Send + Sync {
    /// The key, when there is one.
    ///
    /// # Errors
    /// [`KeyError`] when it exists and cannot be read.
    fn load(&self) -> Result<Option<MasterKey>, KeyError>;

    /// Keeps a new key durably before it returns.
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be kept.
    fn keep(&self, key: &MasterKey) -> Result<(), KeyError>;

    /// The id of this keystore, which no copy of the data brings along; kept as `fresh` where there is none
    /// yet. `None` where a keystore cannot tell itself from another.
    ///
    /// # Errors
    /// [`KeyError`] when it exists and cannot be read, or cannot be kept.
    fn instance(&self, fresh: [u8; 16]) -> Result<Option<[u8; 16]>, KeyError> {
        let _ = fresh;
        Ok(None)
    }
}

/// The key for a folder: the kept one, or a new one where no data exists yet.
///
/// # Errors
/// [`KeyError::Missing`] when data exists without its key.
pub fn key_for(
    store: &dyn KeyStore,
    entropy: &dyn Entropy,
    data_exists: bool,
) -> Result<MasterKey, KeyError> {
    if let Some(key) = store.load()? {
        return Ok(key);
    }
    if data_exists {
        return Err(KeyError::Missing);
    }
    let mut key = Zeroizing::new([0; 32]);
    entropy.fill(key.as_mut_slice())?;
    store.keep(&key)?;
    Ok(key)
}

/// The desktop's keystore: a file with mode 0600.
#[derive(Clone, Debug)]
pub struct FileKeyStore {
    path: PathBuf,
}

impl FileKeyStore {
    /// A key file at this path; nothing is touched yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl KeyStore for FileKeyStore {
    fn load(&self) -> Result<Option<MasterKey>, KeyError> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.into()),
        };
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyError::Damaged)?;
        Ok(Some(Zeroizing::new(key)))
    }

    fn keep(&self, key: &MasterKey) -> Result<(), KeyError> {
        keep_new(&self.path, key.as_slice())
    }

    fn instance(&self, fresh: [u8; 16]) -> Result<Option<[u8; 16]>, KeyError> {
        let mut path = self.path.as_os_str().to_owned();
        path.push(".instance");
        let path = PathBuf::from(path);
        match std::fs::read(&path) {
            Ok(kept) => Ok(Some(
                kept.as_slice().try_into().map_err(|_| KeyError::Damaged)?,
            )),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                keep_new(&path, &fresh)?;
                Ok(Some(fresh))
            }
            Err(e) => Err(e.into()),
        }
    }
}

/// Writes a file that only its owner reads, never over an existing one, and makes it durable.
fn keep_new(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".key-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|e| e.error)?;
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileKeyStore::at(folder.path().join("key"));
        let first = key_for(&store, &SystemEntropy, false).unwrap();
        assert_eq!(first, key_for(&store, &SystemEntropy, true).unwrap());
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(store.keep(&first).is_err(), "a key is never replaced");
    }

    #[test]
    fn data_without_its_key_gets_no_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileKeyStore::at(folder.path().join("key"));
        assert!(matches!(
            key_for(&store, &SystemEntropy, true),
            Err(KeyError::Missing)
        ));
        assert!(!folder.path().join("key").exists());
    }
}
