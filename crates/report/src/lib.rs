//! Printed reports. PURE: plain data, picture bytes and font bytes in, PDF and PNG bytes out; no
//! files, no network, no clock. The same input gives the same bytes.
//!
//! Owns the page: templates, type, glyph coverage, pictures. Never decides what is in a report.

// The sample of the tests is shared with an example and names the crate from outside.
#[cfg(test)]
extern crate self as xunji_report;

mod coverage;
mod data;
mod day_report;
mod error;
pub mod fonts;
mod photos;
mod qr;
#[cfg(test)]
mod tests;
mod typesetter;
mod view;

pub use data::{
    ConclusionCounts, DayReportData, Due, DueRectification, FindingEntry, GradeCounts, Head,
    InspectionRow, KeyFigures, NotInspectedEntry, PhotoRef, RepeatOffender, SeverityCounts,
    Variant, Visits,
};
pub use day_report::{RenderInputs, Rendered, render_day_report, render_preview};
pub use error::{PhotoFault, PhotoWarning, ReportError};
pub use fonts::FontSet;
pub use photos::Photos;
