//! Pictures of the gallery's shows.

use super::chromium::Browser;
use super::palette;
use super::site::Site;
use crate::market::{Step, Stopped};
use fantoccini::Locator;
use image::RgbImage;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Both faces: the name, and the size of the window.
pub const FACES: [(&str, u32, u32); 2] = [("field", 360, 800), ("console", 860, 900)];
/// What each show is dressed in.
pub const THEMES: [&str; 2] = ["light", "dark"];

/// One show as it looks.
pub struct Picture {
    /// `field-answers-light`.
    pub name: String,
    /// Its pixels.
    pub pixels: RgbImage,
}

/// The checkout's top folder, as cargo says it at run time; elsewhere the folder of the caller.
pub fn checkout() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    own.as_deref()
        .and_then(Path::parent)
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Opens a face's gallery in a theme and waits until it stands.
pub async fn open(browser: &Browser, site: &Site, theme: &str) -> Step<()> {
    let client = browser.page.client();
    client
        .goto(&site.url(&format!("gallery.html?theme={theme}")))
        .await
        .map_err(|e| Stopped::at("open the gallery", e))?;
    let ready = client
        .wait()
        .at_most(Duration::from_secs(30))
        .for_element(Locator::Css("[data-gallery=ready]"))
        .await;
    ready
        .map(|_| ())
        .map_err(|e| Stopped::at("the gallery does not open", e))
}

/// Takes every show that stands on the page.
pub async fn shows(browser: &Browser, face: &str, theme: &str) -> Step<Vec<Picture>> {
    let client = browser.page.client();
    let failed = |e: fantoccini::error::CmdError| Stopped::at("the gallery", e);
    let mut pictures = Vec::new();
    for show in client
        .find_all(Locator::Css("[data-show]"))
        .await
        .map_err(failed)?
    {
        let key = show
            .attr("data-show")
            .await
            .map_err(failed)?
            .unwrap_or_default();
        let bytes = show.screenshot().await.map_err(failed)?;
        let pixels = image::load_from_memory(&bytes)
            .map_err(|e| Stopped::at(&key, e))?
            .to_rgb8();
        pictures.push(Picture {
            name: format!("{face}-{key}-{theme}"),
            pixels,
        });
    }
    Ok(pictures)
}

/// All shows of both faces, light and dark.
pub async fn every_show(ui: &Path) -> Step<Vec<Picture>> {
    let mut pictures = Vec::new();
    for (face, width, height) in FACES {
        let site = Site::start(&ui.join(face).join("dist-gallery")).await?;
        let browser = Browser::open(width, height).await?;
        for theme in THEMES {
            open(&browser, &site, theme).await?;
            pictures.extend(shows(&browser, face, theme).await?);
        }
        browser.close().await?;
    }
    Ok(pictures)
}

/// Makes these the references: writes every show and removes what is shown no more.
pub fn accept(pictures: &[Picture], folder: &Path) -> Step<()> {
    let failed = |e: std::io::Error| Stopped::at(&folder.display().to_string(), e);
    std::fs::create_dir_all(folder).map_err(failed)?;
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let shown = |picture: &Picture| path.file_stem() == Some(OsStr::new(&picture.name));
        if path.extension() == Some(OsStr::new("png")) && !pictures.iter().any(shown) {
            std::fs::remove_file(&path).map_err(failed)?;
        }
    }
    for picture in pictures {
        let path = folder.join(format!("{}.png", picture.name));
        palette::write(&path, &palette::reduced(&picture.pixels))?;
    }
    Ok(())
}
