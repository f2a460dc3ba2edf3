//! push: a signed segment out; verdicts and receipt in, kept in one transaction.

use super::engine::Engine;
use super::{confirm, heal};
use crate::api::ApiError;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::changes::{self, StoredChange};
use crate::store::local::{log, outbox, receipts, verdicts};
use crate::sync::errors::{self, Fault};
use crate::sync::push::{Facts, Sent, judge};
use crate::transport::gzip::gzip;
use ed25519_dalek::SigningKey;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::guard::Guard;
use xunji_protocol::log::{HeadSignature, LogHead};
use xunji_protocol::problem::Code;
use xunji_protocol::segment::write_segment;
use xunji_protocol::steps::push::PushAnswer;
use xunji_protocol::verdict::{Verdict, VerdictRow};

pub(super) async fn act(
    device: &Device,
    engine: &mut Engine,
    log: LogId,
    first: u64,
    count: usize,
) -> Result<(), Fault> {
    let limit = u32::try_from(count).unwrap_or(u32::MAX);
    let (key, stored) = device.local()?.read(|read| -> Result<_, StoreError> {
        let row = log::get(read, log)?.ok_or(StoreError::Value("log"))?;
        Ok((
            SigningKey::from_bytes(&row.seed),
            changes::after(read, log, first.saturating_sub(1), limit)?,
        ))
    })?;
    let sound = match read_sound(log, &stored) {
        Ok(sound) => sound,
        Err(lost) => return heal::declare(device, engine, lost),
    };
    let segment = segment(&key, &sound)?;
    let sent = Sent {
        log,
        changes: sound.iter().map(|c| (c.envelope.seq, c.hash)).collect(),
    };
    let last = sent.changes.last().map_or(0, |(seq, _)| *seq);
    if last <= engine.pushed_to {
        engine.traffic.sent_twice += segment.len() as u64;
    }
    engine.pushed_to = engine.pushed_to.max(last);
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let size = segment.len();
    let answer = engine
        .trip(size, size, transport.push(&token, segment))
        .await?;
    let well = answer.status == 200 && !Guard::Receipt.stands();
    let answer: PushAnswer = match errors::json(answer) {
        Err(_) if well => taken_at_its_word(&sent),
        read => read.inspect_err(|fault| heed(engine, log, fault))?,
    };
    let local = device.local()?;
    let own = |seq| {
        local
            .read(|read| outbox::hash_at(read, log, seq))
            .ok()
            .flatten()
    };
    let facts = judge(&sent, answer, &engine.receipt_keys, own).map_err(|_| Fault::BadReceipt)?;
    if keep(device, log, &facts)? {
        engine.uploads.clear();
        engine.token = None;
    }
    if let Some((_, after)) = &mut engine.resend_after {
        *after = (*after).max(last);
    }
    engine.pull_due = true;
    confirm::run(device)
}

/// What a program believes for which 200 is enough.
fn taken_at_its_word(sent: &Sent) -> PushAnswer {
    let applied = |(seq, hash): &(u64, Digest)| VerdictRow {
        seq: *seq,
        hash: *hash,
        verdict: Verdict::Applied,
        cause: None,
        detail: String::new(),
        flags: Vec::new(),
        effects: Vec::new(),
        closed: None,
    };
    PushAnswer {
        verdicts: sent.changes.iter().map(applied).collect(),
        receipt: None,
        branch: false,
    }
}

/// The server names the seq from which it lacks changes.
fn heed(engine: &mut Engine, log: LogId, fault: &Fault) {
    if let Fault::Told(problem) = fault
        && problem.code == Code::SegmentGap
        && let Some(next) = problem
            .params
            .get("next_seq")
            .and_then(serde_json::Value::as_u64)
    {
        engine.resend_after = Some((log, next.saturating_sub(1)));
    }
}

/// The changes, or all those whose bytes are no longer those that were hashed.
pub(crate) fn read_sound(log: LogId, stored: &[StoredChange]) -> Result<Vec<Change>, Vec<LogHead>> {
    let mut sound = Vec::with_capacity(stored.len());
    let mut lost = Vec::new();
    for row in stored {
        match sound_change(row) {
            Some(change) => sound.push(change),
            None => lost.push(LogHead {
                log,
                seq: row.seq,
                hash: row.hash,
            }),
        }
    }
    if lost.is_empty() {
        Ok(sound)
    } else {
        Err(lost)
    }
}

fn sound_change(row: &StoredChange) -> Option<Change> {
    // The body is held against its digest also when it travels as a file.
    let whole = Change::read(row.envelope.clone(), Some(row.body.clone())).ok()?;
    if whole.hash != row.hash || whole.envelope.seq != row.seq {
        return None;
    }
    match row.as_file {
        true => Change::read(row.envelope.clone(), None).ok(),
        false => Some(whole),
    }
}

/// The changes as push sends them.
pub(crate) fn segment(key: &SigningKey, changes: &[Change]) -> Result<Vec<u8>, Fault> {
    let local = |e: &dyn std::fmt::Display| Fault::Local(e.to_string());
    let last = changes
        .last()
        .ok_or_else(|| Fault::Local("nothing to push".to_owned()))?;
    let head = LogHead {
        log: last.envelope.log,
        seq: last.envelope.seq,
        hash: last.hash,
    };
    let head = HeadSignature::make(key, head).map_err(|e| local(&e))?;
    let bytes = write_segment(changes, head).map_err(|e| local(&e))?;
    gzip(&bytes).map_err(|e| local(&e))
}

/// Keeps the facts; whether another log was opened because of them.
pub(crate) fn keep(device: &Device, log: LogId, facts: &Facts) -> Result<bool, Fault> {
    let opened = device.local()?.write(|write| -> Result<bool, ApiError> {
        for verdict in &facts.verdicts {
            // Sent again, a change gets its first verdict again; a later one may have come meanwhile.
            let known = changes::by_hash(write, verdict.hash)?.is_some_and(|c| c.verdict.is_some());
            if !known {
                verdicts::put(write, verdict)?;
            }
        }
        if let Some(receipt) = &facts.receipt {
            receipts::put_log(write, log, receipt.up_to_seq, &receipt.token, receipt.at)?;
        }
        if facts.branch {
            return heal::forked(device, write, log);
        }
        Ok(false)
    })?;
    Ok(opened)
}
