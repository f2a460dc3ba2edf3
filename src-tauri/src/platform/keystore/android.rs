//! Android: an AES key in AndroidKeyStore seals what lies in the app's preferences.

use std::collections::HashMap;
use xunji_device::keystore::RingKeyStore;

/// The entries of a service.
///
/// # Errors
/// What Android says when it gives no keystore.
pub fn ring(service: &str) -> Result<RingKeyStore, String> {
    let store = android_native_keyring_store::Store::new().map_err(|e| e.to_string())?;
    Ok(RingKeyStore::new(store, service, HashMap::new()))
}
