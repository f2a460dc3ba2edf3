//! The search index of the register in memory: reading it for every key typed would take longer than typing.

use crate::Device;
use crate::api::ApiError;
use crate::store::mirror::operators::{OperatorKey, keys};
use std::sync::{Arc, Mutex, PoisonError};

/// Lives in the open device.
#[derive(Default)]
pub struct Index {
    kept: Mutex<Option<(u64, Arc<Vec<OperatorKey>>)>>,
}

/// The index as the mirror has it, by name; read again once the mirror was written.
///
/// # Errors
/// Those of the mirror.
pub(super) fn of_mirror(device: &Device) -> Result<Arc<Vec<OperatorKey>>, ApiError> {
    let mut kept = device
        .index
        .kept
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    // Asked before reading: a write in between makes the copy stale at once instead of for ever.
    let writes = device.mirror().writes();
    if let Some((at, index)) = kept.as_ref()
        && *at == writes
    {
        return Ok(Arc::clone(index));
    }
    let index = Arc::new(device.mirror().read(keys)?);
    *kept = Some((writes, Arc::clone(&index)));
    Ok(index)
}
