#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

//! Photos on a real phone's folder: killed at every step, swept, put to the tray, derived, queued.

mod beside;
mod pictures;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use image::{Rgb, RgbImage};
use serde_json::{Value, json};
use xunji_domain::ids::PhotoId;
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::FileKind;

use super::copies::derive_next;
use super::show::{Rendition, picture};
use super::steps::Step;
use super::sweep::{Swept, sweep, sweep_certain};
use crate::store::local::{files, photos};
use crate::usecases::tests::{Phone, refusal};

/// A JPEG that differs by its seed.
fn jpeg(seed: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(900, 600, |x, y| {
        Rgb([seed, (x / 4) as u8, (y / 3) as u8 ^ seed])
    });
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 90)
        .encode_image(&picture)
        .unwrap();
    out
}

struct Visit {
    phone: Phone,
    id: String,
}

impl Visit {
    fn begin() -> Self {
        let phone = Phone::on_duty();
        let id = phone.all_passed(&phone.stall(0).clone());
        Self { phone, id }
    }

    fn expect(&self, purpose: Value) -> String {
        let command = json!({"cmd": "expect_photo", "inspection": self.id, "purpose": purpose});
        self.phone.call(command)["photo"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn storefront(&self) -> String {
        self.expect(json!({"kind": "storefront"}))
    }

    fn camera(&self) -> PathBuf {
        self.phone.device.photos.camera(self.phone.home.path())
    }

    fn shoot(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.camera().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn take_over(&self, photo: &str, path: &Path) -> Result<Value, crate::api::ApiError> {
        self.phone
            .try_call(json!({"cmd": "take_over", "photo": photo, "path": path, "origin": "camera"}))
    }

    fn draft(&self) -> Value {
        self.phone.call(json!({"cmd": "draft", "id": self.id}))
    }

    fn hashes(&self) -> Vec<String> {
        let draft = self.draft();
        let photos = draft["photos"].as_array().unwrap();
        photos
            .iter()
            .filter_map(|p| p["sha256"].as_str().map(str::to_owned))
            .collect()
    }

    fn tray(&self) -> Vec<Value> {
        self.phone
            .call(json!({"cmd": "tray"}))
            .as_array()
            .unwrap()
            .clone()
    }

    fn clear_files(&self) -> usize {
        std::fs::read_dir(self.camera()).unwrap().count()
    }

    fn derive_all(&self) {
        let mut font = None;
        while derive_next(&self.phone.device, &mut font).unwrap() {}
    }

    fn reopened(self) -> Self {
        Self {
            phone: self.phone.reopened(),
            id: self.id,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    Digest::of(bytes).to_hex()
}

/// Every regular file under a folder.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_files(&path))
        } else {
            found.push(path)
        }
    }
    found
}

#[test]
fn a_photo_is_sealed_and_its_clear_file_is_gone() {
    let visit = Visit::begin();
    let photo = visit.storefront();
    let path = visit.shoot("JPEG_1.jpg", &jpeg(1));
    let view = visit.take_over(&photo, &path).unwrap();
    assert_eq!(
        (view["state"].as_str(), view["sha256"].as_str()),
        (Some("sealed"), Some(hex(&jpeg(1)).as_str()))
    );
    assert_eq!(visit.clear_files(), 0);
    visit.derive_all();
    for file in all_files(visit.phone.home.path()) {
        let bytes = std::fs::read(&file).unwrap();
        // The whole head of a JFIF: three or four bytes of it stand in some megabytes of sealed data by chance.
        let clear = [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, b'J', b'F', b'I', b'F'];
        assert!(jpeg(1).starts_with(&clear));
        assert!(
            !bytes.windows(clear.len()).any(|w| w == clear),
            "{} shows a picture",
            file.display()
        );
    }
    // The same command again, after a lost answer, changes nothing.
    assert_eq!(
        visit.take_over(&photo, &path).unwrap()["sha256"],
        view["sha256"]
    );
}

#[test]
fn a_photo_that_was_given_up_comes_back_as_it_was() {
    let visit = Visit::begin();
    let photo = visit.storefront();
    let path = visit.shoot("JPEG_1.jpg", &jpeg(1)[..900]);
    let sealed = visit.take_over(&photo, &path).unwrap();
    assert_eq!(sealed["damaged"], true);
    let call = |cmd: &str| visit.phone.call(json!({"cmd": cmd, "photo": photo}));
    assert_eq!(call("cancel_photo")["state"], "cancelled");
    assert_eq!(call("restore_photo"), sealed);
    let never_taken = visit.storefront();
    let refused = visit
        .phone
        .try_call(json!({"cmd": "restore_photo", "photo": never_taken}));
    assert_eq!(refusal(refused).code, "not_found");
}

#[test]
fn a_file_that_the_user_chose_is_only_read() {
    let visit = Visit::begin();
    let chosen = visit.phone.home.path().join("holiday.jpg");
    std::fs::write(&chosen, jpeg(2)).unwrap();
    let photo = visit.storefront();
    let command = json!({"cmd": "take_over", "photo": photo, "path": chosen, "origin": "imported"});
    visit.phone.call(command);
    assert_eq!(std::fs::read(&chosen).unwrap(), jpeg(2));
    let inside = visit.camera().join("deeper");
    std::fs::create_dir_all(&inside).unwrap();
    let link = visit.camera().join("link.jpg");
    std::os::unix::fs::symlink(&chosen, &link).unwrap();
    let photo = visit.expect(json!({"kind": "licence"}));
    visit.take_over(&photo, &link).unwrap();
    assert_eq!(
        std::fs::read(&chosen).unwrap(),
        jpeg(2),
        "not through a link either"
    );
}

/// Ended between any two steps and opened again, the photo is there once and its clear file is gone.
#[test]
fn killed_at_every_step_the_photo_is_found_again() {
    for step in Step::ALL {
        let visit = Visit::begin();
        let photo = visit.storefront();
        let path = visit.shoot("JPEG_1.jpg", &jpeg(3));
        visit.phone.device.photos.set_watch(Box::new(move |passed| {
            if passed == step {
                std::panic::resume_unwind(Box::new("killed"));
            }
        }));
        let ended = catch_unwind(AssertUnwindSafe(|| {
            visit.take_over(&photo, &path).unwrap();
            visit.derive_all();
        }));
        assert_eq!(ended.is_err(), step != Step::Expected, "{step:?}");
        let visit = visit.reopened();
        assert_eq!(visit.hashes(), [hex(&jpeg(3))], "{step:?}");
        assert_eq!(
            (visit.clear_files(), visit.tray().len()),
            (0, 0),
            "{step:?}"
        );
        assert_eq!(visit.draft()["photos"][0]["id"], photo, "{step:?}");
        visit.derive_all();
        let id: PhotoId = photo.parse().unwrap();
        assert!(
            picture(&visit.phone.device, id, Rendition::Large)
                .unwrap()
                .is_some(),
            "{step:?}"
        );
        assert_eq!(
            sweep(&visit.phone.device).unwrap(),
            Swept::default(),
            "{step:?}: nothing is left to do"
        );
    }
}

/// The camera wrote, the app was gone before it could even be told.
#[test]
fn a_file_of_the_one_expected_capture_is_taken_over_by_the_sweep() {
    let visit = Visit::begin();
    let photo = visit.storefront();
    visit.shoot("JPEG_20261021_1.jpg", &jpeg(4));
    visit.shoot("JPEG_empty.jpg", &[]);
    let visit = visit.reopened();
    assert_eq!(visit.hashes(), [hex(&jpeg(4))]);
    assert_eq!(visit.draft()["photos"][0]["id"], photo);
    assert!(visit.tray().is_empty());
}

#[test]
fn what_is_not_certain_goes_to_the_tray_and_a_person_puts_it_back() {
    // Two captures open, one file.
    let visit = Visit::begin();
    visit.storefront();
    let item = visit.draft()["answers"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    visit.expect(json!({"kind": "items", "items": [item]}));
    visit.shoot("JPEG_1.jpg", &jpeg(5));
    let visit = visit.reopened();
    assert!(visit.hashes().is_empty());
    let tray = visit.tray();
    assert_eq!(
        (tray.len(), tray[0]["sha256"].as_str()),
        (1, Some(hex(&jpeg(5)).as_str()))
    );
    assert_eq!(visit.clear_files(), 0, "nothing lies about in clear");

    let (lost, purpose) = (
        tray[0]["id"].clone(),
        json!({"kind": "items", "items": [item]}),
    );
    let refused = visit
        .phone
        .try_call(json!({"cmd": "assign_photo", "photo": lost, "purpose": purpose}));
    assert_eq!(refusal(refused).code, "needs_inspection");
    visit.phone.call(
        json!({"cmd": "assign_photo", "photo": lost, "purpose": purpose, "inspection": visit.id}),
    );
    assert_eq!(
        (visit.hashes(), visit.tray().len()),
        (vec![hex(&jpeg(5))], 0)
    );
}

/// Nothing of the tray is part of a record, so no record has to be open for it.
#[test]
fn a_photo_of_the_tray_is_put_away_and_taken_back() {
    let visit = Visit::begin();
    std::fs::create_dir_all(visit.camera()).unwrap();
    visit.shoot("JPEG_stray.jpg", &jpeg(6));
    let found = visit.tray()[0]["id"].clone();
    assert_eq!(visit.phone.call(json!({"cmd": "today"}))["tray"], 1);
    visit
        .phone
        .call(json!({"cmd": "cancel_photo", "photo": found}));
    assert!(visit.tray().is_empty());
    assert_eq!(visit.phone.call(json!({"cmd": "today"}))["tray"], 0);
    visit
        .phone
        .call(json!({"cmd": "restore_photo", "photo": found}));
    assert_eq!(visit.tray()[0]["sha256"], hex(&jpeg(6)).as_str());
}

#[test]
fn several_files_or_an_old_one_are_never_guessed() {
    let visit = Visit::begin();
    visit.storefront();
    for n in 0..2 {
        visit.shoot(&format!("JPEG_{n}.jpg"), &jpeg(10 + n));
    }
    let visit = visit.reopened();
    assert_eq!((visit.hashes().len(), visit.tray().len()), (0, 2));

    let visit = Visit::begin();
    visit.storefront();
    let old = visit.shoot("JPEG_old.jpg", &jpeg(12));
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    std::fs::File::options()
        .write(true)
        .open(&old)
        .unwrap()
        .set_modified(yesterday)
        .unwrap();
    let visit = visit.reopened();
    assert_eq!((visit.hashes().len(), visit.tray().len()), (0, 1));
}

/// A file that lay there before goes to the tray before the camera opens, so it can never be taken for
/// the next capture.
#[test]
fn the_camera_folder_is_empty_when_the_camera_opens() {
    let visit = Visit::begin();
    std::fs::create_dir_all(visit.camera()).unwrap();
    visit.shoot("JPEG_stray.jpg", &jpeg(13));
    visit.storefront();
    assert_eq!((visit.clear_files(), visit.tray().len()), (0, 1));
}

#[test]
fn a_signed_record_takes_no_late_photo() {
    let visit = Visit::begin();
    let photo = visit.storefront();
    visit.phone.close(&visit.id);
    let path = visit.shoot("JPEG_late.jpg", &jpeg(14));
    assert_eq!(
        refusal(visit.take_over(&photo, &path)).code,
        "already_signed"
    );
    let visit = visit.reopened();
    assert_eq!(visit.tray().len(), 1);
}

#[test]
fn bad_files_are_errors_of_that_photo_and_the_record_goes_on() {
    let visit = Visit::begin();
    let missing = visit.camera().join("nowhere.jpg");
    std::fs::create_dir_all(visit.camera()).unwrap();
    for (bytes, code) in [
        (&b""[..], "photo_empty"),
        (b"plain text", "photo_not_picture"),
        (b"GIF89a..", "photo_not_picture"),
    ] {
        let photo = visit.storefront();
        let path = visit.shoot("JPEG_bad.jpg", bytes);
        let error = refusal(visit.take_over(&photo, &path));
        assert_eq!(error.code, code);
        assert!(error.sentence.contains("检查记录不受影响"));
        let draft = visit.draft();
        let row = draft["photos"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["id"] == *photo)
            .unwrap()
            .clone();
        assert_eq!(
            (row["state"].as_str(), row["problem"].as_str()),
            (Some("failed"), Some(error.sentence.as_str()))
        );
        std::fs::remove_file(path).unwrap();
    }
    let photo = visit.storefront();
    assert_eq!(
        refusal(visit.take_over(&photo, &missing)).code,
        "photo_missing"
    );
    assert_eq!(
        refusal(visit.take_over(&photo, &visit.camera())).code,
        "photo_missing"
    );
    let good = visit.shoot("JPEG_good.jpg", &jpeg(15));
    visit.take_over(&photo, &good).unwrap();
    assert_eq!(visit.hashes(), [hex(&jpeg(15))]);
    visit.phone.close(&visit.id);
}

#[test]
fn a_cut_photo_is_kept_as_damaged_and_asks_for_another() {
    let visit = Visit::begin();
    let whole = jpeg(16);
    let cut = &whole[..whole.len() / 2];
    let photo = visit.storefront();
    let view = visit
        .take_over(&photo, &visit.shoot("JPEG_cut.jpg", cut))
        .unwrap();
    assert_eq!(
        (view["state"].as_str(), view["damaged"].as_bool()),
        (Some("sealed"), Some(true))
    );
    visit.derive_all();
    let draft = visit.draft();
    assert!(
        draft["photos"][0]["problem"]
            .as_str()
            .unwrap()
            .contains("已损坏")
    );
    assert_eq!(visit.hashes(), [hex(cut)]);
    assert!(
        picture(
            &visit.phone.device,
            photo.parse().unwrap(),
            Rendition::Thumbnail
        )
        .unwrap()
        .is_some()
    );
}

/// Signing never waits for copies; what is made later is queued with its original.
#[test]
fn copies_made_before_and_after_signing_are_queued() {
    let visit = Visit::begin();
    for seed in [17, 18] {
        let photo = visit.expect(if seed == 17 {
            json!({"kind": "storefront"})
        } else {
            json!({"kind": "licence"})
        });
        visit
            .take_over(&photo, &visit.shoot("JPEG_1.jpg", &jpeg(seed)))
            .unwrap();
        if seed == 17 {
            visit.derive_all();
        }
    }
    let count = |kind| {
        visit
            .phone
            .device
            .local()
            .unwrap()
            .read(|read| files::count(read, kind))
            .unwrap()
    };
    assert_eq!(count(FileKind::Original), (0, 0), "drafts send nothing");
    visit.phone.close(&visit.id);
    assert_eq!(
        (
            count(FileKind::Original),
            count(FileKind::Thumbnail),
            count(FileKind::Copy)
        ),
        ((0, 2), (0, 1), (0, 1))
    );
    visit.derive_all();
    assert_eq!(
        (count(FileKind::Thumbnail), count(FileKind::Copy)),
        ((0, 2), (0, 2))
    );
    let read = |read: &crate::store::local::Read<'_>| photos::to_derive(read);
    assert!(
        visit
            .phone
            .device
            .local()
            .unwrap()
            .read(read)
            .unwrap()
            .is_empty()
    );
}

/// Two pictures that cannot be shown get the same plate; each must still have its own thumbnail, or one
/// of them would be "being made" for ever.
#[test]
fn two_pictures_that_cannot_be_shown_have_a_thumbnail_each() {
    let visit = Visit::begin();
    let mut ids = Vec::new();
    for n in 0..2_u8 {
        let photo = visit.expect(json!({"kind": "storefront"}));
        let path = visit.shoot(&format!("JPEG_{n}.jpg"), &[0xFF, 0xD8, 0xFF, 0xE0, n]);
        visit.take_over(&photo, &path).unwrap();
        ids.push(photo.parse().unwrap());
    }
    visit.derive_all();
    let shown: Vec<_> = ids
        .iter()
        .map(|id| picture(&visit.phone.device, *id, Rendition::Thumbnail).unwrap())
        .collect();
    assert!(shown.iter().all(Option::is_some), "{shown:?}");
}
