//! The system's camera played by a folder: it writes, the page says the name, or the app is gone meanwhile.

use super::*;

const NAME: &str = "JPEG_20261125_093000_1234567890.jpg";

/// A visit whose phone has a picture folder of the system's.
fn with_pictures() -> (Visit, PathBuf) {
    let visit = Visit::begin();
    let folder = visit.phone.home.path().join("sdcard/Pictures");
    std::fs::create_dir_all(&folder).unwrap();
    visit.phone.device.photos.set_pictures(folder.clone());
    (visit, folder)
}

fn named(
    visit: &Visit,
    photo: &str,
    name: &str,
    size: usize,
) -> Result<Value, crate::api::ApiError> {
    visit
        .phone
        .try_call(json!({"cmd": "take_named", "photo": photo, "name": name, "size": size}))
}

#[test]
fn a_capture_is_taken_by_its_name_and_nothing_clear_is_left() {
    let (visit, folder) = with_pictures();
    let photo = visit.storefront();
    std::fs::write(folder.join(NAME), jpeg(21)).unwrap();
    let view = named(&visit, &photo, NAME, jpeg(21).len()).unwrap();
    assert_eq!(view["sha256"], hex(&jpeg(21)));
    assert_eq!(all_files(&folder), Vec::<PathBuf>::new());
    let again = named(&visit, &photo, NAME, jpeg(21).len()).unwrap();
    assert_eq!(again["sha256"], hex(&jpeg(21)), "asked twice, kept once");
    assert_eq!(visit.hashes(), [hex(&jpeg(21))]);
}

/// Whatever cannot be the file of this capture stays as it lies, and the page brings the bytes.
#[test]
fn what_is_not_this_captures_file_is_not_touched() {
    let (visit, folder) = with_pictures();
    let outside = visit.phone.home.path().join("sdcard/secret.jpg");
    std::fs::write(&outside, jpeg(22)).unwrap();
    let size = jpeg(22).len();
    let photo = visit.storefront();
    let elsewhere = |name: &str, size: usize, why: &str| {
        let error = refusal(named(&visit, &photo, name, size));
        assert_eq!(error.code, "photo_elsewhere", "{why}");
    };
    elsewhere(NAME, size, "not there");
    elsewhere("../secret.jpg", size, "a path");
    let link = folder.join("JPEG_20261125_1.jpg");
    std::os::unix::fs::symlink(&outside, &link).unwrap();
    elsewhere("JPEG_20261125_1.jpg", size, "a link");
    std::fs::create_dir(folder.join("JPEG_20261125_2.jpg")).unwrap();
    elsewhere("JPEG_20261125_2.jpg", size, "a folder");
    let file = folder.join(NAME);
    std::fs::write(&file, jpeg(22)).unwrap();
    elsewhere(NAME, size - 1, "another size: the camera still writes");
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    let opened = std::fs::File::options().write(true).open(&file).unwrap();
    opened.set_modified(yesterday).unwrap();
    elsewhere(NAME, size, "older than the open camera");
    assert_eq!(std::fs::read(&file).unwrap(), jpeg(22));
    assert_eq!(std::fs::read(&outside).unwrap(), jpeg(22));
    assert!(visit.hashes().is_empty());

    // The way in pieces is still open, and the old file is not mistaken for anything on it.
    let whole = visit.shoot(&format!("{photo}.jpg"), &jpeg(23));
    visit.take_over(&photo, &whole).unwrap();
    assert_eq!(visit.hashes(), [hex(&jpeg(23))]);
}

#[test]
fn a_phone_without_a_picture_folder_takes_bytes_alone() {
    let visit = Visit::begin();
    let photo = visit.storefront();
    visit.shoot(NAME, &jpeg(24));
    let error = refusal(named(&visit, &photo, NAME, jpeg(24).len()));
    assert_eq!(error.code, "photo_elsewhere");
}

#[test]
fn a_capture_that_is_no_picture_is_that_photos_error() {
    let (visit, folder) = with_pictures();
    let photo = visit.storefront();
    std::fs::write(folder.join(NAME), b"no picture").unwrap();
    let error = refusal(named(&visit, &photo, NAME, 10));
    assert_eq!(error.code, "photo_not_picture");
    assert!(folder.join(NAME).is_file());
}

/// The camera took the app's place in memory: the page's answer is lost, the file is not.
#[test]
fn a_capture_whose_page_died_is_found_when_the_app_comes_back() {
    let (visit, folder) = with_pictures();
    let photo = visit.storefront();
    std::fs::write(folder.join(NAME), jpeg(25)).unwrap();
    let visit = visit.reopened();
    visit.phone.device.photos.set_pictures(folder.clone());
    let swept = sweep(&visit.phone.device).unwrap();
    assert_eq!((swept.found, swept.tray), (1, 0));
    assert_eq!(visit.draft()["photos"][0]["id"], photo);
    assert_eq!(visit.hashes(), [hex(&jpeg(25))]);
    assert_eq!(all_files(&folder), Vec::<PathBuf>::new());
}

/// The system gives the screen back before the page hears of its photo: what is uncertain then is the
/// page's to say, and what is certain is not taken twice.
#[test]
fn coming_back_takes_no_file_out_of_the_pages_hands() {
    let (visit, folder) = with_pictures();
    let photo = visit.storefront();
    visit.expect(json!({"kind": "licence"}));
    std::fs::write(folder.join(NAME), jpeg(27)).unwrap();
    let swept = sweep_certain(&visit.phone.device).unwrap();
    assert_eq!(swept, Swept::default(), "two captures open, one file");
    named(&visit, &photo, NAME, jpeg(27).len()).unwrap();
    assert_eq!(visit.hashes(), [hex(&jpeg(27))]);

    let other = "JPEG_20261125_093100_2.jpg";
    let whole = jpeg(28);
    std::fs::write(folder.join(other), &whole[..whole.len() / 2]).unwrap();
    let swept = sweep_certain(&visit.phone.device).unwrap();
    assert_eq!(swept, Swept::default(), "the camera still writes");
    std::fs::write(folder.join(other), &whole).unwrap();
    let swept = sweep_certain(&visit.phone.device).unwrap();
    assert_eq!(
        (swept.found, swept.tray),
        (1, 0),
        "one capture open, one file"
    );
    let licence = visit.draft()["photos"][1]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let view = named(&visit, &licence, other, jpeg(28).len()).unwrap();
    assert_eq!(view["sha256"], hex(&jpeg(28)));
    assert_eq!(visit.hashes().len(), 2);
}

/// Killed at every step of the hand-over by name: once the photo, never a clear file.
#[test]
fn killed_at_every_step_a_named_capture_is_there_once() {
    for step in Step::ALL {
        let (visit, folder) = with_pictures();
        let photo = visit.storefront();
        std::fs::write(folder.join(NAME), jpeg(26)).unwrap();
        visit.phone.device.photos.set_watch(Box::new(move |passed| {
            if passed == step {
                std::panic::resume_unwind(Box::new("killed"));
            }
        }));
        let _ = catch_unwind(AssertUnwindSafe(|| {
            named(&visit, &photo, NAME, jpeg(26).len()).unwrap();
            visit.derive_all();
        }));
        let visit = visit.reopened();
        visit.phone.device.photos.set_pictures(folder.clone());
        sweep(&visit.phone.device).unwrap();
        assert_eq!(visit.hashes(), [hex(&jpeg(26))], "{step:?}");
        assert_eq!(all_files(&folder), Vec::<PathBuf>::new(), "{step:?}");
        assert!(visit.tray().is_empty(), "{step:?}");
    }
}
