//! The amendment as the face shows it, and what stands in its way.

use super::amendment_work::{Work, body, party_needed};
use super::form_view::{blocker, signature};
use crate::Device;
use crate::api::view::{AmendmentItem, AmendmentView, BlockerView, PersonView, PhotoView};
use xunji_domain::checklist::{ItemCode, by_edition};
use xunji_domain::inspection::{Blocker, apply_amendment, signing_blockers};

/// The whole amendment. `voided` says that this write voided signatures.
pub(super) fn view(device: &Device, work: &Work, voided: bool) -> AmendmentView {
    let (row, content, zone) = (&work.row, &work.content, device.zone());
    let day = row.started_at.time().date(zone).unwrap_or_default();
    let why = |item: &ItemCode| {
        work.open
            .iter()
            .find(|o| o.item == *item)
            .map(|o| o.reason.clone())
    };
    AmendmentView {
        id: row.id.to_string(),
        inspection: row.inspection.to_string(),
        record_no: content.record_no.clone(),
        operator_name: content.operator.operator.name.clone(),
        checklist_id: content.checklist.id.clone(),
        reason: row.reason.clone(),
        items: row
            .items
            .iter()
            .map(|c| AmendmentItem {
                item: c.item.0.clone(),
                reason: why(&c.item).unwrap_or_default(),
                old_answer: c.old_answer,
                new_answer: c.new_answer,
                finding: c.new_finding.clone(),
            })
            .collect(),
        photos: work.photos.iter().map(|p| PhotoView::of(p, zone)).collect(),
        inspectors: row
            .inspectors
            .iter()
            .map(|i| PersonView::of_inspector(i, day))
            .collect(),
        signatures: work
            .signed
            .iter()
            .filter_map(|s| signature(s, zone))
            .collect(),
        party_needed: party_needed(work),
        blockers: blockers(work),
        signatures_voided: voided,
    }
}

/// What is missing before anybody can sign: a reason, an item, and what each item lacks by the rules of
/// signing, asked of the record as it would read.
pub(super) fn blockers(work: &Work) -> Vec<BlockerView> {
    let mut found = Vec::new();
    let mut say = |code: &str, sentence: &str| {
        found.push(BlockerView {
            code: code.to_owned(),
            item: None,
            missing: None,
            sentence: sentence.to_owned(),
        });
    };
    if work.row.reason.trim().is_empty() {
        say("reason_missing", "还没有写补正理由");
    }
    if work.row.items.is_empty() {
        say("no_items", "还没有选要补正的检查项");
    }
    let edition = &work.content.checklist;
    let Some(list) = by_edition(&edition.id, edition.version, &edition.digest) else {
        return found;
    };
    let after = apply_amendment(&work.content, &body(work, work.row.started_at.clone()));
    let day = work
        .row
        .started_at
        .time()
        .date(after.zone)
        .unwrap_or_default();
    let concerns = |item: &ItemCode| work.row.items.iter().any(|c| c.item == *item);
    let lacking = signing_blockers(&after, list, None, day)
        .into_iter()
        .filter(|b| match b {
            Blocker::UncheckedReason { item } | Blocker::FindingIncomplete { item, .. } => {
                concerns(item)
            }
            Blocker::TooFewInspectors { .. } => true,
            _ => false,
        });
    found.extend(lacking.map(|b| blocker(&b)));
    found
}
