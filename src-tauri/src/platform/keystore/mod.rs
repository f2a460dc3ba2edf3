//! Where the key of the phone's files lives: in the keystore of a phone, on a desktop in a file of its owner's.

#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(target_os = "ios", path = "ios.rs")]
#[cfg_attr(
    not(any(target_os = "android", target_os = "ios")),
    path = "desktop.rs"
)]
mod system;

use std::path::Path;
use std::sync::Arc;
use xunji_device::keystore::KeyStore;
#[cfg(mobile)]
use xunji_device::keystore::{FileKeyStore, MovingKeyStore};

/// File of the key, on a desktop and on a phone from before it used its keystore.
const FILE: &str = "key";
/// Under which name the entries of the keystore stand.
#[cfg(mobile)]
const SERVICE: &str = "cn.xunji.field";

/// The keystore for a folder.
#[cfg(desktop)]
pub fn of(folder: &Path) -> Arc<dyn KeyStore> {
    system::of(&folder.join(FILE))
}

/// The keystore for a folder. Where the system has none to give, the key stays in its file, as before.
#[cfg(mobile)]
pub fn of(folder: &Path) -> Arc<dyn KeyStore> {
    let file = FileKeyStore::at(folder.join(FILE));
    Arc::new(MovingKeyStore::new(system::ring(SERVICE), file))
}
