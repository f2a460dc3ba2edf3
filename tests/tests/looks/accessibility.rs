//! axe on every page of both faces and on every component, light and dark. What keeps somebody from
//! using a page fails.

use xunji_tests::looks::axe::Axe;
use xunji_tests::looks::chromium::Browser;
use xunji_tests::looks::gallery::{self, checkout};
use xunji_tests::looks::site::Site;
use xunji_tests::looks::stage::Stage;
use xunji_tests::looks::walk::{Auditor, Eye, Walk};
use xunji_tests::looks::{console, field, memory};
use xunji_tests::market::{Step, Stopped};

/// Visits of each team: enough that every page has something on it.
const VISITS: usize = 3;

fn auditor() -> Eye {
    Eye::Auditor(Auditor {
        axe: Axe::read(&checkout().join("ui")).unwrap(),
        found: Vec::new(),
        pages: Vec::new(),
        narrow: false,
    })
}

/// Fails with everything that was found; says which pages were looked at.
fn judge(eye: Eye, missed: &[String], at_least: usize) {
    let Eye::Auditor(auditor) = eye else {
        panic!("the auditor was exchanged");
    };
    let lines: Vec<String> = auditor
        .found
        .iter()
        .map(|(page, each)| format!("{page}: {each}"))
        .collect();
    assert!(missed.is_empty(), "not reached:\n{}", missed.join("\n"));
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    let pages = auditor.pages.len();
    assert!(pages >= at_least, "only {:?}", auditor.pages);
}

async fn console_pages(eye: &mut Eye, stage: &Stage) -> Step<Vec<String>> {
    let mut missed = Vec::new();
    for (variant, look) in [("1280-light", "light"), ("1280-dark", "dark")] {
        let browser = Browser::open(1280, 800).await?;
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
    Ok(missed)
}

async fn window_pages(eye: &mut Eye, stage: &Stage) -> Step<Vec<String>> {
    let app = stage.found_app("light").await?;
    let window = app.open().await?;
    let mut walk = Walk {
        page: window.page.clone(),
        face: "field",
        variant: "light",
        eye,
        missed: Vec::new(),
    };
    field::dress(&walk, "light", "100").await?;
    // While two inspections are in work, the sheet asks for which.
    field::found(&mut walk).await;
    field::walk(&mut walk, stage).await;
    window.close().await?;
    // The same phone, its key gone: one page more, which nothing else leads to.
    std::fs::remove_file(app.data().join("key")).map_err(|e| Stopped::at("lose a key", e))?;
    let window = app.open().await?;
    walk.page = window.page.clone();
    let done = field::keyless(&mut walk).await;
    walk.ended("密钥", done, "/key").await;
    let missed = walk.missed;
    window.close().await?;
    Ok(missed)
}

/// The same walk as a small old phone's WebView: Chromium, 360 by 640, by touch, over the development bridge.
async fn phone_pages(eye: &mut Eye, stage: &Stage) -> Step<Vec<String>> {
    let bridge = stage.found_bridge("phone").await?;
    let browser = Browser::small_phone().await?;
    browser.goto(&bridge.url).await?;
    if let Eye::Auditor(auditor) = eye {
        auditor.narrow = true;
    }
    let mut walk = Walk {
        page: browser.page.clone(),
        face: "field",
        variant: "phone",
        eye,
        missed: Vec::new(),
    };
    field::dress(&walk, "light", "100").await?;
    field::found(&mut walk).await;
    field::walk(&mut walk, stage).await;
    let missed = walk.missed;
    browser.close().await?;
    bridge.kill().await?;
    Ok(missed)
}

/// The console on a supervisor's phone: the same Chromium, 360 by 640, by touch.
async fn console_on_a_phone(eye: &mut Eye, stage: &Stage) -> Step<Vec<String>> {
    let browser = Browser::small_phone().await?;
    if let Eye::Auditor(auditor) = eye {
        auditor.narrow = true;
    }
    let mut walk = Walk {
        page: browser.page.clone(),
        face: "console",
        variant: "phone",
        eye,
        missed: Vec::new(),
    };
    console::on_a_phone(&mut walk, stage).await;
    let missed = walk.missed;
    browser.close().await?;
    Ok(missed)
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_the_pages_of_the_real_programs() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::set(folder.path(), VISITS, false).await.unwrap();
    let (mut one, mut two, mut three) = (auditor(), auditor(), auditor());
    let (console, window, phone) = tokio::join!(
        console_pages(&mut one, &stage),
        window_pages(&mut two, &stage),
        phone_pages(&mut three, &stage)
    );
    judge(one, &console.unwrap(), 2 * 9);
    judge(two, &window.unwrap(), 24);
    judge(three, &phone.unwrap(), 23);
    // Last: it decides on a record that the others look at.
    let mut four = auditor();
    let missed = console_on_a_phone(&mut four, &stage).await.unwrap();
    judge(four, &missed, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_the_field_app_and_every_component() {
    let ui = checkout().join("ui");
    let mut eye = auditor();
    let mut missed = Vec::new();
    for (face, width, height) in gallery::FACES {
        let site = Site::start(&ui.join(face).join("dist-gallery"))
            .await
            .unwrap();
        let browser = Browser::open(width, height).await.unwrap();
        for theme in gallery::THEMES {
            gallery::open(&browser, &site, theme).await.unwrap();
            let mut walk = Walk {
                page: browser.page.clone(),
                face,
                variant: theme,
                eye: &mut eye,
                missed: Vec::new(),
            };
            walk.look("gallery").await.unwrap();
            if face == "field" {
                memory::walk(&mut walk, &site, theme).await;
            }
            missed.append(&mut walk.missed);
        }
        browser.close().await.unwrap();
    }
    judge(eye, &missed, 2 * 2 + 2 * 10);
}
