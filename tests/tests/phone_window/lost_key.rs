//! The key of the data is gone: the window says so, the bureau reads a code out, and the visit goes on.

use super::setting::{FIRST, Setting, setting};
use super::visit::{everything_is_there, half_a_visit};
use xunji_tests::market::Step;
use xunji_tests::window::Page;

/// What the administrator types and reads out.
async fn released(setting: &Setting, page: &Page) -> Step<String> {
    page.until_at("/key").await?;
    let number = page.text("key-phone").await?;
    setting
        .day
        .server
        .release_key(&number, "guanli", "手机系统升级后密钥库清空")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_is_typed_in_and_the_visit_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let setting = setting(folder.path(), 26).await.unwrap();
    let window = setting.app.open().await.unwrap();
    setting.on_duty(&window.page).await.unwrap();
    let id = half_a_visit(&setting, &window.page).await.unwrap();
    window.kill().await.unwrap();
    let key = setting.app.data().join("key");
    let was = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();

    let window = setting.app.open().await.unwrap();
    let page = &window.page;
    let code = released(&setting, page).await.unwrap();
    let wrong = if code.starts_with('0') { "1" } else { "0" };
    page.keys("key-code", &format!("{wrong}{}", &code[1..]))
        .await
        .unwrap();
    page.click("key-enter").await.unwrap();
    page.until_says("said", "恢复码有错字").await.unwrap();
    page.click("said-close").await.unwrap();
    assert!(!key.exists(), "no key was made");
    page.keys("key-code", "\u{e009}a\u{e000}").await.unwrap();
    page.keys("key-code", &code.to_lowercase()).await.unwrap();
    page.click("key-enter").await.unwrap();
    everything_is_there(page, &id).await.unwrap();
    assert_eq!(std::fs::read(&key).unwrap(), was);
    // It is a whole phone again: what is signed now arrives.
    page.click("back").await.unwrap();
    setting.operator(page, FIRST).await.unwrap();
    setting.nobody_there(page).await.unwrap();
    setting.at_the_desk(&id).await.unwrap();
    window.close().await.unwrap();
}
