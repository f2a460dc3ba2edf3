//! A phone whose app had its key in a file before it used the keystore: the key moves, and is never in neither. The
//! file stays until the keystore has given the key back; as long as it is there, it is what the data were sealed with.

use super::{FileKeyStore, KeyError, KeyStore, MasterKey, RingKeyStore};

/// The phone's keystore, with the file that was before it.
#[derive(Clone)]
pub struct MovingKeyStore {
    /// Why the system gives none, where it does not.
    ring: Result<RingKeyStore, String>,
    file: FileKeyStore,
}

impl MovingKeyStore {
    /// What lies in the file moves into the keystore the next time it is asked for. A system that gives no keystore
    /// leaves the file what it was, and takes nothing for lost that may lie in the keystore.
    pub fn new(ring: Result<RingKeyStore, String>, file: FileKeyStore) -> Self {
        Self { ring, file }
    }

    fn ring(&self) -> Result<&RingKeyStore, KeyError> {
        self.ring
            .as_ref()
            .map_err(|said| KeyError::Store(said.clone()))
    }

    /// Whether the keystore has what the file has.
    fn moved(&self, key: &MasterKey) -> Result<bool, KeyError> {
        match self.ring()?.load()? {
            None => {
                self.ring()?.keep(key)?;
                Ok(true)
            }
            Some(kept) => Ok(kept == *key),
        }
    }
}

impl KeyStore for MovingKeyStore {
    fn load(&self) -> Result<Option<MasterKey>, KeyError> {
        let Some(key) = self.file.load()? else {
            return self.ring()?.load();
        };
        match self.moved(&key) {
            Ok(true) => {
                if let Err(error) = self.file.forget_key() {
                    tracing::warn!(%error, "the key is in the keystore; its file stays");
                }
            }
            Ok(false) => tracing::warn!("the keystore holds another key; that of the file is used"),
            Err(error) => tracing::warn!(%error, "the key stays in its file"),
        }
        Ok(Some(key))
    }

    /// A keystore that takes nothing is no reason to turn a person away at the door: the key is kept as before
    /// there were keystores, and moves when it can.
    fn keep(&self, key: &MasterKey) -> Result<(), KeyError> {
        let taken = self.ring().and_then(|ring| ring.keep(key));
        taken.or_else(|error| {
            tracing::warn!(%error, "the keystore did not take the key; it lies in a file");
            self.file.keep(key)
        })
    }

    fn replace(&self, key: &MasterKey) -> Result<(), KeyError> {
        let taken = self.ring().and_then(|ring| ring.replace(key));
        // What lies in the file comes before what lies in the keystore.
        if taken.is_ok() && matches!(self.file.load(), Ok(None)) {
            return Ok(());
        }
        self.file.replace(key)
    }

    fn instance(&self, fresh: [u8; 16]) -> Result<Option<[u8; 16]>, KeyError> {
        let Some(kept) = self.file.kept_instance()? else {
            return match self.ring().and_then(|ring| ring.instance(fresh)) {
                // The key is here although the keystore is not: it cannot tell itself from another.
                Err(_) if self.file.load()?.is_some() => Ok(None),
                other => other,
            };
        };
        let moved = self.ring().and_then(|ring| match ring.kept_instance()? {
            Some(there) => Ok(there == kept),
            None => ring.renew_instance(kept).map(|()| true),
        });
        if moved.is_ok_and(|moved| moved)
            && let Err(error) = self.file.forget_instance()
        {
            tracing::warn!(%error, "the keystore's id stays in its file");
        }
        Ok(Some(kept))
    }

    fn renew_instance(&self, fresh: [u8; 16]) -> Result<(), KeyError> {
        let renewed = self.ring().and_then(|ring| ring.renew_instance(fresh));
        if renewed.is_ok() && self.file.kept_instance()?.is_none() {
            return Ok(());
        }
        self.file.renew_instance(fresh)
    }
}
