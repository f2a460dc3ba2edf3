//! The supervisor's afternoon in Chromium, by clicks and keys: real records of real phones, a real
//! server, and one byte altered in its database at the end.

use super::page::Browser;
use std::path::PathBuf;
use xunji_tests::market::noon::sync;
use xunji_tests::market::small::SmallDay;

/// Where pictures of the pages go, when somebody wants to look at them.
fn pictures() -> Option<PathBuf> {
    std::env::var_os("XUNJI_SHOTS").map(PathBuf::from)
}

pub(super) async fn shoot(browser: &Browser, name: &str) {
    if let Some(folder) = pictures() {
        browser.shoot(&folder.join(format!("{name}.png"))).await;
    }
}

pub(super) async fn sign_in(browser: &Browser, day: &SmallDay) {
    let accounts = std::fs::read_to_string(day.out.join("accounts.txt")).unwrap();
    let line = accounts.lines().find(|l| l.contains("所长甲")).unwrap();
    let mut words = line.split_whitespace();
    let (account, password) = (words.next().unwrap(), words.next().unwrap());
    browser
        .client
        .goto(&format!("http://{}/", day.server.address))
        .await
        .unwrap();
    browser.write("account", account).await;
    browser.write("password", "不是这个").await;
    browser.click("sign-in-submit").await;
    browser.until_says("sign-in-error", "账号或密码").await;
    shoot(browser, "01-sign-in").await;
    browser.write("password", password).await;
    browser.click("sign-in-submit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_supervisor_reviews_the_day_by_clicks() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = SmallDay::begin(folder.path(), 11, 8).await.unwrap();
    let mut line = day.phone("team1", &["检查员甲", "检查员乙"]).await.unwrap();
    let visits: Vec<usize> = (0..day.script.visits.len())
        .filter(|at| at % 2 == 0 && *at != 4)
        .take(3)
        .collect();
    for at in visits {
        day.visit(&mut line.phone, at).await.unwrap();
    }
    let with_fault = day
        .visited
        .iter()
        .find(|v| !v.failed.is_empty())
        .unwrap()
        .clone();
    let other = day
        .visited
        .iter()
        .find(|v| v.id != with_fault.id)
        .unwrap()
        .clone();
    line.phone
        .set_clock(day.script.midnight + 13 * 3_600_000)
        .await
        .unwrap();
    day.server
        .restart_at(day.script.midnight + 13 * 3_600_000)
        .await
        .unwrap();
    line.link.set_upstream(day.server.address);
    sync(&mut line.phone, "all").await.unwrap();

    let browser = Browser::open().await;
    sign_in(&browser, &day).await;
    browser.until_says("pending-count", "3").await;
    assert_eq!(browser.text("demo-mark").await, "演示数据");
    shoot(&browser, "02-queue").await;

    // The record with a fault: photos and badge, then one item goes back with its reason.
    let item = with_fault.failed[0].clone();
    browser
        .click(&format!("open-{}", with_fault.record_no))
        .await;
    browser.until_says("integrity-label", "完整").await;
    assert_eq!(browser.text("operator-name").await, with_fault.name);
    browser.find("strokes").await;
    browser.click("photo-0").await;
    assert!(
        browser.picture("viewer-picture").await > 1_000,
        "the working copy is shown large"
    );
    shoot(&browser, "03-viewer").await;
    browser.press('\u{e014}').await;
    browser.press('\u{e00c}').await;
    browser.click(&format!("return-{item}")).await;
    browser
        .write(&format!("reason-{item}"), "照片看不清问题位置，请补拍近照")
        .await;
    shoot(&browser, "04-record").await;
    browser.click("send-back").await;
    browser.until_says("done", "已退回 1 项").await;
    browser.until_says("state", "退回").await;

    // Another one is approved.
    browser.click("menu-queue").await;
    browser.until_says("pending-count", "2").await;
    browser.click(&format!("open-{}", other.record_no)).await;
    browser.until_says("operator-name", &other.name).await;
    browser.click("approve").await;
    browser.until_says("done", "已通过").await;
    browser.until_says("state", "已通过").await;
    shoot(&browser, "05-approved").await;

    // The day report: preview, version, pages.
    browser.click("menu-reports").await;
    browser.until_says("report-records", "3").await;
    browser.click("preview").await;
    browser.until_says("pages-title", "预览").await;
    assert!(browser.picture("page-1").await > 1_000);
    browser.click("make-report").await;
    browser.until_says("pages-title", "日报〔").await;
    browser.find("version-1").await;
    browser.picture("page-1").await;
    shoot(&browser, "06-report").await;
    browser.click("menu-operators").await;
    browser.find("operators").await;
    browser.write("operator-search", "lt").await;
    browser.find("operator-total").await;
    shoot(&browser, "07-register").await;
    browser.click("menu-conflicts").await;
    browser.find("conflicts").await;

    // One byte of the signed text is altered behind the server's back.
    flip_a_byte(&folder.path().join("county/county.db"), &other.id);
    browser.click("menu-queue").await;
    browser.click("show-all").await;
    browser.click(&format!("open-{}", other.record_no)).await;
    browser.until_says("integrity-label", "不符").await;
    let sentence = browser.text("integrity-sentence").await;
    assert!(
        sentence.contains("摘要不符") && sentence.chars().count() > 20,
        "{sentence}"
    );
    shoot(&browser, "08-mismatch").await;
    browser.close().await;
}

/// Alters one byte in the middle of the signed body of a record.
fn flip_a_byte(database: &std::path::Path, inspection: &str) {
    let db = rusqlite::Connection::open(database).unwrap();
    let id = uuid::Uuid::parse_str(inspection).unwrap();
    let (hash, mut body): (Vec<u8>, Vec<u8>) = db
        .query_row(
            "SELECT c.hash, c.body FROM change c JOIN inspection i ON i.signed_change = c.hash WHERE i.inspection = ?1",
            [id.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let middle = body.len() / 2;
    body[middle] ^= 0x01;
    db.execute("UPDATE change SET body = ?1 WHERE hash = ?2", (body, hash))
        .unwrap();
}
