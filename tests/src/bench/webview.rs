//! The field app's page in Chromium as the stand-in of a small phone's WebView: throttled, touched, 360 by 640, over the
//! real core through the development bridge. The throttle slows the page alone, not the core, not the disk.

mod scroll;
mod setting;

use super::figures::Figures;
use super::watch::{touched, until};
use crate::bridge::BridgeProcess;
use crate::looks::chromium::Browser;
use crate::market::{Step, Stopped};
use crate::window::Page;
use serde_json::json;
use setting::Filled;
use std::path::PathBuf;

/// What is measured with.
pub struct Small {
    /// Empty folder for county and phone.
    pub out: PathBuf,
    /// Folder of the programs.
    pub programs: PathBuf,
    /// The checkout, with the bridge's page built.
    pub checkout: PathBuf,
    /// Operators in the register.
    pub operators: u32,
    /// How many times slower the page's processor is.
    pub slower: f64,
}

/// How often the app is opened.
const OPENINGS: usize = 10;
/// From the beginning of the load until the page of the day stands in a drawn frame.
const FIRST: &str = "(() => { const look = () => requestAnimationFrame(() => {
    if (!document.querySelector('[data-testid=\"today-find\"]')) return look();
    setTimeout(() => { window.__first = performance.now() });
}); look(); })()";
/// Work for the processor alone: shows that the throttle holds.
const LOOP: &str = "const began = performance.now(); let sum = 0;
    for (let i = 0; i < 3e7; i++) sum = (sum * 31 + i) % 65521;
    window.__kept = sum; return performance.now() - began";

/// Measures on a phone that was filled for it.
///
/// # Errors
/// What county, phone or browser refuse.
pub async fn measure(small: &Small) -> Step<Figures> {
    let mut figures = Figures {
        operators: u64::from(small.operators),
        ..Figures::default()
    };
    let filled = setting::fill(small).await?;
    let program = small.programs.join("field-bridge");
    let bridge = BridgeProcess::start(&program, &small.checkout, &filled.phone, 0).await?;
    let browser = Browser::small_phone().await?;
    slow_down(&browser, small.slower, &mut figures).await?;
    first_paint(&browser, &bridge.url, &mut figures).await?;
    taps(&browser.page, &filled, &mut figures).await?;
    // A list that does not move leaves a note; what was measured before it stands.
    let moved = scroll::checklist(&browser, &filled, &mut figures).await;
    noted(&mut figures, moved);
    let moved = scroll::register(&browser, small.operators, &mut figures).await;
    noted(&mut figures, moved);
    browser.close().await?;
    bridge.kill().await?;
    Ok(figures)
}

fn noted(figures: &mut Figures, done: Step<()>) {
    if let Err(stopped) = done {
        figures.notes.push(format!("not measured: {stopped}"));
    }
}

/// Sets the throttle and says by a loop how much it is.
async fn slow_down(browser: &Browser, slower: f64, figures: &mut Figures) -> Step<()> {
    let before = looped(&browser.page).await?;
    let rate = json!({"rate": slower});
    browser
        .devtools("Emulation.setCPUThrottlingRate", rate)
        .await?;
    let after = looped(&browser.page).await?;
    figures.notes.push(format!(
        "page throttled {slower} times: a loop of JavaScript takes {after:.0} ms, {before:.0} ms without. Core and disk are this machine's"
    ));
    Ok(())
}

async fn looped(page: &Page) -> Step<f64> {
    page.script(LOOP, Vec::new()).await?;
    let said = page.script(LOOP, Vec::new()).await?;
    said.as_f64().ok_or_else(|| Stopped("the loop".into()))
}

/// Opens the app again and again, each time without a cache.
async fn first_paint(browser: &Browser, url: &str, figures: &mut Figures) -> Step<()> {
    browser.devtools("Network.enable", json!({})).await?;
    let off = json!({"cacheDisabled": true});
    browser.devtools("Network.setCacheDisabled", off).await?;
    let source = json!({"source": FIRST});
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", source)
        .await?;
    let mut took = Vec::new();
    for _ in 0..OPENINGS {
        browser.goto("about:blank").await?;
        browser.goto(url).await?;
        browser.page.find("today-find").await?;
        until(&browser.page, "", "window.__first > 0").await?;
        let first = browser.page.script("return window.__first", Vec::new());
        took.extend(first.await?.as_f64());
    }
    figures.add("load to first useful paint (今日)", None, "–", &took);
    Ok(())
}

/// Two answers to every item of a small restaurant's list, each by a finger.
async fn taps(page: &Page, filled: &Filled, figures: &mut Figures) -> Step<()> {
    page.click(&format!("draft-{}", filled.draft)).await?;
    page.find("progress").await?;
    let mut took = Vec::new();
    for code in &filled.items {
        page.bring(&format!("answer-pass-{code}")).await?;
        for answer in ["fail", "pass"] {
            let saved = format!("$('item-{code}').dataset.answer === '{answer}'");
            took.push(touched(page, &format!("answer-{answer}-{code}"), &saved).await?);
        }
    }
    figures.add(
        "finger leaves until saved and seen",
        Some(100.0),
        "–",
        &took,
    );
    Ok(())
}
