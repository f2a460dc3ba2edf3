//! 补正: new facts beside the signed record, which stays as it was signed.

use super::content::{Finding, InspectionContent, InspectorOnRecord, PhotoRef, Signature};
use super::fold::OpenItem;
use crate::checklist::ItemCode;
use crate::ids::{AmendmentId, InspectionId, PhotoId, ReviewId};
use crate::time::ClockReading;
use crate::words::{Answer, Measure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One item, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemChange {
    /// The item.
    pub item: ItemCode,
    /// The answer on the version it builds on.
    pub old_answer: Answer,
    /// The answer now.
    pub new_answer: Answer,
    /// The finding before; `None` where there was none.
    pub old_finding: Option<Finding>,
    /// The finding now; `None` when the item no longer fails.
    pub new_finding: Option<Finding>,
    /// Photos added for the item.
    #[serde(default)]
    pub added_photos: Vec<PhotoId>,
}

/// The body of `inspection.amended`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Id.
    pub id: AmendmentId,
    /// The record.
    pub inspection: InspectionId,
    /// The version it builds on: hash of a change.
    pub parent: String,
    /// The review that asked for it; `None` when the inspectors found the slip themselves.
    pub review: Option<ReviewId>,
    /// Why.
    pub reason: String,
    /// What changes, item by item.
    pub items: Vec<ItemChange>,
    /// Photos taken after signing.
    pub photos: Vec<PhotoRef>,
    /// Both inspectors.
    pub inspectors: Vec<InspectorOnRecord>,
    /// Their signatures, in the same order.
    pub signatures: Vec<Signature>,
    /// The operator's signature; needed only when a finding is added or made worse.
    pub party_signature: Option<Signature>,
    /// When.
    pub at: ClockReading,
    /// Fields a newer version added; carried through untouched.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Why an amendment cannot be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmendmentError {
    /// The item is not open.
    #[error("item {0} was not sent back")]
    NotOpen(ItemCode),
    /// An item that the record does not hold.
    #[error("the record has no item {0}")]
    NoItem(ItemCode),
    /// Nothing changes.
    #[error("the amendment changes nothing")]
    Empty,
    /// Fewer than two distinct inspectors sign.
    #[error("two inspectors sign an amendment")]
    TooFewInspectors,
    /// A finding is added or made worse and the operator has not signed.
    #[error("the operator signs again when a finding is added or made worse")]
    PartyMissing,
    /// No reason is given.
    #[error("an amendment needs a reason")]
    NoReason,
}

/// Checks an amendment against the items that a review sent back. `open` is empty when the
/// inspectors amend of their own accord; then every item of the record may be named.
///
/// # Errors
/// The first rule that does not hold.
pub fn open_for_amendment(
    content: &InspectionContent,
    amendment: &Amendment,
    open: &[OpenItem],
) -> Result<(), AmendmentError> {
    if amendment.items.is_empty() {
        return Err(AmendmentError::Empty);
    }
    if amendment.reason.trim().is_empty() {
        return Err(AmendmentError::NoReason);
    }
    for change in &amendment.items {
        if !content.answers.iter().any(|a| a.item == change.item) {
            return Err(AmendmentError::NoItem(change.item.clone()));
        }
        if amendment.review.is_some() && !open.iter().any(|o| o.item == change.item) {
            return Err(AmendmentError::NotOpen(change.item.clone()));
        }
    }
    let mut people: Vec<_> = amendment.inspectors.iter().map(|i| i.person).collect();
    people.sort_unstable();
    people.dedup();
    if people.len() < 2 || amendment.signatures.len() != amendment.inspectors.len() {
        return Err(AmendmentError::TooFewInspectors);
    }
    if amendment.party_signature.is_none() && amendment.items.iter().any(makes_worse) {
        return Err(AmendmentError::PartyMissing);
    }
    Ok(())
}

/// Whether the operator has to sign again for this change: a finding is added, or what is ordered for
/// it weighs more than what he signed, or is due earlier.
pub fn makes_worse(change: &ItemChange) -> bool {
    if change.new_answer != Answer::Fail {
        return false;
    }
    let (Some(old), Some(new)) = (&change.old_finding, &change.new_finding) else {
        return change.old_answer != Answer::Fail || change.new_finding.is_some();
    };
    let weight = |finding: &Finding| finding.measure.map_or(0, order_weight);
    let sooner = match (old.deadline, new.deadline) {
        (Some(before), Some(now)) => now < before,
        _ => false,
    };
    change.old_answer != Answer::Fail || weight(new) > weight(old) || sooner
}

/// How heavy an order is for the operator, in rising steps. A hand-over asks nothing of him.
fn order_weight(measure: Measure) -> u8 {
    match measure {
        Measure::OnSite | Measure::HandOver => 0,
        Measure::Deadline => 1,
        Measure::Stop => 2,
        Measure::CaseLead => 3,
    }
}

/// The record as it reads after the amendment: answers, findings and photos. Score, conclusion and
/// grade are computed anew by the caller from the result.
pub fn apply_amendment(content: &InspectionContent, amendment: &Amendment) -> InspectionContent {
    let mut next = content.clone();
    for change in &amendment.items {
        if let Some(row) = next.answers.iter_mut().find(|a| a.item == change.item) {
            row.answer = change.new_answer;
            row.at = amendment.at.clone();
        }
        next.findings.retain(|f| f.item != change.item);
        if let Some(finding) = &change.new_finding {
            next.findings.push(finding.clone());
        }
    }
    next.findings.sort_by(|a, b| a.item.cmp(&b.item));
    next.photos.extend(amendment.photos.iter().cloned());
    next
}
