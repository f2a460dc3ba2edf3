#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

//! The shell's own camera: what it writes is taken over as the system's is, and what it does not write costs nothing. And the
//! places on the disk, which the shell names and no page.

use super::{Door, Host, PeopleFolder, Phone, Reach, Settings, Shot};
use crate::api::ApiError;
use crate::keystore::{FileKeyStore, KeyStore};
use crate::photos::CAMERA;
use crate::usecases::tests::{self, refusal};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use xunji_domain::ids::PhotoId;
use xunji_domain::place::{NoFix, RawFix};

const NO_PICTURE: &[u8] = b"this is no picture";

/// A shell whose camera writes what it was given, and ends so.
struct Shell(Vec<u8>, Shot);

impl Host for Shell {
    fn tell(&self) {}

    fn position(&self, _: &Phone, _: Duration) -> Result<RawFix, NoFix> {
        Err(NoFix::NoSource)
    }

    fn photograph(&self, into: &Path) -> Shot {
        if !self.0.is_empty() {
            std::fs::write(into, &self.0).unwrap();
        }
        self.1
    }
}

fn people(home: &Path) -> PeopleFolder {
    PeopleFolder::below(&home.join("documents"), Reach::Desktop)
}

fn keys(folder: &Path) -> Arc<dyn KeyStore> {
    Arc::new(FileKeyStore::at(folder.join("key")))
}

fn jpeg() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(400, 300, |x, y| image::Rgb([x as u8, y as u8, 7]));
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut out)
        .encode_image(&picture)
        .unwrap();
    out
}

struct Visit {
    door: Arc<Door>,
    id: String,
    home: tempfile::TempDir,
}

impl Visit {
    fn with(bytes: &[u8], shot: Shot) -> Self {
        let phone = tests::Phone::on_duty();
        phone.may_carry();
        let id = phone.all_passed(&phone.stall(0).clone());
        let tests::Phone { device, home, .. } = phone;
        drop(device);
        let settings = Settings {
            folder: home.path().to_owned(),
            enrol: None,
            pictures: None,
            people: Some(people(home.path())),
            clock_offset_ms: Some(0),
            keys,
        };
        let door = Arc::new(Door::new(settings, Box::new(Shell(bytes.to_owned(), shot))));
        Self { door, id, home }
    }

    fn call(&self, command: Value) -> Value {
        self.door.call(command).unwrap()
    }

    fn expect(&self) -> PhotoId {
        let purpose = json!({"kind": "storefront"});
        let command = json!({"cmd": "expect_photo", "inspection": self.id, "purpose": purpose});
        self.call(command)["photo"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    }

    fn photograph(&self) -> Result<Value, ApiError> {
        self.door.photograph(self.expect())
    }

    /// A picture that the camera left while the app was not in memory, named after its photo.
    fn left(&self, photo: PhotoId) {
        let folder = self.home.path().join(CAMERA);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{photo}.jpg")), jpeg()).unwrap();
    }

    /// Files in clear.
    fn clear(&self) -> usize {
        let folder = self.home.path().join(CAMERA);
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }
}

#[test]
fn what_the_shells_own_camera_wrote_is_sealed_and_its_clear_file_is_gone() {
    let visit = Visit::with(&jpeg(), Shot::Taken);
    let view = visit.photograph().unwrap();
    assert!(view["sha256"].is_string(), "{view}");
    assert_eq!(visit.clear(), 0);
    let draft = visit.call(json!({"cmd": "draft", "id": visit.id}));
    assert_eq!(draft["photos"][0]["id"], view["id"]);
}

#[test]
fn a_camera_that_was_closed_leaves_the_photo_expected() {
    let visit = Visit::with(&[], Shot::Closed);
    assert_eq!(visit.photograph().unwrap(), Value::Null);
    assert_eq!(visit.clear(), 0);
}

#[test]
fn the_page_is_told_when_it_must_open_the_systems_camera() {
    for (shot, code) in [
        (Shot::Elsewhere, "camera_elsewhere"),
        (Shot::Denied, "camera_denied"),
    ] {
        assert_eq!(refusal(Visit::with(&[], shot).photograph()).code, code);
    }
}

#[test]
fn what_is_no_picture_is_refused_as_from_the_systems_camera() {
    let visit = Visit::with(NO_PICTURE, Shot::Taken);
    assert_eq!(refusal(visit.photograph()).code, "photo_not_picture");
}

#[test]
fn a_page_that_shows_again_has_the_core_look_for_what_the_camera_left() {
    let visit = Visit::with(&[], Shot::Closed);
    let photo = visit.expect();
    visit.left(photo);
    assert_eq!(visit.call(json!({"cmd": "came_back"})), Value::Null);
    assert_eq!(visit.clear(), 0);
    let draft = visit.call(json!({"cmd": "draft", "id": visit.id}));
    assert_eq!(draft["photos"][0]["id"], json!(photo.to_string()));
    assert!(draft["photos"][0]["sha256"].is_string(), "{draft}");
}

#[test]
fn a_page_that_shows_again_does_not_open_the_phone() {
    let visit = Visit::with(&[], Shot::Closed);
    assert_eq!(visit.call(json!({"cmd": "came_back"})), Value::Null);
    assert!(visit.door.phone().opened().is_none());
}

#[test]
fn a_page_names_no_place_on_the_disk() {
    let visit = Visit::with(&[], Shot::Closed);
    let elsewhere = visit.home.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let receipts = elsewhere.join("a.xjr");
    std::fs::write(&receipts, jpeg()).unwrap();
    let photo = visit.expect();
    for command in [
        json!({"cmd": "export_bundle", "folder": elsewhere, "along": "all"}),
        json!({"cmd": "import_receipts", "path": receipts}),
        json!({"cmd": "take_over", "photo": photo, "path": receipts, "origin": "camera"}),
    ] {
        let refused = refusal(visit.door.call(command.clone()));
        assert_eq!(refused.code, "not_for_a_page", "{command}");
    }
    let left: Vec<_> = std::fs::read_dir(&elsewhere).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_page_writes_into_the_folder_that_the_shell_named() {
    let visit = Visit::with(&[], Shot::Closed);
    // The door's clock is the real one: nobody was chosen for this day.
    let roster = visit.call(json!({"cmd": "roster"}));
    let ids = [&roster[0]["id"], &roster[1]["id"]];
    visit.call(json!({"cmd": "set_inspectors", "ids": ids}));
    visit.call(json!({"cmd": "register_operator", "kind": "stall", "name": "新来的摊", "owner": "甲某", "phone": "",
        "address": "", "market": null, "slot": "", "varieties": []}));
    let folder = people(visit.home.path());
    let cut = folder.path().join("xunji-A-20261020-0-1of1.xjb.part");
    std::fs::create_dir_all(folder.path()).unwrap();
    std::fs::write(&cut, "cut short").unwrap();
    let said = visit.call(json!({"cmd": "write_bundle", "along": "records"}));
    assert_eq!(said["folder_text"], json!(folder.words()));
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| json!(file.unwrap().file_name().to_str().unwrap()))
        .collect();
    assert_eq!(said["names"], json!(names));
    let state = visit.call(json!({"cmd": "bundle_state"}));
    assert_eq!(state["last"], said);
    assert_eq!(state["percent"], Value::Null);
}
