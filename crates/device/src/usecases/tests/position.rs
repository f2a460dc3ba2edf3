//! The place of a visit: what is taken, what is not, and that nothing waits for it.
#![allow(clippy::unwrap_used)]

use super::phone::{MORNING, Phone, pen, put_rev, refusal};
use crate::store::local::changes;
use serde_json::{Value, json};
use xunji_domain::place::BEGINS_MS;
use xunji_protocol::body::body_json;
use xunji_protocol::state;

fn begun(phone: &Phone) -> String {
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": phone.stall(0).id}));
    assert_eq!(draft["position"]["ask"], true, "{}", draft["position"]);
    draft["id"].as_str().unwrap().to_owned()
}

fn fix(lat_e7: i64, lon_e7: i64, accuracy_cm: i64) -> Value {
    json!({"state": "fix", "lat_e7": lat_e7, "lon_e7": lon_e7, "accuracy_cm": accuracy_cm, "at": MORNING})
}

fn tell(id: &str, told: &Value) -> Value {
    json!({"cmd": "position", "inspection": id, "told": told})
}

fn signed(phone: &Phone, id: &str) -> Value {
    let own = phone
        .device
        .local()
        .unwrap()
        .read(|r| changes::of_record(r, id.parse().unwrap()))
        .unwrap();
    body_json(&own.first().unwrap().body).unwrap()["content"].clone()
}

#[test]
fn a_fix_that_comes_later_stands_in_the_signed_record() {
    let phone = Phone::on_duty();
    let id = begun(&phone);
    let said = phone.call(tell(&id, &json!({"state": "asking"})));
    assert_eq!(said["state"], "asking");
    phone.clock.show(MORNING + 40_000);
    let said = phone.call(tell(&id, &fix(361_234_567, 1_175_678_901, 800)));
    assert_eq!(said["state"], "fix");
    assert!(said["text"].as_str().unwrap().contains("约 8 米"), "{said}");
    let phone = phone.reopened();
    assert_eq!(phone.all_passed(&phone.stall(0).clone()), id);
    phone.close(&id);
    let content = signed(&phone, &id);
    let kept = &content["position"];
    assert_eq!(
        (&kept["lat_e7"], &kept["lon_e7"]),
        (&json!(361_234_567), &json!(1_175_678_901))
    );
    assert_eq!(kept["accuracy_cm"], 800);
    // The clock of a test runs on.
    assert!(
        (40_000..100_000).contains(&kept["age_ms"].as_i64().unwrap()),
        "{kept}"
    );
    let record = phone.call(json!({"cmd": "record", "id": id}));
    assert_eq!(record["position"]["text"], said["text"]);
    assert_eq!(record["position"]["marks"], json!([]));
}

#[test]
fn without_a_fix_the_record_is_final_all_the_same_and_says_so() {
    let phone = Phone::on_duty();
    let id = begun(&phone);
    let said = phone.call(tell(&id, &json!({"state": "nothing", "why": "denied"})));
    assert_eq!(said["state"], "nothing");
    assert!(
        said["text"].as_str().unwrap().contains("没有允许"),
        "{said}"
    );
    assert_eq!(phone.all_passed(&phone.stall(0).clone()), id);
    phone.close(&id);
    assert_eq!(signed(&phone, &id)["position"], Value::Null);
    let record = phone.call(json!({"cmd": "record", "id": id}));
    assert_eq!(record["position"]["text"], "没有定位");
}

#[test]
fn nowhere_is_no_place_neither_at_the_start_nor_later() {
    let phone = Phone::on_duty();
    let nowhere = json!({"lat_e7": 0, "lon_e7": 0, "accuracy_cm": 800, "age_ms": 0});
    let draft = phone.call(
        json!({"cmd": "start_inspection", "operator": phone.stall(0).id, "position": nowhere}),
    );
    assert_eq!(draft["position"]["state"], "nothing");
    let id = draft["id"].as_str().unwrap();
    let error = refusal(phone.try_call(tell(id, &fix(0, 0, 800))));
    assert_eq!(error.code, "position_unsound");
    assert_eq!(
        phone.call(json!({"cmd": "draft", "id": id}))["position"]["state"],
        "nothing"
    );
}

#[test]
fn the_better_fix_stands_and_a_made_up_or_old_one_is_marked() {
    let phone = Phone::on_duty();
    let id = begun(&phone);
    let mut made_up = fix(300_000_000, 1_000_000_000, 100);
    made_up["mock"] = json!(true);
    made_up["at"] = json!(MORNING - 600_000);
    let said = phone.call(tell(&id, &made_up));
    let marks = said["marks"].to_string();
    assert!(
        marks.contains("模拟位置") && marks.contains("10 分钟前"),
        "{said}"
    );
    let measured = phone.call(tell(&id, &fix(361_234_567, 1_175_678_901, 90_000)));
    assert!(measured["text"].as_str().unwrap().starts_with("36.1234567"));
    assert_eq!(measured["marks"], json!([]));
    for worse in [made_up, fix(361_999_999, 1_175_678_901, 95_000)] {
        assert_eq!(phone.call(tell(&id, &worse)), measured);
    }
    let near = phone.call(tell(&id, &fix(361_234_568, 1_175_678_901, 500)));
    assert!(near["text"].as_str().unwrap().contains("约 5 米"), "{near}");
}

#[test]
fn nothing_is_taken_after_a_signature_after_the_end_or_long_after_the_start() {
    let phone = Phone::on_duty();
    let id = begun(&phone);
    let late = tell(&id, &fix(361_234_567, 1_175_678_901, 800));
    assert_eq!(phone.all_passed(&phone.stall(0).clone()), id);
    let first = json!({"cmd": "sign_inspector", "inspection": id, "person": phone.person("检查员甲"), "strokes": pen()});
    let document = phone.call(first)["document"].clone();
    assert_eq!(refusal(phone.try_call(late.clone())).code, "position_late");
    let draft = phone.call(json!({"cmd": "draft", "id": id}));
    assert_eq!(draft["document"], document, "the signature stands");
    phone.close(&id);
    assert_eq!(refusal(phone.try_call(late)).code, "already_signed");

    let other = phone.call(json!({"cmd": "start_inspection", "operator": phone.stall(1).id}));
    let other = other["id"].as_str().unwrap().to_owned();
    phone.clock.show(MORNING + BEGINS_MS + 300_000);
    let draft = phone.call(json!({"cmd": "draft", "id": other}));
    assert_eq!(
        draft["position"]["ask"], false,
        "where it began, not where it ended"
    );
    let error = refusal(phone.try_call(tell(&other, &fix(361_234_567, 1_175_678_901, 800))));
    assert_eq!(error.code, "position_late");
}

#[test]
fn a_bureau_that_wants_no_positions_gets_none() {
    let phone = Phone::on_duty();
    let mut bureau = phone.county.bureau.clone();
    bureau.positions_off = true;
    phone
        .device
        .mirror()
        .write(|m| put_rev(m, state::BUREAU, bureau.id.0, 2, &bureau))
        .unwrap();
    let sound =
        json!({"lat_e7": 361_234_567, "lon_e7": 1_175_678_901, "accuracy_cm": 800, "age_ms": 0});
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": phone.stall(0).id, "position": sound}));
    assert_eq!(draft["position"]["state"], "off");
    assert_eq!(draft["position"]["ask"], false);
    let id = draft["id"].as_str().unwrap();
    let error = refusal(phone.try_call(tell(id, &fix(361_234_567, 1_175_678_901, 800))));
    assert_eq!(error.code, "position_off");
}
