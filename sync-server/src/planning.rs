//! Who plans beside whom. Plans are made without a lock and refused when they are stale; under many
//! writers of one record somebody would be refused again and again, so that one plans alone.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Rounds beside others. Who loses every round by chance alone beside seven others loses 64 of them
/// about once in 5,000 commits, which a full table of 100,000 commits does see.
const TOGETHER: usize = 4;

/// One for each serving process. Another process that writes the same store can still make a plan
/// stale; that is what the rounds after the first lonely one are for.
#[derive(Debug, Default)]
pub struct Planning(RwLock<()>);

/// Held from load to commit. It must be dropped before anything else is planned.
pub struct Turn<'a> {
    _together: Option<RwLockReadGuard<'a, ()>>,
    _alone: Option<RwLockWriteGuard<'a, ()>>,
}

impl Planning {
    /// The turn for one round, counted from 0: beside others at first, then alone.
    pub fn turn(&self, round: usize) -> Turn<'_> {
        let alone = round >= TOGETHER;
        Turn {
            _together: (!alone).then(|| self.0.read().unwrap_or_else(PoisonError::into_inner)),
            _alone: alone.then(|| self.0.write().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}
