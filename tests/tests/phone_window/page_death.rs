//! The process of the page is killed in the middle of a visit, as a phone does that runs out of memory. The app
//! lives on, and nothing of the visit is lost.

use super::setting::{Setting, setting};
use super::visit::{everything_is_there, half_a_visit};
use std::time::Duration;
use xunji_tests::market::{Step, Stopped};
use xunji_tests::window::Window;

/// Bytes of the picture of a page with nothing on it, at most.
const EMPTY: usize = 20_000;
/// Looks that must be alike.
const AT_REST: usize = 10;

/// Waits for another process of the page under the same app.
async fn another_page(window: &Window, killed: u32) -> Step<u32> {
    for _ in 0..300 {
        match window.page_pid() {
            Ok(pid) if pid != killed => return Ok(pid),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    Err(Stopped("the page was not loaded again".into()))
}

/// What the window shows when it has come to rest on something.
async fn at_rest(setting: &Setting) -> Step<Vec<u8>> {
    let mut last = Vec::new();
    let mut alike = 0;
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = setting.app.seen()?;
        // An empty page packs into next to nothing.
        alike = if now == last && now.len() > EMPTY {
            alike + 1
        } else {
            0
        };
        if alike == AT_REST {
            return Ok(now);
        }
        last = now;
    }
    Err(Stopped("the window shows nothing that stays".into()))
}

/// The driver ends its session when the page's process dies, so the window is looked at from outside; and then
/// compared with what a driver finds whole.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_dies_and_opens_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let setting = setting(folder.path(), 25).await.unwrap();
    let window = setting.app.open().await.unwrap();
    setting.on_duty(&window.page).await.unwrap();
    let id = half_a_visit(&setting, &window.page).await.unwrap();
    let app = window.pid().unwrap();

    let killed = window.kill_page().await.unwrap();
    let second = another_page(&window, killed).await.unwrap();
    let shown = at_rest(&setting).await.unwrap();
    // A page that dies again at once rests a while, and comes back all the same.
    window.kill_page().await.unwrap();
    another_page(&window, second).await.unwrap();
    assert_eq!(at_rest(&setting).await.unwrap(), shown);
    assert_eq!(window.pid().unwrap(), app);

    // Where nobody loads it again, the next start shows the same.
    window.kill().await.unwrap();
    let window = setting.app.open().await.unwrap();
    everything_is_there(&window.page, &id).await.unwrap();
    assert_eq!(at_rest(&setting).await.unwrap(), shown);
    window.close().await.unwrap();
}
