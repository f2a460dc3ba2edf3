//! What the sync page shows: counted from rows at the moment it is asked for.

use super::kept::{self, Kept};
use super::tasks::PersonTask;
use super::{notes, tasks};
use crate::api::ApiError;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::{self, changes, contact, files, log, outbox, verdicts};
use crate::sync::plan::{Reason, Step};
use crate::sync::progress::{Lane, Lanes, waiting_for};
use serde::Serialize;
use uuid::Uuid;
use xunji_domain::time::Millis;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::steps::files::FileKind;
use xunji_protocol::verdict::{Verdict, VerdictRow};

/// The answer to `sync_state`.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct SyncView {
    /// 记录, 台账, 缩略图, 工作照, 原片: received against total.
    #[serde(flatten)]
    pub lanes: Lanes,
    /// Pictures taken against received: the originals.
    pub photos: Lane,
    /// `记录 3/3 · 照片 12/17`.
    pub text: String,
    /// What the phone does or waits for, in plain words.
    pub waiting_for: String,
    /// `hello`, `push`, `pull`, `upload` or `idle`.
    pub phase: String,
    /// When the server was last heard, for people.
    pub last_contact_text: String,
    /// The same in milliseconds UTC.
    #[ts(type = "number | null")]
    pub last_contact: Option<Millis>,
    /// A log of this phone was continued in two places; what is written goes into another one.
    pub branch: bool,
    /// What happened to the phone's logs or to the server's store, for people; empty as a rule.
    pub notes: Vec<String>,
    /// Own changes that wait for something or for a person.
    pub quarantined: Vec<OpenChange>,
    /// What only a person can solve.
    pub tasks: Vec<PersonTask>,
    /// What went wrong with the last request.
    pub error: Option<SyncFaultView>,
    /// Bytes of originals that the server does not hold yet.
    #[ts(type = "number")]
    pub originals_left: u64,
    /// The file the server holds a part of.
    pub under_way: Option<UnderWay>,
    /// Everything has a receipt.
    pub all_received: bool,
    /// How far the server's last verified backup reaches, for people.
    pub backup_text: String,
    /// What this phone still keeps, and when it leaves.
    pub kept: Kept,
}

/// A file of which the server holds a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct UnderWay {
    /// `thumbnails`, `copies` or `originals`.
    pub lane: String,
    /// How much of it, 1 to 99.
    pub percent: u8,
}

/// A change that is stored and not applied.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct OpenChange {
    /// Kind of change.
    pub kind: String,
    /// The records it concerns.
    #[ts(type = "string[]")]
    pub records: Vec<Uuid>,
    /// `held` or `quarantined`.
    #[ts(type = "string")]
    pub verdict: Verdict,
    /// Why, for people.
    pub sentence: String,
    /// Nobody has to do anything about it on this phone.
    pub by_itself: bool,
}

/// What went wrong with the last request.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct SyncFaultView {
    /// Stable code.
    pub code: String,
    /// For people.
    pub sentence: String,
}

/// Counts rows and words.
///
/// # Errors
/// Those of the store.
pub fn sync_state(device: &Device) -> Result<SyncView, ApiError> {
    let status = device.sync.status();
    device.local()?.read(|read| {
        let lanes = lanes(read)?;
        let heard = contact::get(read)?.map(|c| c.wall);
        let step = standing(status.step, &lanes);
        Ok(SyncView {
            lanes,
            photos: lanes.originals,
            text: lanes.text(),
            waiting_for: waiting_for(step, status.fault.as_ref(), &lanes),
            phase: phase(step).to_owned(),
            last_contact_text: heard.map_or_else(
                || "还没有联系过服务器".to_owned(),
                |at| format!("上次联系 {}", at.minute_text(device.zone())),
            ),
            last_contact: heard,
            branch: log::all(read)?.iter().any(|l| l.branched),
            notes: notes::notes(device, read, !lanes.all_received())?,
            quarantined: open_changes(read)?,
            tasks: tasks::tasks(device, read)?,
            error: status.fault.as_ref().map(|fault| SyncFaultView {
                code: fault.code().to_owned(),
                sentence: fault.sentence(),
            }),
            originals_left: files::bytes_left(read, FileKind::Original)?,
            under_way: under_way(read)?,
            all_received: lanes.all_received(),
            backup_text: contact::backed_up_through(read)?.map_or_else(
                || "还没有核对过的备份".to_owned(),
                |at| format!("{} 前收到的已备份", at.minute_text(device.zone())),
            ),
            kept: kept::kept(read)?,
        })
    })
}

