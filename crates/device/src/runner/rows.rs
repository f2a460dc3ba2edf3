//! Reads the rows the plan is made from.

use super::engine::Engine;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::device_row::DeviceRow;
use crate::store::local::files::FileRow;
use crate::store::local::{Read, device_row, files, lost, outbox};
use crate::sync::errors::Fault;
use crate::sync::plan::{LogRows, QueuedFile, SyncRows, UnsentChange, UploadAt};
use xunji_domain::ids::LogId;
use xunji_protocol::guard::Guard;
use xunji_protocol::limits::MAX_SEGMENT_CHANGES;

/// Everything the next step depends on, in one read transaction.
pub(super) fn load(device: &Device, engine: &Engine) -> Result<SyncRows, Fault> {
    let now = engine.now_ms();
    let rows = device
        .local()?
        .read(|read| -> Result<SyncRows, StoreError> {
            let enrolled = device_row::get(read)?.is_some_and(|row| row.enrolled.is_some());
            Ok(SyncRows {
                enrolled,
                logs: logs(read, engine)?,
                files: files::to_send(read)?
                    .iter()
                    .map(|row| queued(row, engine, now))
                    .collect(),
                underived: outbox::underived(read)?,
                ..SyncRows::default()
            })
        })?;
    Ok(SyncRows {
        token_valid: engine.token.as_ref().is_some_and(|t| t.until_ms > now),
        pull_due: engine.pull_due,
        compare_due: engine.comparing.is_due(now),
        draft_due: engine.copying.due(now),
        offers_due: engine.copying.offers_due(now),
        metered: device.sync.metered(),
        slow: engine.link.is_slow(now),
        originals_now: device.sync.originals_now(),
        ..rows
    })
}

/// Who this phone is, once it has a certificate.
pub(super) fn enrolled(device: &Device) -> Result<DeviceRow, Fault> {
    let row = device.local()?.read(device_row::get)?;
    row.filter(|row| row.enrolled.is_some())
        .ok_or_else(|| Fault::Local("not_enrolled".to_owned()))
}

/// Where the server is.
pub(super) fn server_url(device: &Device) -> Result<String, Fault> {
    let row = device.local()?.read(device_row::get)?;
    row.map(|row| row.server_url)
        .ok_or_else(|| Fault::Local("not_enrolled".to_owned()))
}

/// Logs with something to send, oldest first. What follows a lost change is not taken before the
/// declaration, which is the first change of the open log.
fn logs(read: &Read<'_>, engine: &Engine) -> Result<Vec<LogRows>, StoreError> {
    let mut found = Vec::new();
    for log in outbox::logs(read)? {
        let unsent = waiting(read, engine, log)?;
        if unsent.is_empty() {
            continue;
        }
        let behind_a_hole = lost::is_undeclared(read, log)?;
        found.push((behind_a_hole, LogRows { log, unsent }));
    }
    found.sort_by_key(|(behind_a_hole, _)| *behind_a_hole);
    Ok(found.into_iter().map(|(_, rows)| rows).collect())
}

fn waiting(read: &Read<'_>, engine: &Engine, log: LogId) -> Result<Vec<UnsentChange>, StoreError> {
    let again = engine
        .resend_after
        .filter(|(again, _)| *again == log)
        .map(|(_, seq)| seq);
    let waiting = outbox::waiting(read, log, again, MAX_SEGMENT_CHANGES as u32)?;
    let first = waiting.first().map_or(0, |(seq, _)| *seq);
    Ok((first..)
        .zip(waiting)
        .take_while(|(next, (seq, _))| next == seq)
        .map(|(_, (seq, size))| UnsentChange { seq, size })
        .collect())
}

fn queued(row: &FileRow, engine: &Engine, now: u64) -> QueuedFile {
    // After a start only the server knows how far an upload is.
    let stored = if row.upload.is_empty() || !Guard::Resume.stands() {
        UploadAt::New
    } else {
        UploadAt::Unsure
    };
    QueuedFile {
        sha256: row.sha256,
        kind: row.kind,
        size: row.size,
        at: engine.uploads.get(&row.sha256).copied().unwrap_or(stored),
        resting: engine
            .resting
            .get(&row.sha256)
            .is_some_and(|until| *until > now),
    }
}
