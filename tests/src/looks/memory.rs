//! The walk through the field app in Chromium, over the backend in memory: pages before anything happened.

use super::site::Site;
use super::walk::Walk;
use crate::market::{Step, Stopped};

const HOME: &str = "/today";

/// Every page that the backend in memory can fill.
pub async fn walk(walk: &mut Walk<'_>, site: &Site, theme: &str) {
    let done = begin(walk, site, theme).await;
    walk.ended("今日", done, HOME).await;
    let done = register(walk).await;
    walk.ended("主体", done, HOME).await;
    let done = visit(walk).await;
    walk.ended("检查", done, HOME).await;
}

async fn begin(walk: &mut Walk<'_>, site: &Site, theme: &str) -> Step<()> {
    walk.page
        .client()
        .goto(&site.url(""))
        .await
        .map_err(|e| Stopped::at("open the field app", e))?;
    super::field::dress(walk, theme, "100").await?;
    walk.look("memory-me").await?;
    walk.page.click("me-sync").await?;
    walk.page.find("lane-originals").await?;
    walk.look("memory-sync").await?;
    walk.page.click("back").await?;
    walk.page.click("tab-records").await?;
    walk.look("memory-records-empty").await?;
    walk.page.click("tab-today").await?;
    walk.page.find("today-find").await?;
    walk.look("memory-today-empty").await?;
    walk.page.click("inspectors-change").await?;
    for person in ["p1", "p2"] {
        walk.page.click(&format!("person-{person}")).await?;
    }
    walk.look("memory-people").await?;
    walk.page.click("people-save").await?;
    walk.page.find("market-today").await.map(|_| ())
}

async fn register(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("tab-operators").await?;
    walk.page.find("operator-row-o1").await?;
    walk.look("memory-operators").await?;
    walk.page.click("operator-register").await?;
    walk.page.find("register-name").await?;
    walk.look("memory-register").await?;
    walk.page.click("back").await?;
    walk.page.click("operator-row-o1").await?;
    walk.page.find("start-inspection").await?;
    walk.look("memory-operator").await
}

async fn visit(walk: &mut Walk<'_>) -> Step<()> {
    walk.page.click("start-inspection").await?;
    walk.page.click("notice-given").await?;
    walk.page.click("answer-pass-CY1.1").await?;
    walk.page
        .until_is("item-CY1.1", "data-answer", "pass")
        .await?;
    walk.page.click("answer-fail-CY1.2").await?;
    walk.page.find("finding-CY1.2").await?;
    walk.look("memory-checklist").await?;
    walk.page.click("open-licences").await?;
    walk.page.find_first("licence-card-").await?;
    walk.look("memory-licences").await
}
