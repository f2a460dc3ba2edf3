//! Another log, where the open one cannot go on: its line was continued elsewhere, or a change in it can no
//! longer be read. The old one is kept and handed in to its end.

use super::acting;
use super::append::{Said, append};
use crate::Device;
use crate::api::ApiError;
use crate::device::OpenError;
use crate::keystore::{KeyError, KeyStore};
use crate::store::local::{Write, device_row, files, log, lost, settings};
use xunji_domain::ids::{LogId, PersonId};
use xunji_protocol::guard::Guard;
use xunji_protocol::kinds::{LOG_OPENED, LogOpened, OpenedBecause};
use xunji_protocol::log::LogHead;
use zeroize::Zeroizing;

/// Letters of a code that was made without the server: none that is taken for a digit.
const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Opens a log with a key of its own, whose first change names the one before, why it could not go on, and
/// what was lost of it. The code in record numbers gets two random letters: it is final also offline.
///
/// # Errors
/// `not_enrolled` without a log; those of the file.
pub(crate) fn open(
    device: &Device,
    write: &Write<'_>,
    reason: OpenedBecause,
    lost: Vec<LogHead>,
) -> Result<LogId, ApiError> {
    let before = log::open(write)?.ok_or_else(ApiError::not_enrolled)?;
    let id = LogId(device.new_id()?);
    let mut seed = Zeroizing::new([0; 32]);
    device.entropy.fill(seed.as_mut_slice())?;
    log::start(write, id, &seed)?;
    log::set_short_code(write, id, &code_after(device, &before.short_code)?)?;
    log::set_because(write, id, reason)?;
    files::forget_uploads(write)?;
    let opened = LogOpened {
        before: before.head,
        reason,
        lost,
    };
    let change = append(
        device,
        write,
        Said {
            kind: LOG_OPENED,
            author: nobody(write)?,
            at: acting::reading(device, write)?,
            records: vec![before.head.log.0],
            body: &opened,
        },
    )?;
    lost::put(write, &opened.lost, change.hash)?;
    tracing::warn!(?reason, lost = opened.lost.len(), "another log was opened");
    Ok(id)
}

/// Setting under which the keystore's id is kept.
const INSTANCE: &str = "keystore";

/// Data that lies under another keystore than the one it was made under was copied or restored: another log,
/// before the first write, also without a server.
///
/// # Errors
/// The keystore's and the file's.
pub(crate) fn where_copied(device: &Device, keys: &dyn KeyStore) -> Result<(), OpenError> {
    let mut fresh = [0; 16];
    device.entropy.fill(&mut fresh).map_err(KeyError::from)?;
    let Some(instance) = keys.instance(fresh)? else {
        return Ok(());
    };
    let instance = hex::encode(instance);
    let copied = |error: ApiError| OpenError::Copied(Box::new(error));
    device
        .local()
        .map_err(copied)?
        .write(|write| -> Result<(), ApiError> {
            let kept = settings::get(write, INSTANCE)?;
            if kept.as_ref() == Some(&instance) {
                return Ok(());
            }
            settings::set(write, INSTANCE, &instance)?;
            if kept.is_some() && log::open(write)?.is_some() && Guard::NewLog.stands() {
                open(device, write, OpenedBecause::Copied, Vec::new())?;
            }
            Ok(())
        })
        .map_err(copied)
}

/// No person says it: the author is the phone itself.
fn nobody(write: &Write<'_>) -> Result<PersonId, ApiError> {
    let row = device_row::get(write)?.ok_or_else(ApiError::not_enrolled)?;
    Ok(PersonId(row.device.0))
}

/// The code before without the letters it got this way, and two others.
fn code_after(device: &Device, before: &str) -> Result<String, ApiError> {
    let mut random = [0; 2];
    device.entropy.fill(&mut random)?;
    let given = if before.len() >= 4 {
        before.get(..before.len() - 2).unwrap_or(before)
    } else {
        before
    };
    let letters = random.iter().map(|byte| {
        let letter = LETTERS.get(usize::from(*byte) % LETTERS.len());
        char::from(letter.copied().unwrap_or(b'A'))
    });
    Ok(given.chars().chain(letters).collect())
}
