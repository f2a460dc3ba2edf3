//! A walk through a face: every page is reached by clicks, and at each one something looks at it.

use super::axe::{Axe, Violation};
use super::camera::Camera;
use crate::market::Step;
use crate::window::Page;
use serde_json::{Value, json};
use std::time::Duration;

/// Longest wait for pictures on a page to be there; a found photo's thumbnail is made first.
const SETTLE: u32 = 150;
const SETTLE_STEP: Duration = Duration::from_millis(100);

const SETTLED: &str = "return document.readyState === 'complete' && document.fonts.status === 'loaded' \
    && Array.from(document.images).every((image) => image.complete) \
    && !document.querySelector('[data-state=\"making\"]')";

/// How far the page can be pushed sideways, and what reaches out of it first.
const SIDEWAYS: &str = "const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;\
    if (wide <= 0) return null;\
    const out = [...document.querySelectorAll('body *')].find((each) => each.getBoundingClientRect().right > innerWidth + 1);\
    return wide + ' px: ' + (out ? out.outerHTML.slice(0, 160) : '')";

/// What looks at the pages.
pub enum Eye {
    /// Takes pictures.
    Camera(Camera),
    /// Asks axe.
    Auditor(Auditor),
}

/// axe and what it found.
pub struct Auditor {
    /// axe.
    pub axe: Axe,
    /// Page and what is wrong on it, serious ones only.
    pub found: Vec<(String, Violation)>,
    /// Pages that were looked at.
    pub pages: Vec<String>,
    /// On a phone nothing may reach out of the page.
    pub narrow: bool,
}

/// One walk in one variant.
pub struct Walk<'a> {
    /// The page it goes through.
    pub page: Page,
    /// `field` or `console`.
    pub face: &'static str,
    /// `light`, `dark`, `130`, `1280-light`.
    pub variant: &'a str,
    /// What looks.
    pub eye: &'a mut Eye,
    /// Parts that could not be reached, with the reason.
    pub missed: Vec<String>,
}

impl Walk<'_> {
    /// Looks at the page as it stands now.
    pub async fn look(&mut self, name: &str) -> Step<()> {
        let full = format!("{}-{name}-{}", self.face, self.variant);
        let page = self.page.clone();
        match &mut self.eye {
            Eye::Camera(camera) if !camera.wants(&full) => Ok(()),
            Eye::Camera(camera) => {
                settle(&page).await?;
                camera.take(&page, &full).await
            }
            Eye::Auditor(auditor) => {
                settle(&page).await?;
                let found = auditor.axe.look(&page).await?;
                let serious = found.into_iter().filter(Violation::is_serious);
                auditor
                    .found
                    .extend(serious.map(|each| (full.clone(), each)));
                if auditor.narrow
                    && let Some(out) = page.script(SIDEWAYS, vec![]).await?.as_str()
                {
                    let out = Violation::of("sideways", "the page is wider than the screen", out);
                    auditor.found.push((full.clone(), out));
                }
                auditor.pages.push(full);
                Ok(())
            }
        }
    }

    /// Keeps why a part of the walk ended early, and goes home so that the next one can begin.
    pub async fn ended(&mut self, part: &str, done: Step<()>, home: &str) {
        let Err(stopped) = done else {
            return;
        };
        self.missed.push(format!(
            "{}, {part} ({}): {stopped}",
            self.face, self.variant
        ));
        let go = self
            .page
            .script("location.assign(arguments[0])", vec![json!(home)]);
        let _ = go.await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Waits until fonts and pictures are there, and one more moment for the last paint.
async fn settle(page: &Page) -> Step<()> {
    for _ in 0..SETTLE {
        if page.script(SETTLED, vec![]).await? == Value::Bool(true) {
            break;
        }
        tokio::time::sleep(SETTLE_STEP).await;
    }
    tokio::time::sleep(SETTLE_STEP).await;
    Ok(())
}
