//! A desktop: a file that only its owner reads.

use std::path::Path;
use std::sync::Arc;
use xunji_device::keystore::{FileKeyStore, KeyStore};

/// The file.
pub fn of(file: &Path) -> Arc<dyn KeyStore> {
    Arc::new(FileKeyStore::at(file))
}
