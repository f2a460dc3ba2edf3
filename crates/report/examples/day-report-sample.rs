//! Writes the sample day report: `day-report-sample out.pdf [public|none|many|late]`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for looking"
)]

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::time::Instant;

use xunji_report::{Variant, render_day_report, render_preview};

fn main() {
    let mut args = std::env::args().skip(1);
    let out = args
        .next()
        .expect("usage: day-report-sample out.pdf [public|none|many|late]");
    let mut data = sample::day();
    match args.next().as_deref() {
        Some("public") => data.head.variant = Variant::Public,
        Some("none") => data.findings.clear(),
        Some("many") => {
            let twelve = data.findings.clone();
            data.findings = twelve.iter().cycle().take(200).cloned().collect();
        }
        Some("late") => {
            data.head.version = 2;
            data.head.late_count = 1;
            data.rows[7].late = true;
        }
        _ => {}
    }
    let fonts = sample::fonts();
    let photos = sample::photos(&data);
    let start = Instant::now();
    let rendered = render_day_report(&data, &photos, &fonts, &sample::inputs()).expect("renders");
    let pdf_ms = start.elapsed().as_millis();
    std::fs::write(&out, &rendered.pdf).expect("writes");
    let start = Instant::now();
    let pages = render_preview(&data, &photos, &fonts, &sample::inputs(), 1240).expect("renders");
    println!(
        "{} pages, {} bytes, pdf {pdf_ms} ms, preview {} ms for {} pages, missing {:?}, photos {:?}",
        rendered.pages,
        rendered.pdf.len(),
        start.elapsed().as_millis(),
        pages.len(),
        rendered.missing_glyphs,
        rendered.photo_warnings,
    );
}
