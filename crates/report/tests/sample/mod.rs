//! A made-up market day at 柳汀大集: 24 inspections, 12 findings, drawn pictures. No real person,
//! place or picture.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "shared by tests and the example; a failing sample must stop them"
)]

mod day;
mod pictures;

use std::path::{Path, PathBuf};

use chrono::DateTime;
use xunji_report::{DayReportData, FontSet, Photos, RenderInputs};

pub use day::{day, small_day};
pub use pictures::jpeg;

/// The fonts of `XUNJI_FONT_DIR`, else Debian's.
pub fn fonts() -> FontSet {
    let folder = std::env::var_os("XUNJI_FONT_DIR").map_or_else(
        || PathBuf::from("/usr/share/fonts/opentype/noto"),
        PathBuf::from,
    );
    let files: Vec<Vec<u8>> = font_files(&folder)
        .iter()
        .map(|path| std::fs::read(path).expect("font file is readable"))
        .collect();
    FontSet::from_bytes(files).unwrap_or_else(|error| {
        panic!(
            "{error} in {}: install Debian's fonts-noto-cjk or set XUNJI_FONT_DIR",
            folder.display()
        )
    })
}

fn font_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| {
        panic!(
            "no fonts in {} ({error}): install Debian's fonts-noto-cjk or set XUNJI_FONT_DIR",
            folder.display()
        )
    });
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("folder entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|e| e == "ttc" || e == "otf" || e == "ttf")
        })
        .collect();
    paths.sort();
    paths
}

pub fn inputs() -> RenderInputs {
    RenderInputs {
        document_date: DateTime::parse_from_rfc3339("2026-10-15T18:02:00+08:00").expect("date"),
        identifier: "day-report/liuting/2026-10-15/1".to_owned(),
        data_hash: "3f9a70c2e15b8d04a6b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f6071".to_owned(),
    }
}

/// A drawn picture for each photo the data names.
pub fn photos(data: &DayReportData) -> Photos {
    data.findings
        .iter()
        .flat_map(|finding| &finding.photos)
        .enumerate()
        .map(|(seed, photo)| {
            let upright = seed % 3 == 1;
            let (width, height) = if upright { (1200, 1600) } else { (1600, 1200) };
            (photo.sha256.clone(), jpeg(seed as u32, width, height))
        })
        .collect()
}
