//! The walk through the field app, in the real window: every page by clicks, on the data of the stage.

use super::stage::Stage;
use super::walk::Walk;
use crate::market::Step;
use std::time::Duration;

/// Where a walk begins anew after a part that failed.
const HOME: &str = "/today";
/// A number from a stained certificate: its last digit does not fit.
const MISREAD: &str = "92379921MA3DEM0196";
/// Time that a page takes to give way to the one before it.
const LEAVING: Duration = Duration::from_millis(400);

/// Chooses how the screen looks: theme, then size of the letters.
pub async fn dress(walk: &Walk<'_>, theme: &str, scale: &str) -> Step<()> {
    walk.page.click("tab-me").await?;
    walk.page.click(&format!("theme-{theme}")).await?;
    walk.page.click(&format!("scale-{scale}")).await
}

/// The page of a phone that belongs to no station.
pub async fn enrol(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.find("enrol-server").await?;
    walk.look("enrol").await
}

/// The page of a phone whose key is gone.
pub async fn keyless(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.find("key-phone").await?;
    walk.look("key").await
}

/// Every page. What could not be reached is in `missed`.
pub async fn walk(walk: &mut Walk<'_>, stage: &Stage) {
    // A window opens where the phone was left.
    let done = home(walk).await;
    ended(walk, "我的", done).await;
    let done = today(walk).await;
    ended(walk, "今日", done).await;
    let done = register(walk, stage).await;
    ended(walk, "主体", done).await;
    let done = checklist(walk, stage).await;
    ended(walk, "检查表", done).await;
    let done = dock(walk, stage).await;
    ended(walk, "答案键在下方", done).await;
    let done = licences(walk).await;
    ended(walk, "证照", done).await;
    let done = records(walk, stage).await;
    ended(walk, "检查", done).await;
    let done = closing(walk, stage).await;
    ended(walk, "结论与签名", done).await;
    let done = carried(walk).await;
    ended(walk, "用 U 盘上交", done).await;
}

/// 待归位: what the camera wrote while the app was killed.
pub async fn found(walk: &mut Walk<'_>) {
    let done = tray(walk).await;
    ended(walk, "待归位", done).await;
}

async fn tray(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("tab-today").await?;
    walk.page.click("today-tray").await?;
    let place = walk.page.name_of_first("tray-place-").await?;
    walk.look("tray").await?;
    walk.page.click(&place).await?;
    let draft = walk.page.name_of_first("place-draft-").await?;
    walk.look("tray-draft").await?;
    walk.page.click(&draft).await?;
    walk.page.find("place-storefront").await?;
    walk.look("tray-place").await?;
    walk.page.click("place-storefront").await?;
    walk.page.until_none(&place).await?;
    walk.page.click("back").await
}

/// Keeps why a part ended early. The app opens its last page again when it is loaded anew, so the
/// next part is only reached by the way back.
async fn ended(walk: &mut Walk<'_>, part: &str, done: Step<()>) {
    let failed = done.is_err();
    walk.ended(part, done, HOME).await;
    if failed {
        let _ = back_to_the_tabs(walk).await;
    }
}

async fn home(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("tab-me").await?;
    walk.page.find("me-station").await?;
    walk.look("me").await?;
    walk.page.click("me-offered").await?;
    walk.page.find_first("offered-").await?;
    walk.look("offered").await?;
    walk.page.click("back").await?;
    walk.page.click("me-sync").await?;
    walk.page.find("lane-originals").await?;
    walk.look("sync").await?;
    walk.page.click("back").await
}

/// 没有网络时, with the record that was just locked: both sheets, and what a bundle that was written says.
async fn carried(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("tab-me").await?;
    walk.page.click("me-sync").await?;
    walk.page.bring("carry").await?;
    walk.look("carry").await?;
    walk.page.click("carry-out").await?;
    walk.page.find("carry-write").await?;
    walk.look("carry-out").await?;
    walk.page.click("carry-records").await?;
    walk.page.click("carry-write").await?;
    walk.page.find("carry-written").await?;
    walk.look("carry-written").await?;
    walk.page.click("carry-done").await?;
    walk.page.until_none("carry-written").await?;
    walk.page.click("carry-back").await?;
    walk.page.click("receipts-type").await?;
    walk.page.find("receipts-text").await?;
    walk.look("carry-back").await?;
    walk.page.click("receipts-sheet-close").await?;
    walk.page.until_none("receipts-text").await?;
    walk.page.click("back").await
}

async fn today(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("tab-today").await?;
    walk.page.find_first("draft-").await?;
    walk.look("today").await?;
    walk.page.click("today-ready").await?;
    walk.page.find("ready-title").await?;
    walk.look("ready").await?;
    walk.page.click("back").await?;
    walk.page.click("inspectors-change").await?;
    walk.page.find_first("person-").await?;
    walk.look("people").await?;
    walk.page.click("back").await
}

