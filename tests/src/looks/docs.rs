//! The small pictures of README and manuals, from those a run has just taken.

use super::palette;
use crate::market::{Step, Stopped};
use image::imageops::FilterType;
use std::path::Path;

/// Width of a phone's picture and of a console's, in pixels.
const PHONE: u32 = 360;
const DESK: u32 = 1080;

/// Names of the pictures that README and manuals show.
const SHOWN: &[&str] = &[
    "field-enrol-light",
    "field-ready-light",
    "field-today-light",
    "field-checklist-dock-light",
    "field-people-light",
    "field-operators-light",
    "field-register-light",
    "field-operator-light",
    "field-checklist-light",
    "field-checklist-dark",
    "field-checklist-failed-light",
    "field-photo-light",
    "field-tray-light",
    "field-licences-light",
    "field-licence-doubt-light",
    "field-conclusion-light",
    "field-sign-light",
    "field-sign-pad-light",
    "field-refusal-light",
    "field-locked-light",
    "field-sync-light",
    "field-carry-light",
    "field-record-light",
    "field-amendment-light",
    "field-me-light",
    "console-sign-in-1280-light",
    "console-queue-1280-light",
    "console-record-1280-light",
    "console-record-return-1280-light",
    "console-reports-1280-light",
    "console-operators-1280-light",
    "console-statistics-1280-light",
    "console-conflicts-1280-light",
    "report-day-1",
];

/// Draws those anew into `to` that `wanted` names. One that was not taken is an error: a manual would show
/// an old one.
pub fn draw(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Step<usize> {
    let shown: Vec<_> = SHOWN.iter().filter(|name| wanted(name)).collect();
    for name in &shown {
        let path = from.join(format!("{name}.png"));
        let picture = image::open(&path)
            .map_err(|e| Stopped::at(&path.display().to_string(), e))?
            .to_rgb8();
        let width = if name.starts_with("field") {
            PHONE
        } else {
            DESK
        };
        let height = picture.height() * width / picture.width().max(1);
        let small = image::imageops::resize(&picture, width, height, FilterType::Lanczos3);
        palette::write(&to.join(format!("{name}.png")), &palette::best(&small))?;
    }
    Ok(shown.len())
}
