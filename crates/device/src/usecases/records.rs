//! Records: one opened with its versions, and the lines that lists show of them.

use super::current::{self, Overlay};
use super::{last_visit, position};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{Count, RecordRow, RecordView, SyncSummary, VersionView};
use crate::store::StoreError;
use crate::store::local::changes::{self, StoredChange};
use crate::store::local::{Read, files, log, receipts};
use crate::sync::current::{Mark, Overlaid};
use serde_json::Value;
use xunji_domain::ids::{InspectionId, LogId};
use xunji_domain::inspection::{InspectionContent, OpenItem, apply_amendment};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::change_hash;
use xunji_protocol::kinds::{INSPECTION_SIGNED, Payload};
use xunji_protocol::state::{Erasure, InspectionSummary};

/// Items sent back that a line of a list names, and characters of each reason: two lines of a phone.
const LINE_ITEMS: usize = 3;
const LINE_REASON: usize = 40;

/// One record with what is known of its versions.
///
/// # Errors
/// `not_found`, those of the files.
pub fn record(device: &Device, id: InspectionId) -> Result<RecordView, ApiError> {
    let overlay = Overlay::load(device)?;
    let found = device.mirror().read(|m| overlay.inspection(m, id))?;
    let found = found.ok_or_else(|| ApiError::not_found("这份记录"))?;
    let own = match &found.value.erased {
        // What this phone still keeps of it for its own line is shown to nobody.
        Some(_) => Vec::new(),
        None => device
            .local()?
            .read(|read| changes::of_record(read, id.0))?,
    };
    let row = rows(device, std::slice::from_ref(&found))?
        .pop()
        .ok_or_else(|| ApiError::not_found("这份记录"))?;
    let content = signed_content(&own, id);
    Ok(RecordView {
        open: open_items(&found.value.open),
        row,
        trace: last_visit::trace(&found.value),
        position: content
            .as_ref()
            .map(|c| position::recorded(c.position.as_ref())),
        versions: versions(&own, &found.value, device.zone()),
        amendments: amendments(&own, id)
            .iter()
            .filter_map(|a| serde_json::to_value(a).ok())
            .collect(),
        present: content
            .as_ref()
            .map(|c| present(c, &own, id))
            .and_then(|c| serde_json::to_value(c).ok())
            .unwrap_or_default(),
        integrity_note: match &found.value.erased {
            Some(_) => String::new(),
            None => integrity(&own, id),
        },
        erased_text: found
            .value
            .erased
            .as_ref()
            .map(|by| erased_text(by, device.zone())),
        unlock_text: unlock_text(&own),
        content: serde_json::to_value(content).unwrap_or_default(),
        summary: serde_json::to_value(&found.value).unwrap_or_default(),
    })
}

/// Why a record is empty, in one sentence.
fn erased_text(by: &Erasure, zone: i32) -> String {
    format!(
        "这份记录的正文和照片已于 {} 按规定删除：{}（{}，{}）。编号、日期和结论留存",
        by.at.minute_text(zone),
        by.rule_text,
        by.order,
        by.by_name
    )
}

/// Lists records as they stand here.
pub(super) fn list(
    device: &Device,
    from_mirror: impl FnOnce(
        &crate::store::mirror::Read<'_>,
    ) -> Result<Vec<InspectionSummary>, StoreError>,
    keep: impl Fn(&InspectionSummary) -> bool,
) -> Result<Vec<Overlaid<InspectionSummary>>, ApiError> {
    let overlay = Overlay::load(device)?;
    Ok(device
        .mirror()
        .read(|m| overlay.inspections(m, from_mirror(m)?, keep))?)
}

/// Lines of a list.
pub(super) fn rows(
    device: &Device,
    found: &[Overlaid<InspectionSummary>],
) -> Result<Vec<RecordRow>, ApiError> {
    let zone = device.zone();
    device.local()?.read(|read| {
        let own: Vec<LogId> = log::all(read)?.iter().map(|l| l.head.log).collect();
        found
            .iter()
            .map(|record| row(read, record, &own, zone))
            .collect()
    })
}

/// What is still on this phone alone, with a word for what it waits for.
///
/// # Errors
/// Those of the file.
pub fn unsent(device: &Device) -> Result<SyncSummary, ApiError> {
    let state = crate::runner::sync_state(device)?;
    Ok(SyncSummary {
        records: Count {
            received: state.lanes.records.received,
            total: state.lanes.records.total,
        },
        photos: Count {
            received: state.photos.received,
            total: state.photos.total,
        },
        waiting_for: state.waiting_for,
    })
}

/// The same behind a commit. What cannot be counted then must not look as if nothing had been saved; the next
/// look at the state says it.
pub(super) fn unsent_after(device: &Device) -> SyncSummary {
    unsent(device)
        .inspect_err(|error| tracing::warn!(code = error.code, "not counted behind a commit"))
        .unwrap_or_default()
}

/// The content as signed on this phone, its bytes checked by the caller's integrity note.
pub(super) fn signed_content(own: &[StoredChange], id: InspectionId) -> Option<InspectionContent> {
    own.iter()
        .filter(|c| c.kind == INSPECTION_SIGNED)
        .find_map(|stored| match current::read(stored.clone())?.payload {
            Payload::InspectionSigned(signed) if signed.content.id == id => Some(signed.content),
            _ => None,
        })
}

/// The content with this phone's amendments applied, in the order they were made.
pub(super) fn present(
    content: &InspectionContent,
    own: &[StoredChange],
    id: InspectionId,
) -> InspectionContent {
    amendments(own, id)
        .iter()
        .fold(content.clone(), |content, amendment| {
            apply_amendment(&content, amendment)
        })
}

