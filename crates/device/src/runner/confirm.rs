//! Which own changes the mirror has passed. `local.db` and `mirror.db` are never in one transaction: a
//! kill between the two leaves only a flag behind, which is computed again.

use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::verdicts;
use crate::store::mirror::{cursor, records};
use crate::sync::errors::Fault;
use crate::sync::pull::confirmed;
use xunji_protocol::state::VERDICT;
use xunji_protocol::verdict::VerdictRow;

/// Marks what is confirmed now.
pub(super) fn run(device: &Device) -> Result<(), Fault> {
    let open = device.local()?.read(verdicts::unconfirmed)?;
    if open.is_empty() {
        return Ok(());
    }
    let done = confirmed(&open, &device.mirror().read(cursor::passed)?);
    if done.is_empty() {
        return Ok(());
    }
    device.local()?.write(|write| {
        done.into_iter()
            .try_for_each(|hash| verdicts::confirm(write, hash))
    })?;
    Ok(())
}

/// Keeps later words on own changes.
pub(super) fn later(device: &Device, rows: &[VerdictRow]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    device.local()?.write(|write| -> Result<(), StoreError> {
        for row in rows {
            verdicts::put(write, row)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Makes up for a kill between the mirror's transaction and [`later`].
pub(super) fn catch_up(device: &Device) -> Result<(), Fault> {
    let rows: Vec<VerdictRow> = device.mirror().read(|read| records::all(read, VERDICT))?;
    later(device, &rows)?;
    run(device)
}
