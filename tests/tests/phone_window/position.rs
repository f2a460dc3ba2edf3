//! The place of a visit, from the receiver to the console. A file plays the receiver.

use super::setting::{FIRST, SECOND, Setting, setting};
use serde_json::{Value, json};
use std::path::Path;
use xunji_tests::market::Step;
use xunji_tests::window::Page;

fn say(receiver: &Path, said: &Value) {
    // As one piece: the shell must not read half of it.
    let part = receiver.with_extension("part");
    std::fs::write(&part, said.to_string()).unwrap();
    std::fs::rename(part, receiver).unwrap();
}

/// A made-up place that is old, then a measured one: the page marks the first and shows the second.
async fn found(page: &Page, receiver: &Path) -> Step<()> {
    page.until_is("position", "data-state", "asking").await?;
    say(
        receiver,
        &json!({"latitude": 30.0, "longitude": 110.0, "accuracy": 900, "age_ms": 600_000, "mock": true}),
    );
    page.until_is("position", "data-state", "fix").await?;
    page.until_says("position", "模拟位置").await?;
    page.until_says("position", "10 分钟前的旧位置").await?;
    say(
        receiver,
        &json!({"latitude": 36.123_456_7, "longitude": 117.567_890_1, "accuracy": 8.0, "source": "satellite"}),
    );
    page.until_says("position", "36.1234567, 117.5678901，误差约 8 米（卫星）")
        .await?;
    page.until_none("position-mark").await
}

async fn record(page: &Page, says: &str) -> Step<()> {
    page.click("locked-record").await?;
    page.until_says("position", says).await?;
    page.click("back").await?;
    page.click("locked-home").await
}

async fn with_a_receiver(setting: &Setting, page: &Page, receiver: &Path) -> Step<Value> {
    let id = setting.begin(page, FIRST).await?;
    found(page, receiver).await?;
    page.click("back").await?;
    setting.nobody_there(page).await?;
    record(page, "36.1234567").await?;
    setting.at_the_desk(&id).await
}

/// The receiver says that it is nowhere, and goes on saying it: the visit is signed all the same.
async fn nowhere(setting: &Setting, page: &Page, receiver: &Path) -> Step<Value> {
    say(
        receiver,
        &json!({"latitude": 0.0, "longitude": 0.0, "accuracy": 1.0}),
    );
    let id = setting.begin(page, SECOND).await?;
    page.until_is("position", "data-state", "asking").await?;
    page.click("back").await?;
    setting.nobody_there(page).await?;
    record(page, "没有定位").await?;
    setting.at_the_desk(&id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_stands_in_the_record_and_none_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut setting = setting(folder.path(), 23).await.unwrap();
    let receiver = folder.path().join("receiver.json");
    setting
        .app
        .set_env("XUNJI_POSITION_FILE", receiver.display().to_string());
    let window = setting.app.open().await.unwrap();
    setting.on_duty(&window.page).await.unwrap();
    let desk = with_a_receiver(&setting, &window.page, &receiver)
        .await
        .unwrap();
    let fix = &desk["content"]["position"];
    assert_eq!(fix["lat_e7"], 361_234_567, "{fix}");
    assert_eq!(fix["lon_e7"], 1_175_678_901, "{fix}");
    assert_eq!(fix["accuracy_cm"], 800, "{fix}");
    assert_eq!(fix["source"], "satellite", "{fix}");
    assert!(desk["position_text"].as_str().unwrap().contains("约 8 米"));
    assert_eq!(desk["position_marks"], json!([]));

    let desk = nowhere(&setting, &window.page, &receiver).await.unwrap();
    assert_eq!(desk["content"]["position"], Value::Null);
    assert_eq!(desk["position_text"], "没有定位");
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_without_a_receiver_says_so_and_signs() {
    let folder = tempfile::tempdir().unwrap();
    let setting = setting(folder.path(), 24).await.unwrap();
    let window = setting.app.open().await.unwrap();
    let page = &window.page;
    setting.on_duty(page).await.unwrap();
    let id = setting.begin(page, FIRST).await.unwrap();
    page.until_says("position", "本机没有定位功能")
        .await
        .unwrap();
    page.click("back").await.unwrap();
    setting.nobody_there(page).await.unwrap();
    let desk = setting.at_the_desk(&id).await.unwrap();
    assert_eq!(desk["content"]["position"], Value::Null);
    window.close().await.unwrap();
}
