//! The report as its readers get it: text, pages, pictures, bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bytes;
mod glyphs;
mod page_text;
mod pages;
mod pictures;
#[path = "../../tests/sample/mod.rs"]
mod sample;

use crate::data::DayReportData;
use crate::photos::Photos;
use crate::{day_report, typesetter};
use page_text::Page;

/// The printed lines of each page, from the laid-out document itself.
fn printed(data: &DayReportData, photos: &Photos) -> Vec<Page> {
    let fonts = sample::fonts();
    let prepared = day_report::prepare(data, photos, &fonts, &sample::inputs()).expect("prepares");
    typesetter::pages(&prepared.job, &fonts, |document| {
        Ok(page_text::of(document))
    })
    .expect("lays out")
}

/// All text without white space: a name that wraps in its column is still one name.
fn run_together(pages: &[Page]) -> String {
    pages
        .iter()
        .flat_map(|page| &page.runs)
        .map(|run| without_space(run))
        .collect()
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
