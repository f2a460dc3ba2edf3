//! Findings: problem, measure, deadline, and why there is no photo.

use super::{answers::on_item, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::DraftDelta;
use crate::store::local::findings;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{FindingId, InspectionId};
use xunji_domain::inspection::Finding;
use xunji_domain::words::Measure;

/// The parts of a finding that one commit may write; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingWrite {
    /// What was found.
    #[serde(default)]
    pub problem: Option<String>,
    /// What is ordered.
    #[serde(default)]
    pub measure: Option<Measure>,
    /// Until when; `null` takes it back.
    #[serde(default, deserialize_with = "named")]
    pub deadline: Option<Option<NaiveDate>>,
    /// Why there is no photo.
    #[serde(default)]
    pub no_photo_reason: Option<String>,
}

/// Keeps parts of the finding of an item.
///
/// # Errors
/// `text_too_long`, `not_found`, `already_signed`, those of the file.
pub fn finding(
    device: &Device,
    inspection: InspectionId,
    code: &ItemCode,
    parts: &FindingWrite,
) -> Result<DraftDelta, ApiError> {
    on_item(device, inspection, code, |write, _, _, _| {
        let mut row = match findings::get(write, inspection, code)? {
            Some(row) => row,
            None => blank(FindingId(device.new_id()?), code),
        };
        apply(&mut row, parts)?;
        Ok(findings::put(write, inspection, &row)?)
    })
}

/// A finding without anything in it.
pub(super) fn blank(id: FindingId, code: &ItemCode) -> Finding {
    Finding {
        id,
        item: code.clone(),
        problem: String::new(),
        measure: None,
        deadline: None,
        no_photo_reason: String::new(),
    }
}

/// Writes the named parts. A measure that has no deadline takes the deadline back.
///
/// # Errors
/// `text_too_long`.
pub(super) fn apply(row: &mut Finding, parts: &FindingWrite) -> Result<(), ApiError> {
    if let Some(problem) = &parts.problem {
        row.problem = text::long("问题描述", problem)?;
    }
    if let Some(measure) = parts.measure {
        row.measure = Some(measure);
        if measure == Measure::OnSite {
            row.deadline = None;
        }
    }
    if let Some(deadline) = parts.deadline {
        row.deadline = deadline;
    }
    if let Some(reason) = &parts.no_photo_reason {
        row.no_photo_reason = text::long("不拍照的原因", reason)?;
    }
    Ok(())
}

/// Tells `null` from a field that is not there.
fn named<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<NaiveDate>>, D::Error> {
    Option::<NaiveDate>::deserialize(deserializer).map(Some)
}
