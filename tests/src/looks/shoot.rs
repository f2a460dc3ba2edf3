//! All pictures of one run: the stage is set once, each variant walks through it.

use super::camera::{Camera, Rest};
use super::chromium::Browser;
use super::stage::Stage;
use super::walk::{Eye, Walk};
use super::{console, field, gallery, report};
use crate::market::{Step, Stopped};
use crate::window::App;
use std::path::PathBuf;
use std::time::Duration;

/// What is asked for.
pub struct Options {
    /// Folder of the pictures.
    pub out: PathBuf,
    /// The folder `ui` of the checkout.
    pub ui: PathBuf,
    /// Only names that hold this.
    pub only: Option<String>,
}

/// What was done.
pub struct Taken {
    /// How many pictures.
    pub taken: usize,
    /// The page that lists them.
    pub index: PathBuf,
    /// What could not be reached.
    pub missed: Vec<String>,
}

/// Variants of the field app: name, theme, size of letters, window.
const FIELD: [(&str, &str, &str, (u32, u32)); 4] = [
    ("light", "light", "100", (412, 860)),
    ("dark", "dark", "100", (412, 860)),
    ("130", "light", "130", (412, 860)),
    ("360", "light", "100", (360, 720)),
];

/// Variants of the console: name, look, window.
const CONSOLE: [(&str, &str, (u32, u32)); 4] = [
    ("1280-light", "light", (1280, 800)),
    ("1280-dark", "dark", (1280, 800)),
    ("1920-light", "light", (1920, 1080)),
    ("1920-dark", "dark", (1920, 1080)),
];

/// Visits of each team: enough for a queue worth looking at.
const VISITS: usize = 7;
/// Longest time for the page of a phone that belongs to no station.
const NEW_PHONE: Duration = Duration::from_secs(120);

/// Takes them all.
pub async fn shoot(options: &Options) -> Step<Taken> {
    let mut camera = Camera::new(&options.out, options.only.clone())?;
    let mut missed = Vec::new();
    if ["field", "console", "report"]
        .iter()
        .any(|face| camera.may_want(face))
    {
        let folder = tempfile::tempdir().map_err(|e| Stopped::at("a folder for the county", e))?;
        let set = Stage::set(folder.path(), VISITS, true).await;
        if set.is_err() {
            // What the server said is gone with the folder.
            let log = options.out.with_extension("server.log");
            let _ = std::fs::copy(folder.path().join("county.log"), log);
        }
        let stage = set?;
        if camera.may_want("report") {
            report::pages(&mut camera, &stage.report, "report-day").await?;
        }
        let mut eye = Eye::Camera(camera);
        all_of_console(&mut eye, &stage, &mut missed).await?;
        all_of_field(&mut eye, &stage, &mut missed).await?;
        let new = tokio::time::timeout(NEW_PHONE, new_phone(&mut eye, &stage, &mut missed)).await;
        match new {
            Ok(done) => done?,
            Err(_) => missed.push("field, 登记 (light): the window does not answer".to_owned()),
        }
        camera = camera_of(eye)?;
    }
    if camera.may_want("gallery") {
        for picture in gallery::every_show(&options.ui).await? {
            let name = format!("gallery-{}", picture.name);
            if camera.wants(&name) {
                camera.keep(&name, &png(&picture.pixels)?)?;
            }
        }
    }
    let index = camera.write_index()?;
    Ok(Taken {
        taken: camera.taken.len(),
        index,
        missed,
    })
}

fn camera_of(eye: Eye) -> Step<Camera> {
    match eye {
        Eye::Camera(camera) => Ok(camera),
        Eye::Auditor(_) => Err(Stopped("the camera was exchanged".into())),
    }
}

fn png(pixels: &image::RgbImage) -> Step<Vec<u8>> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels
        .write_to(&mut bytes, image::ImageFormat::Png)
        .map_err(|e| Stopped::at("a picture", e))?;
    Ok(bytes.into_inner())
}

/// Sets the camera up for a variant; false when nothing of it is asked for.
fn ready(eye: &mut Eye, face: &str, window: (u32, u32), rest: Rest) -> bool {
    match eye {
        Eye::Camera(camera) => {
            camera.window = window;
            camera.rest = rest;
            camera.may_want(face)
        }
        Eye::Auditor(_) => true,
    }
}

