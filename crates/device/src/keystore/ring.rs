//! A phone's own keystore, through keyring-core: which store it is, Android's or Apple's, the shell says. Only the
//! answer "there is no such entry" means that there is no key; any other error may be gone the next time.

use super::{KeyError, KeyStore, MasterKey};
use keyring_core::{CredentialStore, Entry, Error};
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Entry of the key.
const KEY: &str = "master-key";
/// Entry of the keystore's id.
const INSTANCE: &str = "instance";

/// Keeps key and id as two entries of a service.
#[derive(Clone)]
pub struct RingKeyStore {
    store: Arc<CredentialStore>,
    service: String,
    modifiers: HashMap<&'static str, &'static str>,
}

impl RingKeyStore {
    /// The entries of `service`; `modifiers` is what the store wants to be told of each.
    pub fn new(
        store: Arc<CredentialStore>,
        service: &str,
        modifiers: HashMap<&'static str, &'static str>,
    ) -> Self {
        Self {
            store,
            service: service.to_owned(),
            modifiers,
        }
    }

    fn entry(&self, name: &str) -> Result<Entry, KeyError> {
        let modifiers = (!self.modifiers.is_empty()).then_some(&self.modifiers);
        self.store
            .build(&self.service, name, modifiers)
            .map_err(said)
    }

    fn get<const N: usize>(&self, name: &str) -> Result<Option<Zeroizing<[u8; N]>>, KeyError> {
        let bytes = match self.entry(name)?.get_secret() {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(said(error)),
        };
        let bytes: [u8; N] = bytes.as_slice().try_into().map_err(|_| KeyError::Damaged)?;
        Ok(Some(Zeroizing::new(bytes)))
    }

    /// Nothing counts as kept that was not read back.
    fn put<const N: usize>(&self, name: &str, bytes: &[u8; N]) -> Result<(), KeyError> {
        self.entry(name)?.set_secret(bytes).map_err(said)?;
        match self.get::<N>(name)? {
            Some(kept) if *kept == *bytes => Ok(()),
            _ => Err(KeyError::Store("what was kept reads differently".into())),
        }
    }

    /// The id, where there is one.
    pub(super) fn kept_instance(&self) -> Result<Option<[u8; 16]>, KeyError> {
        Ok(self.get(INSTANCE)?.map(|kept| *kept))
    }
}

impl KeyStore for RingKeyStore {
    fn load(&self) -> Result<Option<MasterKey>, KeyError> {
        self.get(KEY)
    }

    fn keep(&self, key: &MasterKey) -> Result<(), KeyError> {
        if self.get::<32>(KEY)?.is_some() {
            return Err(KeyError::Store("a key is never replaced".into()));
        }
        self.put(KEY, key)
    }

    fn replace(&self, key: &MasterKey) -> Result<(), KeyError> {
        if let Some(other) = self.get::<32>(KEY)?
            && other != *key
        {
            let name = format!("{KEY}-{}", hex::encode(name_of(&other)));
            self.put(&name, &other)?;
        }
        self.put(KEY, key)
    }

    fn instance(&self, fresh: [u8; 16]) -> Result<Option<[u8; 16]>, KeyError> {
        if let Some(kept) = self.kept_instance()? {
            return Ok(Some(kept));
        }
        self.put(INSTANCE, &fresh)?;
        Ok(Some(fresh))
    }

    fn renew_instance(&self, fresh: [u8; 16]) -> Result<(), KeyError> {
        self.put(INSTANCE, &fresh)
    }
}

/// Tells one key from another and says nothing of it.
fn name_of(key: &MasterKey) -> [u8; 4] {
    let [a, b, c, d, ..] = xunji_protocol::escrow::check(key).0;
    [a, b, c, d]
}

/// What the keystore said. It names services and entries, never what is in them.
fn said(error: Error) -> KeyError {
    KeyError::Store(error.to_string())
}
