//! The 日检查情况汇总 from data to bytes.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};

use crate::coverage;
use crate::data::DayReportData;
use crate::error::{PhotoWarning, ReportError};
use crate::fonts::FontSet;
use crate::photos::{self, Photos};
use crate::typesetter::{self, Job};
use crate::view;

const TEMPLATE: &str = include_str!("../templates/day-report.typ");

/// What a report needs besides its data, so that nothing is read from the surroundings.
#[derive(Clone, Debug)]
pub struct RenderInputs {
    /// Creation date in the PDF's metadata: the generation time in the data, not the clock.
    pub document_date: DateTime<FixedOffset>,
    /// Stable and unique per report version; becomes the PDF's document id.
    pub identifier: String,
    /// SHA-256 of the canonical report data, 64 lower-case hex digits: 16 are printed in every
    /// footer, all of them are in the QR code.
    pub data_hash: String,
}

/// A finished report.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// PDF/A-2b, tagged, fonts subset.
    pub pdf: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// Characters of users' text that no font has, as `U+1F600`, sorted; printed as 〔U+1F600〕.
    pub missing_glyphs: Vec<String>,
    /// Pictures printed as a box 图片无法读取.
    pub photo_warnings: Vec<PhotoWarning>,
}

/// Sets the report and writes it as PDF/A-2b. The same arguments give the same bytes.
///
/// # Errors
/// [`ReportError`]; a picture that cannot be read is a warning in the result, not an error.
pub fn render_day_report(
    data: &DayReportData,
    photos: &Photos,
    fonts: &FontSet,
    inputs: &RenderInputs,
) -> Result<Rendered, ReportError> {
    let prepared = prepare(data, photos, fonts, inputs)?;
    let pages = typesetter::pages(&prepared.job, fonts, |document| {
        let pdf = typesetter::to_pdf(document, inputs)?;
        Ok((pdf, document.pages().len()))
    })?;
    Ok(Rendered {
        pdf: pages.0,
        pages: pages.1,
        missing_glyphs: prepared.missing.into_iter().collect(),
        photo_warnings: prepared.photo_warnings,
    })
}

/// The pages of the same document as PNG, `width_px` wide.
///
/// # Errors
/// As [`render_day_report`].
pub fn render_preview(
    data: &DayReportData,
    photos: &Photos,
    fonts: &FontSet,
    inputs: &RenderInputs,
    width_px: u32,
) -> Result<Vec<Vec<u8>>, ReportError> {
    let prepared = prepare(data, photos, fonts, inputs)?;
    typesetter::pages(&prepared.job, fonts, |document| {
        typesetter::to_png(document, width_px)
    })
}

pub(crate) struct Prepared {
    pub job: Job,
    missing: BTreeSet<String>,
    photo_warnings: Vec<PhotoWarning>,
}

pub(crate) fn prepare(
    data: &DayReportData,
    photos: &Photos,
    fonts: &FontSet,
    inputs: &RenderInputs,
) -> Result<Prepared, ReportError> {
    let own_words = [TEMPLATE, &view::own_words()].concat();
    coverage::require(&own_words, fonts)?;
    let (pictures, photo_warnings) = photos::prepare(data, photos);
    let mut missing = BTreeSet::new();
    let view = view::of(data, fonts, inputs, &pictures, &mut missing);
    Ok(Prepared {
        job: Job {
            template: TEMPLATE,
            view,
            pictures: pictures.bytes,
            qr_svg: crate::qr::svg(&inputs.data_hash)?,
        },
        missing,
        photo_warnings,
    })
}
