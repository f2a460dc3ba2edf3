//! A desk with many tabs. A browser opens six lines to a server and no more; a console that kept one in every tab would
//! stand still in the seventh.

use super::browser::sign_in;
use super::page::Browser;
use xunji_tests::market::small::SmallDay;

/// More than a browser has lines.
const TABS: usize = 9;

#[tokio::test(flavor = "multi_thread")]
async fn every_tab_of_a_desk_with_many_opens_and_hears_of_changes() {
    let folder = tempfile::tempdir().unwrap();
    let day = SmallDay::begin(folder.path(), 11, 2).await.unwrap();
    let browser = Browser::open().await;
    sign_in(&browser, &day).await;
    browser.until_says("pending-count", "0").await;
    let first = browser.client.window().await.unwrap();
    let queue = browser.client.current_url().await.unwrap();
    for _ in 1..TABS {
        let tab = browser.client.new_window(true).await.unwrap().handle;
        browser.client.switch_to_window(tab).await.unwrap();
        browser.client.goto(queue.as_str()).await.unwrap();
        browser.until_says("pending-count", "0").await;
    }
    // The one that was hidden behind all of them hears again.
    browser.client.switch_to_window(first).await.unwrap();
    browser.client.refresh().await.unwrap();
    browser.until_says("pending-count", "0").await;
}
