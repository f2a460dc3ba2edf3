//! The printed pages of a PDF as pictures.

use super::camera::Camera;
use crate::market::{Step, Stopped};
use std::path::Path;
use tokio::process::Command;

/// Dots per inch: an A4 page is 1241 pixels wide.
const DPI: &str = "150";

/// Draws every page of a PDF into pictures `NAME-1`, `NAME-2`, …
pub async fn pages(camera: &mut Camera, pdf: &Path, name: &str) -> Step<()> {
    let folder = tempfile::tempdir().map_err(|e| Stopped::at("a folder for pages", e))?;
    let done = Command::new("pdftoppm")
        .args(["-r", DPI, "-png"])
        .arg(pdf)
        .arg(folder.path().join("page"))
        .output()
        .await
        .map_err(|e| Stopped::at("pdftoppm, which `./x setup --for test` installs", e))?;
    if !done.status.success() {
        return Err(Stopped(String::from_utf8_lossy(&done.stderr).into_owned()));
    }
    let failed = |e: std::io::Error| Stopped::at("pages of the report", e);
    let mut drawn: Vec<_> = std::fs::read_dir(folder.path())
        .map_err(failed)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    drawn.sort();
    if drawn.is_empty() {
        return Err(Stopped(format!("{} has no pages", pdf.display())));
    }
    for (at, path) in drawn.iter().enumerate() {
        let full = format!("{name}-{}", at + 1);
        if camera.wants(&full) {
            camera.keep(&full, &std::fs::read(path).map_err(failed)?)?;
        }
    }
    Ok(())
}
