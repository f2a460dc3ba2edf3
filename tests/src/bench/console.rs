//! The console in Chromium: the queue until its rows are drawn, and a record until it can be read.

use super::core::PHOTOS;
use super::figures::Figures;
use super::watch::{quoted, until};
use crate::looks::chromium::Browser;
use crate::market::server::Server;
use crate::market::{Step, Stopped};
use crate::window::Page;

const CENTRAL_TABLE: &str = "ODK Central, entity table of 100k: 17.7 s";
const TIMES: usize = 12;

/// Measures on a signed-in page; `record_no` is the record with seventeen photos.
///
/// # Errors
/// What server or browser refuse.
pub async fn measure(
    server: &Server,
    accounts: &str,
    record_no: &str,
    figures: &mut Figures,
) -> Step<()> {
    let browser = Browser::open(1440, 900).await?;
    let page = &browser.page;
    page.client()
        .goto(&format!("http://{}/", server.address))
        .await
        .map_err(|e| Stopped::at("open the console", e))?;
    sign_in(page, accounts).await?;
    let (mut queue, mut record, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        away(page).await?;
        queue.push(until(page, "$('menu-queue').click()", "$$('row-').length > 0").await?);
        let link = format!("$({})", quoted(&format!("open-{record_no}")));
        until(page, "", &link).await?;
        record.push(until(page, &format!("{link}.click()"), &readable()).await?);
        if let Ok(ms) = until(page, "", &every_photo()).await {
            all.push(ms);
        }
    }
    figures.add("queue opens, Chromium", Some(500.0), CENTRAL_TABLE, &queue);
    figures.add(
        "record of 17 photos readable, Chromium",
        Some(1_000.0),
        "–",
        &record,
    );
    if all.len() < TIMES {
        figures
            .notes
            .push("not every photo of the record was drawn without scrolling".to_owned());
    }
    browser.close().await
}

async fn sign_in(page: &Page, accounts: &str) -> Step<()> {
    let line = accounts
        .lines()
        .find(|l| !l.starts_with('#') && l.contains("所长甲"))
        .ok_or_else(|| Stopped("no account".into()))?;
    let mut words = line.split_whitespace();
    for field in ["account", "password"] {
        page.keys(field, words.next().unwrap_or_default()).await?;
    }
    page.click("sign-in-submit").await?;
    until(page, "", "$$('row-').length > 0").await.map(|_| ())
}

/// Another page, so that the queue is opened anew.
async fn away(page: &Page) -> Step<()> {
    until(page, "$('menu-operators').click()", "$('operators')")
        .await
        .map(|_| ())
}

/// The text is there, and every picture that is in view is drawn.
fn readable() -> String {
    "$('operator-name').textContent.length > 1 && $$('answer-').length > 0
     && $$('photo-').length > 0
     && $$('photo-').flatMap((p) => p.matches('img') ? [p] : [...p.querySelectorAll('img')])
         .filter((i) => { const r = i.getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0 })
         .every((i) => i.complete && i.naturalWidth > 0)"
        .to_owned()
}

fn every_photo() -> String {
    format!(
        "$$('photo-').filter((p) => /^photo-[0-9]+$/.test(p.dataset.testid)).length >= {PHOTOS}"
    )
}
