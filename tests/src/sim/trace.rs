//! What happened in a world, as one hash: two plays of a seed are the same play when it is the same.

use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The hash of everything that was noted in a world, as far as it has come.
#[derive(Clone, Default)]
pub struct Trace(Arc<Mutex<Sha256>>);

impl Trace {
    /// Adds a line.
    pub(super) fn note(&self, line: &str) {
        self.hash().update(line);
    }

    /// What it is now.
    pub fn now(&self) -> String {
        hex::encode(self.hash().clone().finalize())
    }

    fn hash(&self) -> MutexGuard<'_, Sha256> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
