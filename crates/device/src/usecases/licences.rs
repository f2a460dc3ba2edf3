//! Certificates on site: a known one is confirmed by one tap, another is typed. A wrong check digit
//! warns and is kept with the number as read.

use super::{drafts::change, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::DraftView;
use crate::store::local::licences;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::LicenceCheck;
use xunji_domain::licence::{LicenceKind, NumberCheck, check};
use xunji_domain::operator::Licence;
use xunji_domain::time::ClockReading;

/// 与上次一致.
///
/// # Errors
/// `not_found` when no such certificate is known, `already_signed`, those of the file.
pub fn same(
    device: &Device,
    inspection: InspectionId,
    kind: LicenceKind,
) -> Result<DraftView, ApiError> {
    change(device, inspection, |write, row, at| {
        let known = row
            .operator
            .licences
            .iter()
            .find(|l| l.kind == kind)
            .cloned();
        let known = known.ok_or_else(|| ApiError::not_found("上次的证照"))?;
        Ok(licences::put(write, inspection, &taken(known, true, at))?)
    })
}

/// A certificate as typed.
///
/// # Errors
/// `text_too_long`, `already_signed`, those of the file.
pub fn typed(
    device: &Device,
    inspection: InspectionId,
    licence: &Licence,
) -> Result<DraftView, ApiError> {
    let licence = Licence {
        kind: licence.kind,
        number: check(licence.kind, &text::short("证照编号", &licence.number)?)
            .normalised()
            .to_owned(),
        holder: text::short("持证人", &licence.holder)?,
        valid_from: licence.valid_from,
        valid_to: licence.valid_to,
        scope: text::long("经营范围", &licence.scope)?,
    };
    change(device, inspection, |write, _, at| {
        Ok(licences::put(
            write,
            inspection,
            &taken(licence, false, at),
        )?)
    })
}

fn taken(licence: Licence, same_as_last: bool, at: ClockReading) -> LicenceCheck {
    let mismatch = matches!(
        check(licence.kind, &licence.number),
        NumberCheck::CheckDigitMismatch { .. }
    );
    LicenceCheck {
        licence,
        same_as_last,
        check_digit_mismatch: mismatch,
        at,
    }
}
