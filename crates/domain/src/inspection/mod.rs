//! 检查: what a signed record holds, what blocks signing, and how its state changes afterwards.

mod amendment;
mod content;
mod fold;
mod signing;
#[cfg(test)]
mod tests;

pub use amendment::{
    Amendment, AmendmentError, ItemChange, apply_amendment, makes_worse, open_for_amendment,
};
pub use content::{
    AnswerRow, AvEvidence, ChecklistRef, Finding, InspectionContent, InspectorOnRecord,
    LicenceCheck, OperatorSnapshot, Party, PhotoOrigin, PhotoPurpose, PhotoRef, Reading, Signature,
    SignedInspection, Stroke, Witness,
};
pub use fold::{Folded, InspectionEvent, Oddity, OpenItem, fold};
pub use signing::{Blocker, signing_blockers};
