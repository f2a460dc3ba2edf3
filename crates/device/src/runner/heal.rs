//! What a hello says of this phone's logs, acted on in one transaction: a restored server is offered again
//! what it lacks, a line that was continued elsewhere is closed and another log opened.

use super::engine::Engine;
use crate::api::ApiError;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::{
    Read, Write, device_row, files, lapse, left, log, lost, outbox, receipts, verdicts,
};
use crate::store::mirror::cursor;
use crate::sync::errors::Fault;
use crate::sync::heads::{OwnLog, Standing, compare, may_have_lapsed};
use crate::usecases::new_log;
use ed25519_dalek::SigningKey;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::FeedHeads;
use xunji_protocol::guard::Guard;
use xunji_protocol::keys::{SignedStatement, public_key};
use xunji_protocol::kinds::OpenedBecause;
use xunji_protocol::log::LogHead;
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::hello::{HelloAnswer, Shown, ShownLog, ToldLog};

/// Places that one declaration names: its body stays far below the limit.
const DECLARED_AT_ONCE: usize = 2_000;

/// What this phone was given and holds.
///
/// # Errors
/// Those of the file.
pub(super) fn shown(read: &Read<'_>) -> Result<Shown, StoreError> {
    let enrolled = device_row::get(read)?.and_then(|row| row.enrolled);
    let logs = log::all(read)?
        .into_iter()
        .map(|row| {
            let seq = receipts::log_up_to(read, row.head.log)?;
            Ok(ShownLog {
                head: row.head,
                receipted: LogHead {
                    log: row.head.log,
                    seq,
                    hash: outbox::hash_at(read, row.head.log, seq)?.unwrap_or(Digest::ZERO),
                },
                key: public_key(&SigningKey::from_bytes(&row.seed)),
                short_code: row.short_code,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Shown {
        certificate: enrolled.map(|answer| answer.certificate),
        logs,
        heads: lapse::heads(read)?,
        receipt: receipts::newest(read)?,
    })
}

/// Acts on what was told. The token that came with it is of no use once another log was opened: the server
/// has not seen that one yet.
///
/// # Errors
/// Those of the file.
pub(super) fn act(device: &Device, engine: &mut Engine, told: &HelloAnswer) -> Result<(), Fault> {
    let done = device
        .local()?
        .write(|write| heal(device, engine, told, write))?;
    if done.begins_anew {
        engine.uploads.clear();
    }
    if done.new_log {
        engine.token = None;
    }
    Ok(())
}

#[derive(Default)]
struct Done {
    begins_anew: bool,
    new_log: bool,
}

fn heal(
    device: &Device,
    engine: &Engine,
    told: &HelloAnswer,
    write: &Write<'_>,
) -> Result<Done, ApiError> {
    let mut done = Done::default();
    let mut because = None;
    let mut gone = Vec::new();
    for log in &told.logs {
        let Some(standing) = standing(write, log)? else {
            continue;
        };
        if let Some(after) = standing.lacks_after
            && Guard::Lapse.stands()
        {
            let waiting = lapse::log_after(write, log.head.log, after, told.server_time)?;
            tracing::warn!(after, waiting, "the server lacks what it had receipted");
            done.begins_anew = true;
        }
        because = because.or(standing.new_log);
        if standing.new_log.is_some() {
            log::mark_branched(write, log.head.log)?;
        }
        if let Some(after) = standing.lacks_after {
            gone.extend(left::places_after(write, log.head.log, after)?);
        }
    }
    for places in gone.chunks(DECLARED_AT_ONCE) {
        tracing::warn!(
            places = places.len(),
            "the server lacks what has left this phone"
        );
        new_log::open(
            device,
            write,
            OpenedBecause::ServerRestored,
            places.to_vec(),
        )?;
        (done.new_log, done.begins_anew) = (true, true);
    }
    if told.epoch > lapse::epoch(write)? {
        done.begins_anew |= new_epoch(engine, told, write)?;
    }
    for wanted in told.wanted.iter().filter_map(|hex| Digest::from_hex(hex)) {
        lapse::file(write, wanted, told.server_time)?;
    }
    if let Some(because) = because
        && Guard::NewLog.stands()
    {
        new_log::open(device, write, because, Vec::new())?;
        (done.new_log, done.begins_anew) = (true, true);
    }
    Ok(done)
}

/// What the server says of one log beside what this phone has of it; `None` for one it does not have.
fn standing(write: &Write<'_>, told: &ToldLog) -> Result<Option<Standing>, StoreError> {
    let log = told.head.log;
    let Some(row) = log::get(write, log)? else {
        return Ok(None);
    };
    if !told.short_code.is_empty() && told.short_code != row.short_code {
        log::set_short_code(write, log, &told.short_code)?;
    }
    let own = OwnLog {
        head: row.head,
        at_told: outbox::hash_at(write, log, told.head.seq)?,
        open: row.open,
    };
    Ok(Some(compare(&own, told)))
}

/// Another epoch: receipts of files that may stand for something lost lapse, and nothing counts as seen by
/// the mirror until it was read again. Returns whether an earlier epoch was known.
fn new_epoch(engine: &Engine, told: &HelloAnswer, write: &Write<'_>) -> Result<bool, StoreError> {
    let known = lapse::epoch(write)?;
    lapse::set_epoch(write, told.epoch)?;
    if known == 0 || !Guard::Lapse.stands() {
        return Ok(false);
    }
    for (sha256, token, at) in lapse::file_receipts(write)? {
        let made_in = match token.open(&engine.receipt_keys, RECEIPT_CONTEXT) {
            Ok(Receipt::File { epoch, .. }) => epoch,
            _ => 0,
        };
        if may_have_lapsed(made_in, at, &told.epochs) {
            lapse::file(write, sha256, told.server_time)?;
        }
    }
    files::offer_erased(write)?;
    verdicts::unconfirm_all(write)?;
    Ok(true)
}

/// A change that was to be sent no longer matches its hash: with everything else of its log that does not
/// it is declared lost in another log, and what follows goes on.
///
/// # Errors
/// Those of the file.
pub(super) fn declare(
    device: &Device,
    engine: &mut Engine,
    mut lost: Vec<LogHead>,
) -> Result<(), Fault> {
    if !Guard::Declare.stands() {
        return Err(Fault::Local("damaged".to_owned()));
    }
    device.local()?.write(|write| -> Result<(), ApiError> {
        // The declaration of earlier ones may be what was lost now.
        lost.extend(lost::undeclared(write)?);
        new_log::open(device, write, OpenedBecause::Damaged, lost)?;
        Ok(())
    })?;
    engine.uploads.clear();
    engine.token = None;
    Ok(())
}

/// The server answered that this line stands beside another one.
///
/// # Errors
/// Those of the file.
pub(super) fn forked(device: &Device, write: &Write<'_>, log: LogId) -> Result<bool, ApiError> {
    log::mark_branched(write, log)?;
    let is_open = log::open(write)?.is_some_and(|open| open.head.log == log);
    if !is_open || !Guard::NewLog.stands() {
        return Ok(false);
    }
    new_log::open(device, write, OpenedBecause::Fork, Vec::new())?;
    Ok(true)
}

/// The server no longer has the history that the mirror was read from. Own changes replay until it has been
/// read again: what a person saw does not flicker.
///
/// # Errors
/// Those of the files.
pub(super) fn begin_mirror_anew(device: &Device, engine: &mut Engine) -> Result<(), Fault> {
    tracing::warn!("the server has another history than the one that was read: it is read again");
    device.local()?.write(verdicts::unconfirm_all)?;
    device.mirror().write(cursor::begin_anew)?;
    engine.pull_due = true;
    // What else the server has lost it says in the next hello.
    engine.token = None;
    Ok(())
}

/// Keeps what the server signed of its own history, when it did.
///
/// # Errors
/// Those of the file.
pub(super) fn keep_heads(
    device: &Device,
    engine: &Engine,
    heads: Option<SignedStatement>,
) -> Result<(), Fault> {
    let signed = heads.filter(|token| FeedHeads::open(token, &engine.receipt_keys).is_some());
    if let Some(token) = signed {
        device
            .local()?
            .write(|write| lapse::set_heads(write, &token))?;
    }
    Ok(())
}
