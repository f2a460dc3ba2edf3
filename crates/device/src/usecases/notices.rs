//! What stands on the record as a whole: 已告知, 未能检查, conclusion, the party's opinion.

use super::{drafts::change, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::DraftView;
use xunji_domain::ids::InspectionId;
use xunji_domain::words::Conclusion;

/// 已出示执法证件并告知.
///
/// # Errors
/// `not_found`, `already_signed`, those of the file.
pub fn notice(
    device: &Device,
    inspection: InspectionId,
    given: bool,
) -> Result<DraftView, ApiError> {
    change(device, inspection, |_, row, _| {
        row.notice_given = given;
        Ok(())
    })
}

/// 未能检查 with its reason; `None` takes it back. A conclusion chosen before no longer fits.
///
/// # Errors
/// `text_missing`, `text_too_long`, and as [`notice`].
pub fn not_inspected(
    device: &Device,
    inspection: InspectionId,
    reason: Option<&str>,
) -> Result<DraftView, ApiError> {
    let reason = match reason {
        None => None,
        Some(typed) => Some(text::long("未能检查的原因", typed)?).filter(|r| !r.is_empty()),
    };
    change(device, inspection, |_, row, _| {
        row.not_inspected = reason;
        row.conclusion = None;
        row.conclusion_reason = String::new();
        Ok(())
    })
}

/// The conclusion that stands; `None` lets the suggestion stand.
///
/// # Errors
/// `text_too_long`, and as [`notice`].
pub fn conclusion(
    device: &Device,
    inspection: InspectionId,
    chosen: Option<Conclusion>,
    reason: &str,
) -> Result<DraftView, ApiError> {
    let reason = text::long("与建议不同的理由", reason)?;
    change(device, inspection, |_, row, _| {
        row.conclusion = chosen;
        row.conclusion_reason = if chosen.is_some() {
            reason
        } else {
            String::new()
        };
        Ok(())
    })
}

/// 当事人意见.
///
/// # Errors
/// `text_too_long`, and as [`notice`].
pub fn party_opinion(
    device: &Device,
    inspection: InspectionId,
    typed: &str,
) -> Result<DraftView, ApiError> {
    let typed = text::long("当事人意见", typed)?;
    change(device, inspection, |_, row, _| {
        row.party_opinion = typed;
        Ok(())
    })
}