async fn register(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    walk.page.click("tab-operators").await?;
    walk.page.find_first("operator-row-").await?;
    walk.look("operators").await?;
    walk.page.click("operator-keypad").await?;
    walk.page.find("key-5").await?;
    walk.look("operators-keypad").await?;
    walk.page.click("key-close").await?;
    walk.page.click("operator-register").await?;
    walk.page.find("register-name").await?;
    walk.look("register").await?;
    walk.page.click("back").await?;
    walk.page.keys("operator-search", "没有这一户").await?;
    walk.page.until_none("operator-row-").await?;
    walk.look("operators-empty").await?;
    walk.page.click("operator-search-clear").await?;
    let visited = &stage.returned.0;
    walk.page.keys("operator-search", &visited.name).await?;
    walk.page
        .click(&format!("operator-row-{}", visited.operator))
        .await?;
    walk.page.find_first("visit-").await?;
    walk.look("operator").await?;
    walk.page.click("not-inspected").await?;
    walk.page.find("not-inspected-reason").await?;
    walk.look("not-inspected").await?;
    walk.page.click("not-inspected-sheet-close").await?;
    walk.page.until_none("not-inspected-reason").await?;
    back_to_the_tabs(walk).await
}

/// Back, page after page, until the tabs are there.
async fn back_to_the_tabs(walk: &Walk<'_>) -> Step<()> {
    for _ in 0..8 {
        if walk.page.count("tab-today").await? > 0 {
            return Ok(());
        }
        walk.page.click("back").await?;
        tokio::time::sleep(LEAVING).await;
    }
    walk.page.find("tab-today").await.map(|_| ())
}

async fn checklist(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    let half = &stage.half;
    walk.page.click("tab-today").await?;
    walk.page.click(&format!("draft-{}", half.id)).await?;
    walk.page.find("progress").await?;
    walk.look("checklist").await?;
    walk.page.bring(&format!("item-{}", half.failed)).await?;
    walk.look("checklist-failed").await?;
    let photo = walk.page.find_first("photo-view-").await?;
    photo.click().await?;
    walk.page.until_at("/photos/").await?;
    walk.look("photo").await?;
    walk.page.click("back").await?;
    walk.page.find("progress").await?;
    walk.page.click("back").await
}

/// The other way of answering, on the same draft; afterwards the cards are back.
async fn dock(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    answering(walk, "dock").await?;
    walk.page.click("tab-today").await?;
    walk.page.click(&format!("draft-{}", stage.half.id)).await?;
    walk.page.find("progress").await?;
    walk.look("checklist-dock").await?;
    walk.page.click("back").await?;
    answering(walk, "cards").await?;
    walk.page.click("tab-today").await?;
    walk.page.click(&format!("draft-{}", stage.half.id)).await?;
    walk.page.find("progress").await.map(|_| ())
}

async fn answering(walk: &Walk<'_>, way: &str) -> Step<()> {
    let key = format!("answer-way-{way}");
    walk.page.click("tab-me").await?;
    walk.page.click(&key).await?;
    walk.page.until_is(&key, "aria-pressed", "true").await
}

async fn licences(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("open-licences").await?;
    walk.page.find_first("licence-card-").await?;
    walk.look("licences").await?;
    walk.page.click("licence-type-business_licence").await?;
    walk.page
        .keys("licence-number-business_licence", "\u{e009}a\u{e000}")
        .await?;
    walk.page
        .keys("licence-number-business_licence", MISREAD)
        .await?;
    walk.page.find("licence-doubt-business_licence").await?;
    walk.look("licence-doubt").await?;
    back_to_the_tabs(walk).await
}

async fn records(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    let id = &stage.returned.0.id;
    walk.page.click("tab-records").await?;
    walk.page.find_first("record-row-").await?;
    walk.look("records").await?;
    walk.page.click(&format!("record-row-{id}")).await?;
    walk.page.find("returned-items").await?;
    walk.look("record").await?;
    walk.page.click("record-amend").await?;
    walk.page.find("amend-reason").await?;
    walk.look("amendment").await?;
    back_to_the_tabs(walk).await
}

async fn closing(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    walk.page.click("tab-today").await?;
    walk.page.click(&format!("draft-{}", stage.full)).await?;
    walk.page.click("to-conclusion").await?;
    walk.page.find("arithmetic-score").await?;
    walk.look("conclusion").await?;
    walk.page.click("to-sign").await?;
    walk.page.find("sign-party").await?;
    walk.look("sign").await?;
    walk.page.click("refuse-party").await?;
    walk.page.find("refuse-reason").await?;
    walk.look("refusal").await?;
    walk.page.click("refuse-cancel").await?;
    walk.page.click("sign-party").await?;
    walk.page.find("pad").await?;
    walk.look("sign-pad").await?;
    walk.page.sign().await?;
    walk.page.until_says("party-state", "签").await?;
    while let Some(open) = walk.page.first_unsigned().await? {
        walk.page.click(&open).await?;
        walk.page.sign().await?;
        walk.page.until_says(&open, "已签").await?;
    }
    walk.look("signed").await?;
    walk.page.click("finish").await?;
    walk.page.find("locked-number").await?;
    walk.look("locked").await?;
    walk.page.click("locked-home").await
}
