//! Files that are damaged, full, newer or without their key; what lies on the disk.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, open, refusal};
use crate::OpenError;
use crate::keystore::KeyError;
use crate::store::StoreError;
use serde_json::json;
use std::fs;
use std::path::Path;

fn overwrite(path: &Path) {
    let middle = fs::metadata(path).unwrap().len() / 2;
    overwrite_at(path, usize::try_from(middle).unwrap());
}

fn overwrite_at(path: &Path, from: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes.get_mut(from..from + 4096).unwrap().fill(0x5a);
    fs::write(path, bytes).unwrap();
}

fn in_quarantine(home: &Path) -> Vec<String> {
    crate::store::quarantine::listed(home)
}

#[test]
fn nothing_on_the_disk_is_readable() {
    let phone = Phone::on_duty();
    let stall = phone.stall(0).clone();
    let id = phone.all_passed(&stall);
    phone.close(&id);
    let needles: [&[u8]; 4] = [
        stall.name.as_bytes(),
        b"SQLite format 3",
        b"inspection.signed",
        "检查员甲".as_bytes(),
    ];
    let mut seen = 0;
    for entry in fs::read_dir(phone.home.path()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        seen += bytes.len();
        for needle in needles {
            let found = bytes.windows(needle.len()).any(|w| w == needle);
            assert!(
                !found,
                "{} holds {}",
                path.display(),
                String::from_utf8_lossy(needle)
            );
        }
    }
    assert!(seen > 100_000, "the files were looked at");
}

#[test]
fn a_damaged_mirror_is_moved_aside_and_begun_anew() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let Phone {
        device,
        clock,
        home,
        ..
    } = phone;
    drop(device);
    overwrite(&home.path().join("mirror.db"));
    crate::store::quarantine::doubt(&home.path().join("mirror.db"));
    let device = open(&home, &clock).unwrap();
    assert_eq!(in_quarantine(home.path()).len(), 1);
    let again = crate::usecases::drafts::draft(&device, id.parse().unwrap()).unwrap();
    assert!(
        again.progress.answered > 0,
        "drafts do not depend on the mirror"
    );
}

#[test]
fn a_local_file_without_its_first_page_is_kept_and_a_new_one_only_begun_when_asked_for() {
    let phone = Phone::on_duty();
    phone.all_passed(&phone.stall(0).clone());
    let Phone {
        device,
        clock,
        home,
        county,
    } = phone;
    drop(device);
    let path = home.path().join("local.db");
    let before = fs::metadata(&path).unwrap().len();
    overwrite_at(&path, 0);
    crate::store::quarantine::doubt(&path);
    let device = open(&home, &clock).unwrap();
    let phone = Phone {
        device,
        clock,
        home,
        county,
    };
    assert_eq!(phone.call(json!({"cmd": "status"}))["local_lost"], true);
    assert_eq!(
        refusal(phone.try_call(json!({"cmd": "today"}))).code,
        "local_lost"
    );
    let kept = in_quarantine(phone.home.path());
    assert_eq!(kept.len(), 1);
    let kept = phone
        .home
        .path()
        .join("quarantine")
        .join(kept.first().unwrap());
    assert_eq!(
        fs::metadata(kept).unwrap().len(),
        before,
        "moved whole, not cleaned"
    );

    let phone = phone.reopened();
    assert_eq!(
        phone.call(json!({"cmd": "status"}))["local_lost"],
        true,
        "no start makes a new one by itself"
    );
    assert_eq!(
        phone.call(json!({"cmd": "begin_new_local"}))["local_lost"],
        false
    );
    let phone = phone.reopened();
    assert_eq!(phone.call(json!({"cmd": "status"}))["enrolled"], false);
    assert_eq!(in_quarantine(phone.home.path()).len(), 1);
}

#[test]
fn a_file_that_is_no_database_is_damaged_too() {
    let phone = Phone::on_duty();
    let Phone {
        device,
        clock,
        home,
        ..
    } = phone;
    drop(device);
    fs::write(
        home.path().join("mirror.db"),
        b"<html>captive portal</html>",
    )
    .unwrap();
    open(&home, &clock).unwrap();
    assert_eq!(in_quarantine(home.path()).len(), 1);
}

#[test]
fn data_without_its_key_stays_untouched() {
    let phone = Phone::on_duty();
    let Phone {
        device,
        clock,
        home,
        ..
    } = phone;
    drop(device);
    fs::rename(home.path().join("key"), home.path().join("key.elsewhere")).unwrap();
    let error = open(&home, &clock).err().unwrap();
    assert!(matches!(error, OpenError::Key(KeyError::Missing)));
    assert_eq!(crate::api::ApiError::from(error).code, "key_missing");
    fs::rename(home.path().join("key.elsewhere"), home.path().join("key")).unwrap();
    open(&home, &clock).unwrap();
    assert!(in_quarantine(home.path()).is_empty());
}

#[test]
fn a_file_of_a_newer_program_is_refused_in_plain_words() {
    let phone = Phone::on_duty();
    crate::store::tests::pretend_newer(phone.device.local().unwrap());
    let Phone {
        device,
        clock,
        home,
        ..
    } = phone;
    drop(device);
    let error = open(&home, &clock).err().unwrap();
    assert!(
        matches!(error, OpenError::Store(StoreError::Newer { found: 99, .. })),
        "{error}"
    );
    let error = crate::api::ApiError::from(error);
    assert_eq!(error.code, "store_newer");
    assert!(error.sentence.contains("内容都在"));
    assert!(
        in_quarantine(home.path()).is_empty(),
        "newer is not damaged"
    );
}

#[test]
fn a_full_disk_refuses_the_tap_and_keeps_what_was_there() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let codes: Vec<String> = phone.call(json!({"cmd": "draft", "id": id}))["answers"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let local = phone.device.local().unwrap();
    local.limit_pages(1).unwrap();
    let long = "满".repeat(500);
    let refused = codes.iter().find_map(|code| {
        phone
            .try_call(json!({"cmd": "note", "inspection": id, "item": code, "text": long}))
            .err()
            .map(|e| (code, e))
    });
    let (code, error) = refused.unwrap();
    assert_eq!(error.code, "disk_full");
    assert_eq!(
        error.sentence,
        "存储空间已满，这一下没有存上，之前的内容都在；请清理手机空间后再点一次"
    );
    let draft = phone.call(json!({"cmd": "draft", "id": id}));
    assert_eq!(draft["answers"][code]["note"], "");
    assert_eq!(draft["progress"]["answered"], draft["progress"]["total"]);
    phone
        .device
        .local()
        .unwrap()
        .limit_pages(1_000_000)
        .unwrap();
    phone.call(json!({"cmd": "note", "inspection": id, "item": code, "text": "有空间了"}));
}
