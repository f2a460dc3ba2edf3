//! 写出离线包 as a page asks for it: what it would hold, what it says when there is nothing, what could not go along.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::phone::{Phone, refusal};
use crate::store::StoreError;
use crate::store::local::{Write, log, receipts};
use crate::usecases::bundle::{PeopleFolder, Reach};
use serde_json::{Value, json};
use xunji_domain::inspection::PhotoPurpose;
use xunji_domain::time::Millis;
use xunji_protocol::keys::SignedStatement;

const PHOTO: &[u8] = b"a photo whose sealed file is not there";

/// A signed record with a photo that nobody has received, and a folder for people.
fn phone() -> Phone {
    let phone = Phone::on_duty();
    phone.may_carry();
    let folder = PeopleFolder::below(&phone.home.path().join("documents"), Reach::Desktop);
    phone.device.bundles().set_folder(folder);
    let id = phone.all_passed(&phone.stall(0).clone());
    phone.photo(id.parse().unwrap(), PhotoPurpose::Storefront, PHOTO);
    phone.close(&id);
    phone
}

/// Every change has a receipt.
fn records_received(phone: &Phone) {
    let write = |write: &Write<'_>| -> Result<(), StoreError> {
        let open = log::open(write)?.unwrap();
        let none = SignedStatement(String::new());
        receipts::put_log(write, open.head.log, open.head.seq, &none, Millis(0))
    };
    phone.device.local().unwrap().write(write).unwrap();
}

fn written(phone: &Phone, along: &str) -> Value {
    phone.call(json!({"cmd": "write_bundle", "along": along}))
}

#[test]
fn each_choice_says_what_it_adds_and_how_large_all_of_it_is() {
    let phone = phone();
    let state = phone.call(json!({"cmd": "bundle_state"}));
    let levels = state["levels"].as_array().unwrap();
    let of = |key: &str| {
        levels
            .iter()
            .map(|level| level[key].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("along"),
        [
            json!("records"),
            json!("thumbnails"),
            json!("copies"),
            json!("all")
        ]
    );
    assert_eq!(of("files"), [json!(0), json!(0), json!(0), json!(1)]);
    let bytes: Vec<u64> = of("bytes")
        .iter()
        .map(|each| each.as_u64().unwrap())
        .collect();
    assert!(bytes[0] > 1_000, "a record is no less: {bytes:?}");
    assert_eq!(bytes[3], bytes[2] + PHOTO.len() as u64);
    assert_eq!(state["unmade"], json!(1), "{state}");
    assert_eq!(
        (&state["percent"], &state["last"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn what_could_not_be_read_is_said_and_everything_else_is_there() {
    let phone = phone();
    let said = written(&phone, "all");
    let left = said["left_out"].as_array().unwrap();
    assert!(
        left.iter()
            .any(|each| each.as_str().unwrap().contains("打不开")),
        "{said}"
    );
    assert!(
        said["sentence"]
            .as_str()
            .unwrap()
            .contains("有内容这次没能带上"),
        "{said}"
    );
    assert_eq!(said["names"].as_array().unwrap().len(), 1);
    let state = phone.call(json!({"cmd": "sync_state"}));
    assert_eq!(
        state["records"]["received"],
        json!(0),
        "a bundle is no receipt"
    );
}

#[test]
fn nothing_of_what_was_asked_for_is_not_nothing_at_all() {
    let phone = phone();
    records_received(&phone);
    let refused = refusal(phone.try_call(json!({"cmd": "write_bundle", "along": "records"})));
    assert_eq!(refused.code, "nothing_to_carry");
    assert!(
        refused.sentence.contains("还有照片没有收据"),
        "{}",
        refused.sentence
    );
    assert!(
        !refused.sentence.contains("本机内容都已有收据"),
        "{}",
        refused.sentence
    );
}

#[test]
fn without_a_folder_nothing_is_written() {
    let phone = Phone::on_duty();
    phone.may_carry();
    let state = phone.call(json!({"cmd": "bundle_state"}));
    assert_eq!(state["folder_text"], Value::Null);
    let refused = refusal(phone.try_call(json!({"cmd": "write_bundle"})));
    assert_eq!(refused.code, "no_people_folder");
}
