//! The files: the same every time, archivable, readable by another program.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{sample, without_space};
use crate::{render_day_report, render_preview};

#[test]
fn the_same_data_gives_the_same_bytes() {
    let data = sample::day();
    let photos = sample::photos(&data);
    let first = render_day_report(&data, &photos, &sample::fonts(), &sample::inputs()).unwrap();
    let again = render_day_report(&data, &photos, &sample::fonts(), &sample::inputs()).unwrap();
    assert!(first.pdf == again.pdf, "two renderings differ");

    let mut inputs = sample::inputs();
    inputs.data_hash.replace_range(..1, "4");
    let other = render_day_report(&data, &photos, &sample::fonts(), &inputs).unwrap();
    assert!(first.pdf != other.pdf, "the data hash is not in the page");
}

#[test]
fn the_pdf_is_archivable_and_another_program_reads_it() {
    let data = sample::day();
    let photos = sample::photos(&data);
    let rendered = render_day_report(&data, &photos, &sample::fonts(), &sample::inputs()).unwrap();
    let raw = String::from_utf8_lossy(&rendered.pdf);
    assert!(raw.contains("<pdfaid:part>2</pdfaid:part>"));
    assert!(raw.contains("<pdfaid:conformance>B</pdfaid:conformance>"));

    let text = without_space(&pdftotext(&rendered.pdf));
    assert!(text.contains("2026年10月15日"));
    assert!(text.contains("槐安县市场监督管理局柳汀所"));
    for row in &data.rows {
        assert!(text.contains(&row.name), "{} cannot be extracted", row.name);
    }
}

#[test]
fn the_preview_shows_the_same_pages() {
    let data = sample::small_day();
    let photos = sample::photos(&data);
    let (fonts, inputs) = (sample::fonts(), sample::inputs());
    let rendered = render_day_report(&data, &photos, &fonts, &inputs).unwrap();
    let pages = render_preview(&data, &photos, &fonts, &inputs, 620).unwrap();
    assert_eq!(pages.len(), rendered.pages);
    for page in pages {
        let picture = image::load_from_memory(&page).unwrap();
        assert_eq!((picture.width(), picture.height()), (620, 877));
    }
}

fn pdftotext(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("pdftotext is installed (Debian: poppler-utils)");
    let mut stdin = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
