//! Chromium as the stand-in of a small old phone's WebView: a touch goes through the page into the real core, a picture
//! too, and both are there after the process was killed.

use serde_json::{Value, json};
use std::path::Path;
use xunji_tests::bridge::BridgeProcess;
use xunji_tests::looks::chromium::{Browser, OLD_PHONE, SMALL};
use xunji_tests::looks::gallery::checkout;
use xunji_tests::market::phone::{Phone, now_ms};
use xunji_tests::market::small::SmallDay;
use xunji_tests::photos;

const FINGERS: &str = "window.__fingers = []; addEventListener('pointerdown', (event) => \
    window.__fingers.push(event.pointerType), true)";

/// A phone of the station with an inspection of the first operator that has one.
async fn begun(day: &SmallDay) -> (Phone, String, String) {
    let mut phone = day
        .phone("webview", &["检查员甲", "检查员乙"])
        .await
        .unwrap()
        .phone;
    let way = json!({"cmd": "set_answer_way", "way": "cards"});
    phone.call(way).await.unwrap();
    let rows = phone
        .call(json!({"cmd": "operators", "query": "", "limit": 1}))
        .await
        .unwrap();
    let start = json!({"cmd": "start_inspection", "operator": rows["rows"][0]["id"]});
    let draft = phone.call(start).await.unwrap();
    let id = draft["id"].as_str().unwrap().to_owned();
    let list = json!({"cmd": "checklist", "id": draft["checklist_id"]});
    let list = phone.call(list).await.unwrap();
    let item = list["items"][0]["code"].as_str().unwrap().to_owned();
    (phone, id, item)
}

async fn touches(url: &str, id: &str, item: &str, picture: &Path) {
    let browser = Browser::small_phone().await.unwrap();
    let page = &browser.page;
    browser.goto(url).await.unwrap();
    let screen = "return [innerWidth, innerHeight, navigator.userAgent]";
    let said = page.script(screen, vec![]).await.unwrap();
    assert_eq!(said, json!([SMALL.0, SMALL.1, OLD_PHONE]));
    page.click(&format!("draft-{id}")).await.unwrap();
    page.script(FINGERS, vec![]).await.unwrap();
    page.bring(&format!("answer-fail-{item}")).await.unwrap();
    page.touch(&format!("answer-fail-{item}")).await.unwrap();
    let answered = format!("item-{item}");
    page.until_is(&answered, "data-answer", "fail")
        .await
        .unwrap();
    let fingers = page
        .script("return window.__fingers", vec![])
        .await
        .unwrap();
    assert_eq!(fingers, json!(["touch"]));
    page.choose_file(&format!("camera-{item}-file"), picture)
        .await
        .unwrap();
    let shown = page.name_of_first("photo-view-").await.unwrap();
    page.until_is(&shown, "data-state", "shown").await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_touch_and_a_picture_of_a_small_phone_are_saved_by_the_core() {
    let folder = tempfile::tempdir().unwrap();
    let day = SmallDay::begin(folder.path(), 5, 0).await.unwrap();
    let (mut phone, id, item) = begun(&day).await;
    phone.kill().await.unwrap();
    let picture = folder.path().join("IMG_0001.jpg");
    std::fs::write(&picture, photos::generate(5, 1)).unwrap();
    let program = day.programs.join("field-bridge");
    let wall = day.script.midnight + 6 * 3_600_000;
    let root = checkout();
    let bridge = BridgeProcess::start(&program, &root, &phone.data, wall - now_ms());
    let bridge = bridge.await.unwrap();
    touches(&bridge.url, &id, &item, &picture).await;
    bridge.kill().await.unwrap();
    phone.open().await.unwrap();
    let draft: Value = phone.call(json!({"cmd": "draft", "id": id})).await.unwrap();
    assert_eq!(draft["answers"][&item]["answer"], json!("fail"));
    assert_eq!(draft["photos"].as_array().unwrap().len(), 1);
}
