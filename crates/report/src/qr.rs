//! The QR code of the data hash, as SVG so that it stays sharp in print.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::error::ReportError;

/// The text as a QR code of medium error correction, without quiet zone: the page gives the white.
pub(crate) fn svg(text: &str) -> Result<String, ReportError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| {
        ReportError::Compile {
            message: format!("QR: {error}"),
        }
    })?;
    Ok(code
        .render::<svg::Color<'_>>()
        .quiet_zone(false)
        .module_dimensions(1, 1)
        .build())
}