fn amendments(own: &[StoredChange], id: InspectionId) -> Vec<xunji_domain::inspection::Amendment> {
    let read = own
        .iter()
        .filter_map(|stored| current::read(stored.clone()));
    read.filter_map(|change| match change.payload {
        Payload::InspectionAmended(amendment) if amendment.inspection == id => Some(*amendment),
        _ => None,
    })
    .collect()
}

fn row(
    read: &Read<'_>,
    record: &Overlaid<InspectionSummary>,
    own: &[LogId],
    zone: i32,
) -> Result<RecordRow, ApiError> {
    let s = &record.value;
    let mine = own.contains(&s.log);
    let mut photos = Count {
        received: 0,
        total: s.photos.len() as u64,
    };
    for sha256 in s.photos.iter().filter_map(|hex| Digest::from_hex(hex)) {
        let arrived = !mine || receipts::of_file(read, sha256)?.is_some();
        if !arrived && files::is_erased(read, sha256)? {
            photos.total -= 1;
            continue;
        }
        photos.received += u64::from(arrived);
    }
    Ok(RecordRow {
        id: s.id.to_string(),
        record_no: s.record_no.clone(),
        operator_name: s.operator_name.clone(),
        kind: s.operator_kind,
        state: serde_json::to_value(s.state)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default(),
        state_text: match s.erased {
            Some(_) => "已按规定删除".to_owned(),
            None => s.state.label().to_owned(),
        },
        mark_text: mark_text(record.mark).to_owned(),
        day_text: s.day.to_string(),
        time_text: s.started_at.clock_text(zone),
        conclusion: Some(s.conclusion),
        grade: s.graded.letter.map(|l| l.label().to_owned()),
        open: brief(&s.open),
        unsent: record.mark == Mark::Unsent,
        photos,
        mine,
    })
}

fn open_items(open: &[OpenItem]) -> Vec<Value> {
    open.iter()
        .filter_map(|o| serde_json::to_value(o).ok())
        .collect()
}

/// As much of it as a line of a list shows; all of it is in the opened record.
fn brief(open: &[OpenItem]) -> Vec<Value> {
    let cut = |item: &OpenItem| {
        let mut short = item.clone();
        if item.reason.chars().count() > LINE_REASON {
            short.reason = item.reason.chars().take(LINE_REASON).collect();
            short.reason.push('…');
        }
        short
    };
    let few: Vec<OpenItem> = open.iter().take(LINE_ITEMS).map(cut).collect();
    open_items(&few)
}

fn mark_text(mark: Mark) -> &'static str {
    match mark {
        Mark::Clean => "",
        Mark::Received => "已收",
        Mark::Unsent => "未上传",
        Mark::Held => "已收，待自动入账",
        Mark::Quarantined => "已收，待所长核对",
    }
}

fn versions(own: &[StoredChange], summary: &InspectionSummary, zone: i32) -> Vec<VersionView> {
    let mut all: Vec<VersionView> = own
        .iter()
        .filter_map(|s| version(current::read(s.clone())?, zone))
        .collect();
    if !all.iter().any(|v| v.hash == summary.signed_change.to_hex()) {
        let at_text = summary.ended_at.minute_text(zone);
        let first = VersionView {
            hash: summary.signed_change.to_hex(),
            at_text,
            text: "现场签字".to_owned(),
        };
        all.insert(0, first);
    }
    if !all.iter().any(|v| v.hash == summary.version.to_hex()) {
        let text = format!("第{}次补正（由其他手机提交）", summary.amendments);
        all.push(VersionView {
            hash: summary.version.to_hex(),
            at_text: String::new(),
            text,
        });
    }
    all
}

fn version(change: crate::sync::current::OwnChange, zone: i32) -> Option<VersionView> {
    let (at, text) = match &change.payload {
        Payload::InspectionSigned(signed) => {
            let ended = signed
                .content
                .ended_at
                .as_ref()
                .unwrap_or(&change.envelope.captured_at);
            (ended.time(), "现场签字".to_owned())
        }
        Payload::InspectionAmended(amendment) => {
            (amendment.at.time(), format!("补正：{}", amendment.reason))
        }
        _ => return None,
    };
    Some(VersionView {
        hash: change.hash.to_hex(),
        at_text: at.minute_text(zone),
        text,
    })
}

/// Computes the hashes of the bytes kept here anew.
fn integrity(own: &[StoredChange], id: InspectionId) -> String {
    if signed_content(own, id).is_none() {
        return "本机只有这份记录的摘要，原文和哈希在服务器上核对".to_owned();
    }
    let sound = own.iter().all(|stored| {
        let named = serde_json::from_slice::<Value>(&stored.envelope).ok();
        let body = named.as_ref().and_then(|e| e.get("body")?.as_str());
        change_hash(&stored.envelope) == stored.hash
            && body == Some(Digest::of(&stored.body).to_hex().as_str())
    });
    if sound {
        "本机保存的原文与签字时的哈希一致".to_owned()
    } else {
        "本机保存的原文与签字时的哈希不符，原样保留，没有删除；请联系管理员".to_owned()
    }
}

fn unlock_text(own: &[StoredChange]) -> String {
    let unlocked = own
        .iter()
        .filter_map(|s| current::read(s.clone()))
        .any(|c| c.envelope.captured_at.unlock.is_some());
    if unlocked {
        "签字人各自解锁".to_owned()
    } else {
        "未设口令".to_owned()
    }
}
