//! The key of this phone's files in the bureau's hands: sealed once, brought with every hello until the server says
//! that it holds it. What was sealed also lies beside the data, readable by the bureau alone, so that a phone that
//! lost its key still knows who it is.

use super::hello::open_list;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::device_row::DeviceRow;
use crate::store::local::escrow;
use crate::sync::errors::Fault;
use std::io::Write as _;
use std::path::Path;
use xunji_domain::ids::DeviceId;
use xunji_protocol::digest::Digest;
use xunji_protocol::escrow::Escrow;
use xunji_protocol::keys::PublicKey;
use zeroize::Zeroizing;

/// The sealed key beside the data.
const FILE: &str = "escrow.json";

/// What the next hello brings; nothing where the server holds it, or lists no key to seal to.
///
/// # Errors
/// Those of the file; no randomness.
pub(super) fn to_bring(device: &Device, row: &DeviceRow) -> Result<Option<Escrow>, Fault> {
    let enrolled = row.enrolled.as_ref();
    let list = enrolled.and_then(|answer| open_list(&answer.keys, &answer.root).ok());
    let keys = list.map(|list| list.bundles).unwrap_or_default();
    if keys.is_empty() {
        return Ok(None);
    }
    let (kept, held) = device.local()?.read(|read| -> Result<_, StoreError> {
        Ok((escrow::sealed(read)?, escrow::held(read)?))
    })?;
    let sealed = match kept {
        Some(kept) if kept.device == row.device && kept.is_sealed_to(&keys) => kept,
        _ => seal(device, row.device, &keys)?,
    };
    lay_beside(device.folder(), &sealed);
    Ok((held != Some(name(&sealed)?)).then_some(sealed))
}

/// Notes whether the server holds it: a server that was put back may lack it again.
///
/// # Errors
/// Those of the file.
pub(super) fn told(device: &Device, held: &[Digest]) -> Result<(), Fault> {
    device.local()?.write(|write| -> Result<(), Fault> {
        let Some(sealed) = escrow::sealed(write)? else {
            return Ok(());
        };
        let own = Some(name(&sealed)?).filter(|own| held.contains(own));
        if escrow::held(write)? != own {
            escrow::put_held(write, own)?;
        }
        Ok(())
    })
}

/// Who the data in a folder belong to, as far as can be told without their key.
pub(crate) fn owner(folder: &Path) -> Option<DeviceId> {
    let text = std::fs::read(folder.join(FILE)).ok()?;
    let sealed: Escrow = serde_json::from_slice(&text).ok()?;
    Some(sealed.device)
}

fn seal(device: &Device, of: DeviceId, keys: &[PublicKey]) -> Result<Escrow, Fault> {
    let mut seeds = vec![Zeroizing::new([0; 32]); keys.len()];
    for seed in &mut seeds {
        let filled = device.entropy.fill(seed.as_mut_slice());
        filled.map_err(|_| Fault::Local("no_randomness".to_owned()))?;
    }
    let sealed =
        Escrow::seal(device.key(), of, keys, &seeds).map_err(|e| Fault::Local(e.to_string()))?;
    device
        .local()?
        .write(|write| escrow::put_sealed(write, &sealed))?;
    Ok(sealed)
}

fn name(sealed: &Escrow) -> Result<Digest, Fault> {
    sealed.digest().map_err(|e| Fault::Local(e.to_string()))
}

/// Only a help for people: what cannot be written now is written with the next hello.
fn lay_beside(folder: &Path, sealed: &Escrow) {
    if owner(folder) == Some(sealed.device) {
        return;
    }
    let written = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(".escrow-")
            .tempfile_in(folder)?;
        file.write_all(&serde_json::to_vec(sealed)?)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(FILE)).map_err(|e| e.error)?;
        Ok(())
    };
    if let Err(error) = written() {
        tracing::warn!(%error, "the sealed key does not lie beside the data yet");
    }
}
