//! The walk through the console, in Chromium, on the data of the stage.

use super::stage::Stage;
use super::walk::Walk;
use crate::market::{Step, Stopped};

const HOME: &str = "/queue";

/// Every page. What could not be reached is in `missed`.
pub async fn walk(walk: &mut Walk<'_>, stage: &Stage, look: &str) {
    let done = sign_in(walk, stage, look).await;
    walk.ended("登录", done, HOME).await;
    let done = queue(walk).await;
    walk.ended("待审", done, HOME).await;
    let done = record(walk, stage).await;
    walk.ended("检查记录", done, HOME).await;
    let done = reports(walk).await;
    walk.ended("日报", done, HOME).await;
    let done = register(walk, stage).await;
    walk.ended("台账", done, HOME).await;
    let done = statistics(walk).await;
    walk.ended("统计", done, HOME).await;
    let done = conflicts(walk).await;
    walk.ended("冲突", done, HOME).await;
}

/// What a supervisor does on a phone: signs in, looks through the list, opens a record, and sends it back.
pub async fn on_a_phone(walk: &mut Walk<'_>, stage: &Stage) {
    let done = sign_in(walk, stage, "light").await;
    walk.ended("登录", done, HOME).await;
    let done = queue(walk).await;
    walk.ended("待审", done, HOME).await;
    let done = record(walk, stage).await;
    walk.ended("检查记录", done, HOME).await;
    let done = send_back(walk, stage).await;
    walk.ended("退回", done, HOME).await;
}

/// The first key that sends an item back: on a phone the bar with the decision lies over the lowest line.
async fn first_return(walk: &Walk<'_>) -> Step<()> {
    walk.page.find_first("return-").await?;
    let bring =
        "document.querySelector('[data-testid^=\"return-\"]').scrollIntoView({ block: 'center' })";
    walk.page.script(bring, Vec::new()).await?;
    walk.page.find_first("return-").await?.click().await
}

async fn send_back(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    walk.page.click("menu-queue").await?;
    walk.page
        .click(&format!("open-{}", stage.looked_at))
        .await?;
    walk.page.until_says("integrity-label", "完整").await?;
    first_return(walk).await?;
    walk.page.find_first("pick-").await?.click().await?;
    walk.page.click("send-back").await?;
    walk.page.find("done").await?;
    walk.look("record-sent-back").await
}

async fn sign_in(walk: &mut Walk<'_>, stage: &Stage, look: &str) -> Step<()> {
    let (account, password) = stage.account()?;
    walk.page
        .client()
        .goto(&stage.console_url())
        .await
        .map_err(|e| Stopped::at("open the console", e))?;
    walk.page.keys("account", &account).await?;
    walk.page.keys("password", &password).await?;
    walk.look("sign-in").await?;
    walk.page.click("sign-in-submit").await?;
    walk.page.find("queue").await?;
    walk.page.click("user-menu").await?;
    walk.page.click(&format!("look-{look}")).await?;
    if look == "light" {
        walk.look("user-menu").await?;
    }
    walk.page.click("user-menu").await
}

async fn queue(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("menu-queue").await?;
    walk.page.find_first("row-").await?;
    walk.look("queue").await?;
    walk.page.click("show-all").await?;
    walk.page.find("group-settled").await?;
    walk.look("queue-all").await?;
    walk.page.keys("find", "柳").await?;
    walk.page.find("found").await?;
    walk.look("found").await?;
    walk.page.keys("find", "\u{e00c}").await?;
    walk.page.click("show-pending").await?;
    walk.page.find_first("open-").await.map(|_| ())
}

async fn record(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    let no = &stage.looked_at;
    walk.page.click("menu-queue").await?;
    walk.page.click(&format!("open-{no}")).await?;
    walk.page.until_says("integrity-label", "完整").await?;
    walk.look("record").await?;
    first_return(walk).await?;
    walk.page.find_first("reason-").await?;
    walk.look("record-return").await?;
    walk.page.bring("photo-0").await?;
    walk.page.click("photo-0").await?;
    walk.page.find("viewer-picture").await?;
    walk.look("viewer").await?;
    walk.page.click("viewer-close").await?;
    walk.page.click("back").await
}

async fn reports(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("menu-reports").await?;
    walk.page.find("version-1").await?;
    walk.look("reports").await?;
    walk.page.click("preview").await?;
    walk.page.until_says("pages-title", "预览").await?;
    walk.page.find("page-1").await?;
    walk.look("reports-preview").await
}

async fn register(walk: &mut Walk<'_>, stage: &Stage) -> Step<()> {
    walk.page.click("menu-operators").await?;
    walk.page.find("operator-total").await?;
    walk.look("operators").await?;
    let visited = &stage.returned.0;
    walk.page.keys("operator-search", &visited.name).await?;
    walk.page
        .click(&format!("operator-open-{}", visited.operator))
        .await?;
    walk.page.find("operator-page").await?;
    walk.look("operator").await
}

async fn statistics(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("menu-statistics").await?;
    walk.page.find("rates").await?;
    walk.page.find("failed-items").await?;
    walk.look("statistics").await?;
    let list = "document.querySelector('[data-testid=rates] a').click()";
    walk.page.script(list, vec![]).await?;
    walk.page.find("list-of").await?;
    walk.look("list").await
}

async fn conflicts(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("menu-conflicts").await?;
    walk.page.find("conflict-panel").await?;
    walk.look("conflicts").await?;
    walk.page.click("menu-held").await?;
    walk.page.find("held-empty").await?;
    walk.look("held").await?;
    walk.page
        .script("location.assign('/no-such-page')", vec![])
        .await?;
    walk.page.find("nowhere").await?;
    walk.look("nowhere").await
}