fn rest(wanted: bool, how: Rest) -> Rest {
    if wanted { how } else { Rest::Unseen }
}

async fn all_of_console(eye: &mut Eye, stage: &Stage, missed: &mut Vec<String>) -> Step<()> {
    for (variant, look, window) in CONSOLE {
        if !ready(eye, "console", window, rest(look == "light", Rest::Whole)) {
            return Ok(());
        }
        let browser = Browser::open(window.0, window.1).await?;
        let mut walk = Walk {
            page: browser.page.clone(),
            face: "console",
            variant,
            eye: &mut *eye,
            missed: Vec::new(),
        };
        console::walk(&mut walk, stage, look).await;
        missed.append(&mut walk.missed);
        browser.close().await?;
    }
    Ok(())
}

/// A phone that belongs to no station yet.
async fn new_phone(eye: &mut Eye, stage: &Stage, missed: &mut Vec<String>) -> Step<()> {
    if !ready(eye, "field", (412, 860), Rest::Unseen) {
        return Ok(());
    }
    let app = stage.new_app("new").await?;
    let opened = app.open().await?;
    let mut walk = Walk {
        page: opened.page.clone(),
        face: "field",
        variant: "light",
        eye,
        missed: Vec::new(),
    };
    walk.page.resize(412, 860).await?;
    let done = field::enrol(&mut walk).await;
    walk.ended("登记", done, "/enrol").await;
    missed.append(&mut walk.missed);
    opened.close().await
}

async fn all_of_field(eye: &mut Eye, stage: &Stage, missed: &mut Vec<String>) -> Step<()> {
    for (variant, theme, scale, window) in FIELD {
        if !ready(
            eye,
            "field",
            window,
            rest(variant == "light", Rest::Scrolled),
        ) {
            return Ok(());
        }
        let app = stage.app(variant).await?;
        let opened = app.open().await?;
        let mut walk = Walk {
            page: opened.page.clone(),
            face: "field",
            variant,
            eye: &mut *eye,
            missed: Vec::new(),
        };
        walk.page.resize(window.0, window.1).await?;
        field::dress(&walk, theme, scale).await?;
        field::walk(&mut walk, stage).await;
        missed.append(&mut walk.missed);
        opened.close().await?;
        found_again(eye, stage, (variant, theme, scale, window), missed).await?;
    }
    Ok(())
}

/// A phone whose app was killed while the camera was open.
async fn found_again(
    eye: &mut Eye,
    stage: &Stage,
    (variant, theme, scale, window): (&str, &str, &str, (u32, u32)),
    missed: &mut Vec<String>,
) -> Step<()> {
    if !ready(
        eye,
        "field",
        window,
        rest(variant == "light", Rest::Scrolled),
    ) {
        return Ok(());
    }
    let app = stage.found_app(&format!("{variant}-found")).await?;
    let opened = app.open().await?;
    let mut walk = Walk {
        page: opened.page.clone(),
        face: "field",
        variant,
        eye: &mut *eye,
        missed: Vec::new(),
    };
    walk.page.resize(window.0, window.1).await?;
    field::dress(&walk, theme, scale).await?;
    field::found(&mut walk).await;
    missed.append(&mut walk.missed);
    opened.close().await?;
    keyless(eye, &app, (variant, window), missed).await
}

/// The same phone, its key gone: nothing else of it can be reached then.
async fn keyless(
    eye: &mut Eye,
    app: &App,
    (variant, window): (&str, (u32, u32)),
    missed: &mut Vec<String>,
) -> Step<()> {
    std::fs::remove_file(app.data().join("key")).map_err(|e| Stopped::at("lose a key", e))?;
    let opened = app.open().await?;
    let mut walk = Walk {
        page: opened.page.clone(),
        face: "field",
        variant,
        eye,
        missed: Vec::new(),
    };
    walk.page.resize(window.0, window.1).await?;
    let done = field::keyless(&mut walk).await;
    walk.ended("密钥", done, "/key").await;
    missed.append(&mut walk.missed);
    opened.close().await
}
