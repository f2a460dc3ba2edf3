//! The system's camera as on Android: it writes into the app's own picture folder, and the page hands over nothing but the
//! file's name. A folder plays it.

use super::setting::{FIRST, Setting, setting};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use xunji_tests::market::{Step, Stopped};
use xunji_tests::window::Page;

/// As Android's shell names what it lends the camera.
const TAKEN: &str = "JPEG_20261021_061500_1234567890.jpg";
const BROKEN: &str = "JPEG_20261021_061600_1234567891.jpg";

/// As the camera leaves a file: written after the app has asked for it.
fn left(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    let later = SystemTime::now() + Duration::from_secs(60);
    file.set_modified(later).unwrap();
    path
}

/// The inspector taps the key: the photo's row is made, and the system's camera would open. What it writes it writes
/// after that; a file that lay there before belongs to no photo and would go to the tray.
async fn asked(page: &Page) -> Step<()> {
    let stand_in = "window.__opened = false; HTMLInputElement.prototype.click = () => { window.__opened = true }";
    page.script(stand_in, vec![]).await?;
    page.click("storefront").await?;
    for _ in 0..200 {
        let opened = page.script("return window.__opened", vec![]).await?;
        if opened.as_bool() == Some(true) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Stopped("the system's camera was not asked for".into()))
}

/// The page names the file, the core takes it over, and no clear byte is left in the folder.
async fn by_name(setting: &Setting, page: &Page, pictures: &Path) -> Step<String> {
    let bytes = fs::read(setting.photo(0)).unwrap();
    asked(page).await?;
    let path = left(pictures, TAKEN, &bytes);
    page.choose_file("storefront-file", &path).await?;
    let photo = page.name_of_first("photo-view-").await?;
    page.until_is(&photo, "data-state", "shown").await?;
    assert_eq!(fs::read_dir(pictures).unwrap().count(), 0, "a clear file");
    Ok(hex::encode(Sha256::digest(&bytes)))
}

/// What is no picture is refused in a sentence, and stays where it was.
async fn refused(page: &Page, pictures: &Path) -> Step<()> {
    asked(page).await?;
    let path = left(pictures, BROKEN, b"this is no picture");
    page.choose_file("storefront-file", &path).await?;
    page.until_says("said", "这个文件不是照片").await?;
    page.until_says("said", "检查记录不受影响").await?;
    page.click("said-close").await?;
    assert!(path.exists(), "nothing is deleted that is not kept");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_the_systems_camera_is_taken_over_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut setting = setting(folder.path(), 27).await.unwrap();
    let pictures = folder.path().join("pictures");
    setting
        .app
        .set_env("XUNJI_PICTURES_DIR", pictures.display().to_string());
    let window = setting.app.open().await.unwrap();
    let page = &window.page;
    setting.on_duty(page).await.unwrap();
    let id = setting.begin(page, FIRST).await.unwrap();
    let sha256 = by_name(&setting, page, &pictures).await.unwrap();
    refused(page, &pictures).await.unwrap();
    page.click("back").await.unwrap();
    setting.nobody_there(page).await.unwrap();
    let desk = setting.at_the_desk(&id).await.unwrap();
    let photos = desk["content"]["photos"].as_array().unwrap();
    assert_eq!(photos.len(), 1, "{photos:?}");
    assert_eq!(photos[0]["sha256"], sha256.as_str());
    window.close().await.unwrap();
}
