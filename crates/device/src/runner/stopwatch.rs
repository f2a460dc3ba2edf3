//! The clock that links are measured with: real time, unless a simulation brings its own.

use std::sync::Arc;
use std::time::Instant;

/// Milliseconds since some moment, never going back, moved by no setting of the phone's.
#[derive(Clone)]
pub(super) enum Stopwatch {
    /// Since this process made it.
    Real(Instant),
    /// As a simulation tells.
    Told(Arc<dyn Fn() -> u64 + Send + Sync>),
}

impl Stopwatch {
    /// Milliseconds.
    pub fn ms(&self) -> u64 {
        match self {
            Self::Real(born) => u64::try_from(born.elapsed().as_millis()).unwrap_or(u64::MAX),
            Self::Told(tell) => tell(),
        }
    }
}

impl Default for Stopwatch {
    fn default() -> Self {
        Self::Real(Instant::now())
    }
}
