//! A supervisor decides between two values in Chromium, by clicks and keys; the phones have it after their
//! next sync, and the county's folder still verifies.

use super::browser::{shoot, sign_in};
use super::page::Browser;
use serde_json::{Value, json};
use std::path::Path;
use xunji_server::config::DataFolder;
use xunji_server::verify;
use xunji_tests::market::noon::{OnLine, sync};
use xunji_tests::market::small::SmallDay;

async fn write_phone(line: &mut OnLine, operator: &str, number: &str) {
    let write = json!({"field": "phone", "seen": "", "new": number});
    let command = json!({"cmd": "edit_operator", "id": operator, "writes": [write]});
    line.phone.call(command).await.unwrap();
}

async fn shown(line: &mut OnLine, operator: &str) -> Value {
    let asked = json!({"cmd": "operator", "id": operator});
    line.phone.call(asked).await.unwrap()
}

async fn is_whole(day: &mut SmallDay, county: &Path) {
    day.server.kill().await.unwrap();
    let found = verify::folder(&DataFolder::new(county), &|_, _| {}).unwrap();
    let flaws: Vec<_> = found.flaws().collect();
    assert!(found.is_whole(), "{flaws:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_values_are_decided_by_clicks_and_the_phones_follow() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = SmallDay::begin(folder.path(), 11, 1).await.unwrap();
    let mut one = day.phone("team1", &["检查员甲", "检查员乙"]).await.unwrap();
    let mut two = day.phone("team2", &["检查员丙", "检查员丁"]).await.unwrap();
    let operator = day.script.contested.id.to_string();
    write_phone(&mut one, &operator, "13800138000").await;
    write_phone(&mut two, &operator, "12315").await;
    sync(&mut one.phone, "pulled").await.unwrap();
    sync(&mut two.phone, "pulled").await.unwrap();

    let browser = Browser::open().await;
    sign_in(&browser, &day).await;
    browser.until_says("count-conflicts", "1").await;
    browser.click("menu-conflicts").await;
    browser.until_says("conflict-count", "1").await;
    browser.until_says("value-1", "13800138000").await;
    browser.until_says("value-2", "12315").await;
    let panel = browser.text("conflict-panel").await;
    for said in ["检查员甲", "检查员丙", "01 号手机", "02 号手机", "手机时间"] {
        assert!(panel.contains(said), "{said}: {panel}");
    }
    shoot(&browser, "20-conflict").await;

    // A value of one's own waits for its reason; the first one is taken after all.
    browser.press('0').await;
    browser.write("own-text", "13900139000").await;
    browser.until_says("conflict-lacks", "理由").await;
    browser.click("value-1").await;
    browser.write("conflict-reason", "电话打通了，是本人").await;
    browser.click("decide").await;
    browser.until_says("done", "13800138000").await;
    browser.find("conflicts-empty").await;
    shoot(&browser, "21-decided").await;

    sync(&mut one.phone, "pulled").await.unwrap();
    sync(&mut two.phone, "pulled").await.unwrap();
    for line in [&mut one, &mut two] {
        let entry = shown(line, &operator).await;
        assert_eq!(entry["operator"]["phone"], "13800138000");
        assert_eq!(entry["conflicts"], json!([]));
    }

    // It stays in the operator's history, also after the page is loaded anew.
    let address = format!("http://{}/operators/{operator}", day.server.address);
    browser.client.goto(&address).await.unwrap();
    browser
        .until_says("decided-fields", "电话打通了，是本人")
        .await;
    browser.until_says("decided-fields", "12315").await;
    shoot(&browser, "22-history").await;
    browser.close().await;
    is_whole(&mut day, &folder.path().join("county")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_of_a_revoked_phone_is_let_in_by_clicks() {
    let folder = tempfile::tempdir().unwrap();
    let county = folder.path().join("county");
    let mut day = SmallDay::begin(folder.path(), 11, 1).await.unwrap();
    let mut one = day.phone("team1", &["检查员甲", "检查员乙"]).await.unwrap();
    let operator = day.script.contested.id.to_string();
    let db = rusqlite::Connection::open(county.join("county.db")).unwrap();
    assert_eq!(
        db.execute("UPDATE device SET state = 'revoked'", [])
            .unwrap(),
        1
    );
    drop(db);
    write_phone(&mut one, &operator, "13800138000").await;
    sync(&mut one.phone, "records").await.unwrap();
    let state = one.phone.call(json!({"cmd": "sync_state"})).await.unwrap();
    assert_eq!(state["tasks"][0]["page"], "operator", "{state}");

    let browser = Browser::open().await;
    sign_in(&browser, &day).await;
    browser.until_says("count-held", "1").await;
    browser.click("menu-held").await;
    browser.until_says("held-reason", "已停用").await;
    shoot(&browser, "23-held").await;
    browser.click("held-retry").await;
    browser.until_says("done", "还不能入账").await;
    browser.write("held-why", "停用前做的，问过本人").await;
    browser.click("held-accept").await;
    browser.until_says("done", "已入账").await;
    browser.find("held-empty").await;
    let address = format!("http://{}/operators/{operator}", day.server.address);
    browser.client.goto(&address).await.unwrap();
    browser.until_says("operator-page", "138").await;
    browser.close().await;
    is_whole(&mut day, &county).await;
}
