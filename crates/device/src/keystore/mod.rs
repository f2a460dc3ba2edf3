//! Where the 32-byte key of the phone's files lives. A phone's keystore on a phone; on a desktop a file
//! that only its owner reads. A key is made once and never again while data sealed with it exists.

mod check;
mod file;
mod moving;
mod ring;
#[cfg(test)]
mod tests;

pub use check::{fits, keep as keep_check};
pub use file::FileKeyStore;
pub use moving::MovingKeyStore;
pub use ring::RingKeyStore;

use crate::clock::{Entropy, EntropyError};
use zeroize::Zeroizing;

/// The key of the databases and, by derivation, of the photo files.
pub type MasterKey = Zeroizing<[u8; 32]>;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Data exists and its key does not: a new key would make the data unreadable for ever.
    #[error("key missing")]
    Missing,
    /// A key is there, and it is not the one of the data.
    #[error("key of other data")]
    Foreign,
    /// The stored key is not 32 bytes.
    #[error("key damaged")]
    Damaged,
    /// The system's keystore answered with an error. It may answer another time.
    #[error("keystore: {0}")]
    Store(String),
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

    /// Keeps this key in place of one that opens nothing here. The other one is put aside, never destroyed.
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be kept.
    fn replace(&self, key: &MasterKey) -> Result<(), KeyError>;

    /// The id of this keystore, which no copy of the data brings along; kept as `fresh` where there is none
    /// yet. `None` where a keystore cannot tell itself from another.
    ///
    /// # Errors
    /// [`KeyError`] when it exists and cannot be read, or cannot be kept.
    fn instance(&self, fresh: [u8; 16]) -> Result<Option<[u8; 16]>, KeyError> {
        let _ = fresh;
        Ok(None)
    }

    /// Gives this keystore another id: what was made under the old one lies under another keystore now.
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be kept.
    fn renew_instance(&self, fresh: [u8; 16]) -> Result<(), KeyError> {
        let _ = fresh;
        Ok(())
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
    match store.load() {
        Ok(Some(key)) => return Ok(key),
        Ok(None) if data_exists => return Err(KeyError::Missing),
        Ok(None) => {}
        // Nothing here needs whatever it holds; whoever begins is not turned away for it.
        Err(KeyError::Store(said)) if !data_exists => {
            tracing::warn!(said, "the keystore did not answer; a first key is made");
        }
        Err(error) => return Err(error),
    }
    let mut key = Zeroizing::new([0; 32]);
    entropy.fill(key.as_mut_slice())?;
    store.keep(&key)?;
    Ok(key)
}
