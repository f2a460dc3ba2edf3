//! No network for days, in the window alone: a bundle is written by its key, the real server imports it, and the receipts
//! come back through the page. What is no receipt of this phone changes nothing.

use super::setting::{FIRST, Setting, setting};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;
use xunji_tests::link::{Line, Link, Profile};
use xunji_tests::market::{Step, Stopped};
use xunji_tests::window::Page;

const SEED: u64 = 28;

/// A locked record with a photo, on a phone whose line went before it began.
async fn a_record(setting: &Setting, page: &Page, link: &Link) -> Step<String> {
    setting.on_duty(page).await?;
    link.set(Line::Down);
    let id = setting.begin(page, FIRST).await?;
    page.choose_file("storefront-file", &setting.photo(0))
        .await?;
    let photo = page.name_of_first("photo-view-").await?;
    page.until_is(&photo, "data-state", "shown").await?;
    page.click("back").await?;
    setting.nobody_there(page).await?;
    page.click("locked-home").await?;
    page.click("tab-me").await?;
    page.click("me-sync").await?;
    page.until_says("lane-records-count", "0/1").await?;
    Ok(id)
}

/// Presses the keys; gives the one volume, which lies where the page says.
async fn written(setting: &Setting, page: &Page) -> Step<PathBuf> {
    let folder = setting.app.documents().join("巡集/离线包");
    page.bring("carry-out").await?;
    page.click("carry-out").await?;
    page.until_is("carry-all", "aria-pressed", "true").await?;
    page.until_says("carry-all", "原片 1 张").await?;
    page.until_says("carry-records", "记录 1 份").await?;
    page.click("carry-write").await?;
    page.until_says("carry-written", "离线包已写好，共 1 卷")
        .await?;
    assert_eq!(page.count("carry-left-out").await?, 0);
    assert_eq!(
        page.text("carry-where").await?,
        folder.display().to_string()
    );
    let volume = folder.join(page.text("carry-name").await?);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    page.click("carry-done").await?;
    page.until_none("carry-written").await?;
    page.until_says("lane-records-count", "0/1").await?;
    Ok(volume)
}

/// Imports a bundle as the administrator does; gives the file of receipts.
async fn receipts(setting: &Setting, volume: PathBuf, back: &Path) -> Step<PathBuf> {
    std::fs::create_dir_all(back).unwrap();
    let imported = setting.day.server.import_bundle(&[volume], back).await?;
    assert!(imported.well, "{imported:?}");
    let bundles = imported.line["bundles"].as_array().unwrap();
    assert_eq!(bundles.len(), 1, "{imported:?}");
    Ok(PathBuf::from(bundles[0]["receipts"].as_str().unwrap()))
}

/// The receipts of a phone of a colleague.
async fn of_another(setting: &Setting, out: &Path) -> Step<PathBuf> {
    let people = ["检查员丙", "检查员丁"];
    let mut other = setting.day.phone("team2", &people).await?;
    other
        .phone
        .call(json!({"cmd": "register_operator", "kind": "stall", "name": "新来的摊", "owner": "甲某", "phone": "",
            "address": "", "market": null, "slot": "", "varieties": []}))
        .await?;
    std::fs::create_dir_all(out).unwrap();
    let ask = json!({"cmd": "export_bundle", "folder": out, "along": "records"});
    let written = other.phone.call(ask).await?;
    let volume = PathBuf::from(written["volumes"][0].as_str().unwrap());
    other.phone.kill().await?;
    receipts(setting, volume, &out.join("back")).await
}

fn altered(good: &Path) -> PathBuf {
    let mut bytes = std::fs::read(good).unwrap();
    let at = bytes.len() - 3;
    bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    let path = good.with_file_name("altered.xjr");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// What the rows say, once each file has one.
async fn rows(page: &Page, files: usize) -> Step<Vec<String>> {
    const ROWS: &str = "return [...document.querySelectorAll('[data-testid=\"receipt\"]')].map((row) => row.textContent)";
    for _ in 0..200 {
        let said = page.script(ROWS, vec![]).await?;
        let said: Vec<String> = serde_json::from_value(said).unwrap();
        if said.len() >= files {
            return Ok(said);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Stopped(format!("{files} files were not read")))
}

/// Three files at once, none of them this phone's receipts.
async fn refused(setting: &Setting, page: &Page, good: &Path, other: &Path) -> Step<()> {
    let files = [altered(good), other.to_owned(), setting.photo(1)];
    let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    page.click("carry-back").await?;
    page.keys("receipts-choose-file", &paths.join("\n")).await?;
    // The last one read stands first.
    let said = rows(page, files.len()).await?;
    let words = ["读不出来或不完整", "不是给本机的收据", "不是给本机的收据"];
    for ((file, row), why) in files.iter().rev().zip(&said).zip(words) {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(row.contains(name) && row.contains(why), "{said:?}");
        assert!(row.contains("本机没有任何改动"), "{row}");
    }
    page.until_says("lane-records-count", "0/1").await?;
    page.until_says("lane-originals-count", "0/1").await
}

async fn taken(page: &Page, good: &Path) -> Step<()> {
    page.choose_file("receipts-choose-file", good).await?;
    page.until_says("receipts-said", "收据已核对").await?;
    page.until_says("receipts-said", "文件 3 个确认收到")
        .await?;
    page.click("receipts-sheet-close").await?;
    page.until_none("receipts-said").await?;
    for lane in ["records", "thumbnails", "copies", "originals"] {
        page.until_says(&format!("lane-{lane}-count"), "1/1")
            .await?;
    }
    page.until_says("sync-headline", "没有待交的内容").await?;
    page.until_none("carry-out").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_without_a_line_hands_everything_in_by_its_own_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut setting = setting(folder.path(), SEED).await.unwrap();
    let link = Link::start(0, setting.day.server.address, SEED)
        .await
        .unwrap();
    link.set(Line::Up(Profile::CLEAR));
    let address = format!("http://{}", link.address());
    setting.app.set_env("XUNJI_SERVER_URL", address);
    let window = setting.app.open().await.unwrap();
    let page = &window.page;
    let id = a_record(&setting, page, &link).await.unwrap();
    let volume = written(&setting, page).await.unwrap();
    let back = folder.path().join("back");
    let good = receipts(&setting, volume, &back).await.unwrap();
    let out = folder.path().join("other");
    let other = of_another(&setting, &out).await.unwrap();
    refused(&setting, page, &good, &other).await.unwrap();
    taken(page, &good).await.unwrap();
    let desk = setting.at_the_desk(&id).await.unwrap();
    let photos = desk["content"]["photos"].as_array().unwrap();
    assert_eq!(photos.len(), 1, "{photos:?}");
    window.close().await.unwrap();
}
