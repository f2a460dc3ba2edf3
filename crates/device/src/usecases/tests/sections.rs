//! 按部分确认, answers taken back, what stands at an item before its answer.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, put_rev, refusal};
use serde_json::{Value, json};
use xunji_domain::section_confirm::SectionConfirm;
use xunji_protocol::state;

/// A visit under a bureau that allows 按部分确认, and its rules.
fn allowed() -> (Phone, String, Value) {
    let phone = Phone::on_duty();
    let mut bureau = phone.county.bureau.clone();
    bureau.section_confirm = Some(SectionConfirm::default());
    phone
        .device
        .mirror()
        .write(|m| put_rev(m, state::BUREAU, bureau.id.0, 2, &bureau))
        .unwrap();
    let (id, rules) = begun(&phone);
    (phone, id, rules)
}

fn begun(phone: &Phone) -> (String, Value) {
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": phone.stall(0).id}));
    let id = draft["id"].as_str().unwrap().to_owned();
    let rules = phone.call(json!({"cmd": "visit_rules", "inspection": id}));
    (id, rules)
}

fn press(id: &str, items: &[(&str, i64)]) -> Value {
    let items: Vec<Value> = items
        .iter()
        .map(|(item, shown_ms)| json!({"item": item, "shown_ms": shown_ms}))
        .collect();
    json!({"cmd": "confirm_section", "inspection": id, "section": "LICENCE", "items": items})
}

/// The items of the first section that may be confirmed.
fn together(rules: &Value) -> Vec<&'static str> {
    let alone = rules["confirm"]["alone"].as_object().unwrap();
    ["TD1.1", "TD1.2", "TD1.3", "TD1.4", "TD1.5", "TD1.6"]
        .into_iter()
        .filter(|code| !alone.contains_key(*code))
        .collect()
}

#[test]
fn it_is_off_until_the_bureau_says_otherwise() {
    let phone = Phone::on_duty();
    let (id, rules) = begun(&phone);
    assert!(rules["confirm"].is_null());
    let error = refusal(phone.try_call(press(&id, &[("TD1.2", 60_000)])));
    assert_eq!(error.code, "section_confirm_off");
}

#[test]
fn every_item_on_the_key_gets_a_row_of_its_own() {
    let (phone, id, rules) = allowed();
    let items = together(&rules);
    assert_eq!(items.len(), 4, "two of six are answered alone: {rules}");
    let key: Vec<(&str, i64)> = items.iter().copied().zip(5_000..).collect();
    let draft = phone.call(press(&id, &key));
    assert_eq!(draft["progress"]["answered"], 4);
    for (item, shown_ms) in key {
        let row = &draft["answers"][item];
        assert_eq!(row["answer"], "pass");
        assert_eq!(row["answered_by"], "section");
        assert_eq!(row["shown_ms"], shown_ms);
    }
}

#[test]
fn one_item_that_was_not_read_stores_nothing() {
    let (phone, id, rules) = allowed();
    let items = together(&rules);
    let error = refusal(phone.try_call(press(&id, &[(items[0], 60_000), (items[1], 599)])));
    assert_eq!(error.code, "seen_too_short");
    assert!(error.sentence.contains(items[1]) && !error.sentence.contains(items[0]));
    let draft = phone.call(json!({"cmd": "draft", "id": id}));
    assert_eq!(draft["progress"]["answered"], 0);
}

#[test]
fn critical_items_answered_items_and_other_sections_are_refused() {
    let (phone, id, rules) = allowed();
    assert_eq!(rules["confirm"]["alone"]["TD1.3"], "关键项");
    let error = refusal(phone.try_call(press(&id, &[("TD1.3", 60_000)])));
    assert_eq!(error.code, "answered_alone");
    let error = refusal(phone.try_call(press(&id, &[("TD2.1", 60_000)])));
    assert_eq!(error.code, "not_found");
    let first = together(&rules)[0];
    phone.tap(&id, first, "fail");
    let error = refusal(phone.try_call(press(&id, &[(first, 60_000)])));
    assert_eq!(error.code, "already_answered");
    let tap = json!({"cmd": "answer", "inspection": id, "item": first, "answer": "pass", "shown_ms": 1, "answered_by": "section"});
    assert_eq!(refusal(phone.try_call(tap)).code, "not_by_tap");
}

