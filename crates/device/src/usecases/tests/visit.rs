//! Taps, numbers, proposals.
#![allow(clippy::unwrap_used)]

use super::phone::{MORNING, Phone, refusal};
use serde_json::json;

#[test]
fn every_tap_is_there_after_a_new_start() {
    let phone = Phone::on_duty();
    let stall = phone.stall(0).clone();
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": stall.id}));
    let id = draft["id"].as_str().unwrap().to_owned();
    let item = draft["checklist_id"]
        .as_str()
        .map(|c| phone.call(json!({"cmd": "checklist", "id": c})))
        .unwrap();
    let code = item["items"][0]["code"].as_str().unwrap().to_owned();
    let tap = phone.tap(&id, &code, "fail");
    assert_eq!(tap["progress"]["answered"], 1);
    assert!(
        tap["finding"]["measure"].is_string(),
        "a failed item proposes a measure"
    );
    phone.call(
        json!({"cmd": "finding", "inspection": id, "item": code, "problem": "㼆𠮷䶮 摊位无公示"}),
    );
    phone.call(json!({"cmd": "note", "inspection": id, "item": code, "text": "已口头告知"}));
    phone.call(json!({"cmd": "save_page", "route": format!("/check/{id}")}));

    let phone = phone.reopened();
    let again = phone.call(json!({"cmd": "draft", "id": id}));
    assert_eq!(again["answers"][&code]["answer"], "fail");
    assert_eq!(again["answers"][&code]["note"], "已口头告知");
    assert_eq!(again["findings"][&code]["problem"], "㼆𠮷䶮 摊位无公示");
    assert_eq!(again["record_no"], draft["record_no"]);
    assert_eq!(
        phone.call(json!({"cmd": "status"}))["page"],
        format!("/check/{id}")
    );
    let today = phone.call(json!({"cmd": "today"}));
    assert_eq!(today["drafts"][0]["answered"], 1);
    assert_eq!(today["drafts"][0]["page"], format!("/check/{id}"));
}

#[test]
fn an_answer_that_changes_back_keeps_the_typed_finding_for_undo() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let code = phone.call(json!({"cmd": "draft", "id": id}))["answers"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    phone.tap(&id, &code, "fail");
    phone.call(json!({"cmd": "finding", "inspection": id, "item": code, "problem": "垃圾未加盖"}));
    assert!(phone.tap(&id, &code, "pass")["finding"].is_null());
    assert_eq!(
        phone.tap(&id, &code, "fail")["finding"]["problem"],
        "垃圾未加盖"
    );
}

#[test]
fn record_numbers_run_per_day_and_are_never_given_twice() {
    let phone = Phone::on_duty();
    let number = |phone: &Phone, nth: usize| {
        let draft = phone.call(json!({"cmd": "start_inspection", "operator": phone.stall(nth).id}));
        draft["record_no"].as_str().unwrap().to_owned()
    };
    let code = phone.call(json!({"cmd": "status"}))["station"]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(number(&phone, 0), format!("{code}-20261021-A01"));
    assert_eq!(number(&phone, 1), format!("{code}-20261021-A02"));
    assert_eq!(
        number(&phone, 0),
        format!("{code}-20261021-A01"),
        "today's draft is opened again"
    );
    let phone = phone.reopened();
    assert_eq!(number(&phone, 2), format!("{code}-20261021-A03"));
    phone.clock.show(MORNING + 86_400_000);
    assert_eq!(
        refusal(phone.try_call(json!({"cmd": "start_inspection", "operator": phone.stall(0).id})))
            .code,
        "no_inspectors"
    );
    phone.duty(&["检查员甲", "检查员乙"]);
    assert_eq!(number(&phone, 0), format!("{code}-20261022-A01"));
    phone.clock.show(MORNING);
    phone.duty(&["检查员甲", "检查员乙"]);
    assert_eq!(
        number(&phone, 3),
        format!("{code}-20261021-A04"),
        "a clock set back gives no number twice"
    );
}

#[test]
fn yesterdays_inspectors_are_proposed_and_one_tap_keeps_them() {
    let phone = Phone::on_duty();
    phone.clock.show(MORNING + 86_400_000);
    let status = phone.call(json!({"cmd": "status"}));
    assert_eq!(status["inspectors"], json!([]));
    let proposed: Vec<_> = status["proposed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].clone())
        .collect();
    assert_eq!(proposed.len(), 2);
    phone.call(json!({"cmd": "set_inspectors", "ids": proposed}));
    assert_eq!(
        phone.call(json!({"cmd": "status"}))["inspectors"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_visit_over_midnight_still_gets_its_second_inspector() {
    let phone = Phone::enrolled();
    let (last_minute, next_morning) = (MORNING + 17 * 3_600_000 + 3_540_000, MORNING + 86_400_000);
    phone.clock.show(last_minute);
    phone.duty(&["检查员甲"]);
    let start = |nth| {
        let operator = phone.stall(nth).id;
        let draft = phone.call(json!({"cmd": "start_inspection", "operator": operator}));
        draft["id"].as_str().unwrap().to_owned()
    };
    let inspectors = |id: &str| {
        let draft = phone.call(json!({"cmd": "draft", "id": id}));
        draft["inspectors"].as_array().unwrap().len()
    };
    let id = start(0);
    phone.clock.show(last_minute + 180_000);
    phone.duty(&["检查员甲", "检查员乙"]);
    assert_eq!(inspectors(&id), 2, "00:02, the same visit");

    phone.clock.show(next_morning + 10 * 3_600_000);
    phone.duty(&["检查员丙"]);
    assert_eq!(
        inspectors(&id),
        2,
        "left lying: it keeps those who were there"
    );
}

#[test]
fn nothing_outside_the_checklist_is_answered() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let tap = json!({"cmd": "answer", "inspection": id, "item": "NO9.9", "answer": "pass", "shown_ms": 1, "answered_by": "card"});
    assert_eq!(refusal(phone.try_call(tap)).code, "not_found");
    let long = "长".repeat(501);
    let note = json!({"cmd": "party_opinion", "inspection": id, "text": long});
    assert_eq!(refusal(phone.try_call(note)).code, "text_too_long");
    assert_eq!(
        phone.call(json!({"cmd": "draft", "id": id}))["party_opinion"],
        ""
    );
}
