//! The safety copy of a draft: everything that was answered and typed, without a drawn signature. It travels
//! outside the log and changes nothing on this phone.

use super::{acting, form};
use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;
use crate::store::local::draft_copies::{self, CopyRow};
use crate::store::local::drafts::DraftRow;
use crate::store::local::{
    Read, Write, answers, drafts, early, findings, lapse, licences, log, photos,
};
use xunji_domain::checklist::by_edition;
use xunji_domain::ids::InspectionId;
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::digest::Digest;
use xunji_protocol::limits::MAX_DRAFT_COPY;
use xunji_protocol::steps::drafts::{CopyBody, CopyHead, CopyKept, EarlyNote};

/// Drafts with something in them that the server has not acknowledged a copy of, the oldest first.
///
/// # Errors
/// Those of the file.
pub fn waiting(read: &Read<'_>) -> Result<Vec<InspectionId>, ApiError> {
    let epoch = lapse::epoch(read)?;
    let mut found = Vec::new();
    for row in drafts::unsigned(read)?.into_iter().rev() {
        let body = body(read, &row)?;
        if is_empty(&body) {
            continue;
        }
        let kept = draft_copies::get(read, row.id)?;
        let known = kept.too_large || kept.epoch == epoch;
        if kept.digest != Some(Digest::of(&bytes(&body)?)) || !known {
            found.push(row.id);
        }
    }
    Ok(found)
}

/// A copy under the next version, which no other copy of this draft will bear; `None` when there is nothing to
/// copy any more. One that is too large is noted and stays here.
///
/// # Errors
/// Those of the file.
pub(crate) fn next(
    device: &Device,
    write: &Write<'_>,
    id: InspectionId,
) -> Result<Option<(CopyHead, Vec<u8>)>, ApiError> {
    let row = drafts::get(write, id)?.filter(|row| row.signed_change.is_none());
    let (Some(row), Some(log)) = (row, log::open(write)?) else {
        return Ok(None);
    };
    let body = body(write, &row)?;
    let bytes = bytes(&body)?;
    let digest = Digest::of(&bytes);
    let kept = draft_copies::get(write, id)?;
    if bytes.len() > MAX_DRAFT_COPY {
        let noted = CopyRow {
            digest: Some(digest),
            too_large: true,
            ..kept
        };
        draft_copies::put(write, id, &noted)?;
        return Ok(None);
    }
    let version = kept.version + 1;
    draft_copies::put(write, id, &CopyRow { version, ..kept })?;
    let author = body.inspectors.iter().find(|i| i.person == row.author);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let list = by_edition(
        &row.checklist.id,
        row.checklist.version,
        &row.checklist.digest,
    );
    let head = CopyHead {
        inspection: id,
        log: log.head.log,
        version,
        author: row.author,
        author_name: author.map(|a| a.name.clone()).unwrap_or_default(),
        inspectors: body.inspectors.iter().map(|i| i.person).collect(),
        captured_at: acting::reading(device, write)?,
        digest,
        operator_name: row.operator.name.clone(),
        operator_kind: row.operator.kind,
        record_no: row.record_no.clone(),
        started_at: row.started_at.time(),
        answered: count(body.answers.len()),
        total: count(list.map_or(0, |list| list.items.len())),
        photos: count(body.photos.len()),
        extra: serde_json::Map::new(),
    };
    Ok(Some((head, bytes)))
}

/// Keeps the server's word on a copy: acknowledged when version and digest are its own. Where a newer one
/// stands, the next copy bears a number above it. Returns whether it was acknowledged.
///
/// # Errors
/// Those of the file.
pub(crate) fn acknowledge(
    write: &Write<'_>,
    sent: &CopyHead,
    kept: &CopyKept,
) -> Result<bool, StoreError> {
    let row = draft_copies::get(write, sent.inspection)?;
    if (kept.version, kept.digest) == (sent.version, sent.digest) {
        let row = CopyRow {
            digest: Some(sent.digest),
            epoch: lapse::epoch(write)?,
            stored_at: Some(kept.stored_at),
            too_large: false,
            ..row
        };
        draft_copies::put(write, sent.inspection, &row)?;
        return Ok(true);
    }
    let version = row.version.max(kept.version);
    draft_copies::put(write, sent.inspection, &CopyRow { version, ..row })?;
    Ok(false)
}

fn body(read: &Read<'_>, row: &DraftRow) -> Result<CopyBody, ApiError> {
    let id = row.id;
    let noted = early::of_draft(read, id)?.into_iter();
    let mut answers = answers::of_draft(read, id)?;
    answers.sort_by(|a, b| a.item.cmp(&b.item));
    Ok(CopyBody {
        operator: row.operator.clone(),
        checklist: row.checklist.clone(),
        station: acting::enrolment(read)?.station,
        market: row.market,
        started_at: row.started_at.clone(),
        position: row.position.clone(),
        notice_given: row.notice_given,
        not_inspected: row.not_inspected.clone(),
        conclusion: row.conclusion,
        conclusion_reason: row.conclusion_reason.clone(),
        party_opinion: row.party_opinion.clone(),
        inspectors: row.inspectors.clone(),
        answers,
        findings: findings::of_draft(read, id)?,
        early: noted
            .map(|(item, early)| EarlyNote {
                item,
                note: early.note,
                readings: early.readings,
            })
            .collect(),
        licences: licences::of_draft(read, id)?,
        photos: form::photo_refs(&photos::of_draft(read, id.0)?),
        extra: serde_json::Map::new(),
    })
}

/// A visit that was only begun: nothing would be lost with it.
fn is_empty(body: &CopyBody) -> bool {
    body.answers.is_empty()
        && body.findings.is_empty()
        && body.early.is_empty()
        && body.licences.is_empty()
        && body.photos.is_empty()
        && body.not_inspected.is_none()
        && body.party_opinion.is_empty()
}

fn bytes(body: &CopyBody) -> Result<Vec<u8>, ApiError> {
    canonical_bytes(body).map_err(|e| {
        ApiError::new("too_large", "这份草稿无法备份，内容都在本机；请联系管理员")
            .with(serde_json::json!({ "detail": e.to_string() }))
    })
}
