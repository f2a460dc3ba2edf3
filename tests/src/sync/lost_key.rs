//! A phone's key is gone, or is another one. Its data are there, nothing begins anew, and the bureau's escrow opens
//! them whole.

use super::county::{call, found, parts, register};
use super::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use xunji_device::api::ApiError;
use xunji_device::keystore::{FileKeyStore, KeyError, KeyStore as _, MasterKey};
use xunji_device::runner::sync_state;
use xunji_device::{OpenError, lost_key};
use xunji_server::admin::{self, AdminError, Release};

fn files(home: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(home).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// What the face is told, and that not a byte was written.
fn does_not_open(home: &Path) -> ApiError {
    let before = files(home);
    let error = Device::open(home, parts(home)).err().unwrap();
    assert!(matches!(
        error,
        OpenError::Key(KeyError::Missing | KeyError::Foreign | KeyError::Damaged)
    ));
    assert_eq!(files(home), before);
    let said = lost_key::said(error, home);
    assert_eq!(said.code, "key_missing");
    said
}

fn account(county: &County, of: &str) -> String {
    let accounts = std::fs::read_to_string(county.home("accounts.txt")).unwrap();
    let line = accounts.lines().find(|line| line.contains(of)).unwrap();
    line.split_whitespace().next().unwrap().to_owned()
}

fn release(county: &County, phone: &str, by: &str, reason: &str) -> Result<String, AdminError> {
    let asked = Release {
        phone: phone.to_owned(),
        by: account(county, by),
        reason: reason.to_owned(),
    };
    let line = admin::release_key(county.data(), &asked)?;
    Ok(line["code"].as_str().unwrap().to_owned())
}

/// A phone with something received, something unsent and a draft; closed.
fn at_work(county: &County, name: &str) -> String {
    let (phone, _) = county.phone(name);
    register(&phone, "已交摊");
    reach(&phone, Goal::Pulled);
    register(&phone, "未交摊");
    let row = found(&phone, "已交摊").swap_remove(0);
    let draft = call(
        &phone,
        json!({"cmd": "start_inspection", "operator": row["id"]}),
    );
    let id = draft["id"].as_str().unwrap().to_owned();
    call(
        &phone,
        json!({"cmd": "notice", "inspection": id, "given": true}),
    );
    id
}

fn everything_is_there(county: &County, name: &str, draft: &str) {
    let (phone, line) = county.opened(name);
    line.always("/", line::Fate::Unreachable);
    for stall in ["已交摊", "未交摊"] {
        assert_eq!(found(&phone, stall).len(), 1, "{stall}");
    }
    let view = call(&phone, json!({"cmd": "draft", "id": draft}));
    assert_eq!(view["notice_given"], true);
    line.mended();
    register(&phone, "找回后登记");
    reach(&phone, Goal::Pulled);
    let state = sync_state(&phone).unwrap();
    let lanes = &state.lanes.register;
    assert_eq!((lanes.received, lanes.total), (3, 3), "in two logs");
    assert!(!state.branch, "the line was not continued in two places");
}

#[test]
fn a_lost_key_is_opened_by_the_bureau_and_everything_is_there() {
    let county = County::new();
    let draft = at_work(&county, "a");
    let home = county.home("a");
    let was = county.key_of("a");
    std::fs::remove_file(home.join("key")).unwrap();
    let said = does_not_open(&home);
    let number = said.params["phone"].as_str().unwrap().to_owned();

    let refused = release(&county, &number, "所长甲", "钥匙串丢失")
        .err()
        .unwrap();
    assert!(matches!(refused, AdminError::NotAllowed(_)), "{refused}");
    let refused = release(&county, &number, "管理员", " ").err().unwrap();
    assert!(matches!(refused, AdminError::NoReason), "{refused}");
    let refused = release(&county, "0000", "管理员", "试").err().unwrap();
    assert!(matches!(refused, AdminError::NoPhone(_)), "{refused}");
    let code = release(&county, &number, "管理员", "系统升级后密钥库清空").unwrap();

    let before = files(&home);
    let enter = |code: &str| lost_key::restore(&home, &parts(&home), code);
    assert_eq!(enter(&code[1..]).unwrap_err().code, "code_wrong");
    let (other, _) = county.phone("b");
    drop(other);
    let foreign = xunji_protocol::escrow::code(&county.key_of("b"));
    assert_eq!(enter(&foreign).unwrap_err().code, "code_foreign");
    assert_eq!(files(&home), before, "not a byte was written");
    enter(&code.to_lowercase().replace('-', " ")).unwrap();
    assert_eq!(county.key_of("a"), was);
    everything_is_there(&county, "a", &draft);
}

#[test]
fn a_key_of_other_data_opens_nothing_and_moves_nothing_aside() {
    let county = County::new();
    let draft = at_work(&county, "a");
    let home = county.home("a");
    std::fs::remove_file(home.join("key")).unwrap();
    FileKeyStore::at(home.join("key"))
        .keep(&MasterKey::new([9; 32]))
        .unwrap();
    let number = does_not_open(&home).params["phone"].clone();
    assert!(!home.join("quarantine").exists());
    let code = release(&county, number.as_str().unwrap(), "管理员", "换了密钥").unwrap();
    lost_key::restore(&home, &parts(&home), &code).unwrap();
    let aside = std::fs::read(home.join("key.aside")).unwrap();
    assert_eq!(aside, [9; 32], "no key is destroyed");
    everything_is_there(&county, "a", &draft);
}

#[test]
fn a_server_that_lost_the_key_or_let_it_rot_is_brought_it_again() {
    let county = County::new();
    let draft = at_work(&county, "a");
    let home = county.home("a");
    let number = number_of(&home);
    let release = || release(&county, &number, "管理员", "试");
    release().unwrap();
    let db = rusqlite::Connection::open(county.home("server").join("county.db")).unwrap();
    for loss in [
        "DELETE FROM key_escrow",
        "UPDATE key_escrow SET sealed = replace(sealed, '\"wrapped\":\"', '\"wrapped\":\"00')",
    ] {
        assert_eq!(db.execute(loss, []).unwrap(), 1);
        assert!(release().is_err(), "{loss}");
        // One hello to learn of it, one to bring it: a fresh process greets first.
        for _ in 0..2 {
            let (phone, _) = county.opened("a");
            reach(&phone, Goal::Pulled);
        }
        release().unwrap();
    }
    let (phone, _) = county.opened("a");
    let view = call(&phone, json!({"cmd": "draft", "id": draft}));
    assert_eq!(view["notice_given"], true);
}

/// The number that the phone's page would show.
fn number_of(home: &Path) -> String {
    let error = OpenError::Key(KeyError::Missing);
    let said = lost_key::said(error, home);
    said.params["phone"].as_str().unwrap().to_owned()
}