/// Received against total, by lane.
///
/// # Errors
/// Those of the file.
pub fn lanes(read: &local::Read<'_>) -> Result<Lanes, StoreError> {
    let arrived = outbox::arrived(read)?;
    let underived = outbox::underived(read)?;
    let of = |kind, coming| -> Result<Lane, StoreError> {
        let (received, total) = files::count(read, kind)?;
        Ok(Lane::new(received, total + coming))
    };
    Ok(Lanes {
        records: Lane::new(arrived.records_received, arrived.records),
        register: Lane::new(arrived.register_received, arrived.register),
        thumbnails: of(FileKind::Thumbnail, underived)?,
        copies: of(FileKind::Copy, underived)?,
        originals: of(FileKind::Original, 0)?,
    })
}

/// The first file of which the server holds a part. What it holds was told by the server, not by this phone.
fn under_way(read: &local::Read<'_>) -> Result<Option<UnderWay>, StoreError> {
    let begun = files::to_send(read)?
        .into_iter()
        .find(|f| f.offset_seen > 0 && f.offset_seen < f.size);
    Ok(begun.and_then(|file| {
        let lane = match file.kind {
            FileKind::Thumbnail => "thumbnails",
            FileKind::Copy => "copies",
            FileKind::Original => "originals",
            FileKind::Body => return None,
        };
        let percent = u8::try_from(file.offset_seen.saturating_mul(100) / file.size).unwrap_or(99);
        Some(UnderWay {
            lane: lane.to_owned(),
            percent: percent.clamp(1, 99),
        })
    }))
}

/// Between a save and the loop's next turn the last plan is out of date: rows say there is more.
fn standing(step: Step, lanes: &Lanes) -> Step {
    match step {
        Step::Wait(Reason::Done) if !lanes.all_received() => Step::Hello,
        step => step,
    }
}

fn phase(step: Step) -> &'static str {
    match step {
        Step::Hello => "hello",
        Step::Push { .. } => "push",
        Step::Pull { .. } | Step::Compare | Step::Offers => "pull",
        Step::Upload { .. } | Step::CopyDraft { .. } => "upload",
        Step::Wait(_) => "idle",
    }
}

fn open_changes(read: &local::Read<'_>) -> Result<Vec<OpenChange>, StoreError> {
    let mut open = Vec::new();
    for row in verdicts::unconfirmed(read)?
        .into_iter()
        .filter(|v| v.verdict != Verdict::Applied)
    {
        open.extend(open_change(read, &row)?);
    }
    Ok(open)
}

fn open_change(read: &local::Read<'_>, row: &VerdictRow) -> Result<Option<OpenChange>, StoreError> {
    let Some(change) = changes::by_hash(read, row.hash)? else {
        return Ok(None);
    };
    let records = serde_json::from_slice::<Envelope>(&change.envelope)
        .map(|e| e.records)
        .unwrap_or_default();
    let sentence = match (&row.closed, row.cause) {
        (Some(closed), _) if row.verdict == Verdict::Held => {
            format!(
                "{}看过：{}；等的到了仍自动入账",
                closed.by_name, closed.reason
            )
        }
        (Some(closed), _) => {
            format!(
                "{}已处理，不入账，内容留存备查：{}",
                closed.by_name, closed.reason
            )
        }
        (None, Some(cause)) => cause.sentence().to_owned(),
        (None, None) => "服务器已收到，尚未入账，内容没有丢失".to_owned(),
    };
    Ok(Some(OpenChange {
        kind: change.kind,
        records,
        verdict: row.verdict,
        sentence,
        by_itself: row.closed.is_some() || row.verdict == Verdict::Held,
    }))
}