#[test]
fn what_failed_last_time_is_told_and_answered_alone() {
    let (phone, id, rules) = allowed();
    let item = together(&rules)[0];
    phone.call(json!({"cmd": "notice", "inspection": id, "given": true}));
    for each in &xunji_domain::checklist::for_kind(phone.stall(0).kind)
        .unwrap()
        .items
    {
        phone.tap(&id, each.code.as_str(), "pass");
    }
    phone.tap(&id, item, "fail");
    phone.call(
        json!({"cmd": "finding", "inspection": id, "item": item, "problem": "公示卡被遮挡",
        "no_photo_reason": "光线太暗"}),
    );
    phone.close(&id);
    let (again, rules) = begun(&phone);
    assert_ne!(again, id);
    assert_eq!(rules["last_failed"][0]["problem"], "公示卡被遮挡");
    assert_eq!(rules["confirm"]["alone"][item], "上次不符合");
}

#[test]
fn the_next_market_day_is_a_deadline() {
    let phone = Phone::on_duty();
    let (_, rules) = begun(&phone);
    // 2026-10-21 is 九月十二; 柳汀大集 is held on lunar days that end in 5 and 0.
    assert_eq!(rules["next_market"]["name"], "柳汀大集");
    assert_eq!(rules["next_market"]["day"], "2026-10-24");
}

#[test]
fn an_answer_is_taken_back_and_what_was_written_stays() {
    let phone = Phone::on_duty();
    let (id, _) = begun(&phone);
    phone.tap(&id, "TD1.2", "fail");
    phone.call(json!({"cmd": "finding", "inspection": id, "item": "TD1.2", "problem": "未公示"}));
    phone.call(json!({"cmd": "note", "inspection": id, "item": "TD1.2", "text": "摊主称在补办"}));
    let draft =
        phone.call(json!({"cmd": "take_back", "inspection": id, "items": ["TD1.2", "TD1.1"]}));
    assert_eq!(draft["progress"]["answered"], 0);
    assert_eq!(draft["early"]["TD1.2"]["note"], "摊主称在补办");
    let again = phone.tap(&id, "TD1.2", "fail");
    assert_eq!(again["finding"]["problem"], "未公示");
    assert_eq!(again["answer"]["note"], "摊主称在补办");
    assert!(again["early"].is_null());
}

#[test]
fn a_number_is_read_first_and_judged_then_across_a_new_start() {
    let phone = Phone::on_duty();
    let (id, _) = begun(&phone);
    let read = json!({"cmd": "reading", "inspection": id, "item": "TD5.5", "key": "chilled", "value": "6"});
    assert_eq!(phone.call(read)["early"]["readings"][0]["value"], "6");
    let phone = phone.reopened();
    let draft = phone.call(json!({"cmd": "draft", "id": id}));
    assert_eq!(draft["early"]["TD5.5"]["readings"][0]["key"], "chilled");
    assert_eq!(draft["progress"]["answered"], 0);
    let tap = phone.tap(&id, "TD5.5", "pass");
    assert_eq!(tap["answer"]["readings"][0]["value"], "6");
}

#[test]
fn the_way_of_answering_and_the_hand_are_kept() {
    let phone = Phone::on_duty();
    let status = phone.call(json!({"cmd": "status"}));
    let before = (status["answer_way"].clone(), status["hand"].clone());
    assert_eq!(before, (json!("cards"), json!("right")));
    phone.call(json!({"cmd": "set_answer_way", "way": "dock"}));
    phone.call(json!({"cmd": "set_hand", "hand": "left"}));
    let status = phone.reopened().call(json!({"cmd": "status"}));
    assert_eq!(
        (status["answer_way"].as_str(), status["hand"].as_str()),
        (Some("dock"), Some("left"))
    );
}
