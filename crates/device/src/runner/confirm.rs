//! Which own changes the mirror has passed. `local.db` and `mirror.db` are never in one transaction: a
//! kill between the two leaves only a flag behind, which is computed again.

use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::{Local, verdicts};
use crate::store::mirror::{Mirror, cursor, records};
use crate::sync::errors::Fault;
use crate::sync::pull::confirmed;
use xunji_protocol::guard::Guard;
use xunji_protocol::state::VERDICT;
use xunji_protocol::verdict::VerdictRow;

/// Marks what is confirmed now.
pub(crate) fn run(device: &Device) -> Result<(), Fault> {
    let open = device.local()?.read(verdicts::unconfirmed)?;
    if open.is_empty() {
        return Ok(());
    }
    let passed = device.mirror().read(cursor::passed)?;
    let done = confirmed(&open, &passed);
    if done.is_empty() {
        return Ok(());
    }
    device.local()?.write(|write| {
        verdicts::keep_passed(write, &passed)?;
        done.into_iter()
            .try_for_each(|hash| verdicts::confirm(write, hash))
    })?;
    Ok(())
}

/// Whether the mirror stands before what was confirmed against it: it is written without waiting for
/// the disk, so a power cut may take it back, and a damaged one was begun anew.
pub(crate) fn mirror_went_back(local: &Local, mirror: &Mirror) -> Result<bool, StoreError> {
    if !Guard::MirrorBack.stands() {
        return Ok(false);
    }
    let kept = local.read(verdicts::kept_passed)?;
    let passed = mirror.read(cursor::passed)?;
    Ok(kept
        .iter()
        .any(|(feed, pos)| passed.get(feed).is_none_or(|now| now < pos)))
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
    if !Guard::CatchUp.stands() {
        return Ok(());
    }
    let rows: Vec<VerdictRow> = device.mirror().read(|read| records::all(read, VERDICT))?;
    later(device, &rows)?;
    run(device)
}
