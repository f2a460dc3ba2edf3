//! Flicks of a finger through long lists: how long each frame of the page takes while the list moves.

use super::setting::Filled;
use crate::bench::figures::Figures;
use crate::bench::watch::until;
use crate::looks::chromium::Browser;
use crate::market::{Step, Stopped};
use std::time::Duration;

/// Flicks through a list, each down and with speed.
const FLICKS: usize = 12;
/// Where a thumb lands and leaves the glass, and how fast it goes: the list runs on by itself.
/// On the list, not on the head or the foot of the page, which do not scroll.
const LOW: (f64, f64) = (180.0, 480.0);
const HIGH: (f64, f64) = (180.0, 240.0);
const FAST: Duration = Duration::from_millis(140);
const RUNS_ON: Duration = Duration::from_millis(900);
/// A frame that is longer is seen as a stop.
const SEEN_AS_STOP: f64 = 50.0;

/// Notes the time between frames, and frames in which a row in view is still empty.
const RECORD: &str = "window.__frames = []; window.__paper = 0; window.__records = true;
    let last = 0;
    const paper = () => [...document.querySelectorAll('[data-testid=\"operator-list\"] > *')].some((row) => {
      if (row.firstElementChild) return false;
      const at = row.getBoundingClientRect();
      return at.bottom > 0 && at.top < innerHeight;
    });
    const step = (now) => {
      if (!window.__records) return;
      if (last) window.__frames.push(now - last);
      last = now;
      if (paper()) window.__paper += 1;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step)";
const END: &str =
    "window.__records = false; return { frames: window.__frames, paper: window.__paper }";
/// What is under the thumb scrolls, however many lists the page has.
const TOP: &str = "return document.elementFromPoint(180, 380).closest('.scroll').scrollTop";

/// The list of the register, of however many operators.
pub async fn register(browser: &Browser, operators: u32, figures: &mut Figures) -> Step<()> {
    let page = &browser.page;
    page.click("back").await?;
    page.click("tab-operators").await?;
    let rows = format!(
        "$$('operator-row-').length > 0 && Number($('operator-count').textContent.replace(/[^0-9]/g, '')) > {}",
        operators / 2
    );
    until(page, "", &rows).await?;
    flicked(browser, "frame while the register is flicked", figures).await
}

/// The checklist of a small restaurant, from its beginning.
pub async fn checklist(browser: &Browser, filled: &Filled, figures: &mut Figures) -> Step<()> {
    if let Some(first) = filled.items.first() {
        browser.page.bring(&format!("item-{first}")).await?;
    }
    flicked(browser, "frame while the checklist is flicked", figures).await
}

async fn flicked(browser: &Browser, what: &str, figures: &mut Figures) -> Step<()> {
    let (mut frames, mut paper) = (Vec::new(), 0);
    let before = top(browser).await?;
    for number in 0..FLICKS {
        browser.page.script(RECORD, Vec::new()).await?;
        // A checklist is shorter than all flicks: every third goes back up.
        if number % 3 == 2 {
            browser.page.flick(HIGH, LOW, FAST).await?;
        } else {
            browser.page.flick(LOW, HIGH, FAST).await?;
        }
        tokio::time::sleep(RUNS_ON).await;
        let said = browser.page.script(END, Vec::new()).await?;
        let list = said["frames"].as_array().cloned().unwrap_or_default();
        frames.extend(list.iter().filter_map(serde_json::Value::as_f64));
        paper += said["paper"].as_u64().unwrap_or(0);
    }
    if (top(browser).await? - before).abs() < 1.0 {
        return Err(Stopped(format!("{what}: nothing moved")));
    }
    let stops = frames.iter().filter(|ms| **ms > SEEN_AS_STOP).count();
    figures.notes.push(format!(
        "{what}: {stops} of {} frames took longer than {SEEN_AS_STOP:.0} ms, {paper} showed an empty row",
        frames.len()
    ));
    figures.add(what, None, "–", &frames);
    Ok(())
}

async fn top(browser: &Browser) -> Step<f64> {
    let said = browser.page.script(TOP, Vec::new()).await?;
    said.as_f64().ok_or_else(|| Stopped("no list".into()))
}
