//! The amendment in work.

use super::{BlockerView, PersonView, PhotoView, SignatureView};
use serde::Serialize;
use xunji_domain::inspection::Finding;
use xunji_domain::words::Answer;

/// One item of an amendment.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct AmendmentItem {
    /// The item.
    pub item: String,
    /// Why it was sent back; empty when the inspectors amend of their own accord.
    pub reason: String,
    /// The answer it builds on.
    pub old_answer: Answer,
    /// The answer now.
    pub new_answer: Answer,
    /// The finding now.
    #[ts(type = "Record<string, unknown> | null")]
    pub finding: Option<Finding>,
}

/// The amendment in work, whole.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct AmendmentView {
    /// Id.
    pub id: String,
    /// The record.
    pub inspection: String,
    /// Its number.
    pub record_no: String,
    /// Its operator.
    pub operator_name: String,
    /// Its checklist.
    pub checklist_id: String,
    /// Why it is amended.
    pub reason: String,
    /// The items.
    pub items: Vec<AmendmentItem>,
    /// Photos of the amendment.
    pub photos: Vec<PhotoView>,
    /// Who signs.
    pub inspectors: Vec<PersonView>,
    /// Who has signed.
    pub signatures: Vec<SignatureView>,
    /// The inspected party has to sign again.
    pub party_needed: bool,
    /// What stands in the way of finishing.
    pub blockers: Vec<BlockerView>,
    /// This write voided signatures that were there.
    pub signatures_voided: bool,
}

/// An amendment that is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct FinishedAmendment {
    /// Hash of the change.
    pub hash: String,
}
