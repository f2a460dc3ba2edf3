//! iOS: the protected data store, readable after the first unlock since the start, by this phone alone: what a backup
//! brings to another phone is no key.

use std::collections::HashMap;
use xunji_device::keystore::RingKeyStore;

/// The entries of a service.
///
/// # Errors
/// What iOS says when it gives no keystore.
pub fn ring(service: &str) -> Result<RingKeyStore, String> {
    let store = apple_native_keyring_store::protected::Store::new().map_err(|e| e.to_string())?;
    let policy = HashMap::from([("access-policy", "after-first-unlock-this-device-only")]);
    Ok(RingKeyStore::new(store, service, policy))
}
