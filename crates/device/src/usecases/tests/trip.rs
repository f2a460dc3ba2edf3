//! Before and on the way: market days, who is to be seen, what is worth knowing, what the phone says of itself.
#![allow(clippy::unwrap_used)]

use super::phone::{MORNING, Phone};
use serde_json::{Value, json};
use xunji_domain::checklist::for_kind;
use xunji_domain::county::MAIN_MARKET;

const DAY_MS: i64 = 86_400_000;

/// A phone on the day of its market: 2026-10-24 is 九月十五, and 柳汀大集 is held on days with a five.
fn on_market_day() -> Phone {
    let phone = Phone::enrolled();
    phone.clock.show(MORNING + 3 * DAY_MS);
    phone.duty(&["检查员甲", "检查员乙"]);
    phone
}

fn row(phone: &Phone, query: &str, keypad: bool) -> Value {
    let found = phone.call(
        json!({"cmd": "operators", "query": query, "keypad": keypad, "limit": 20, "offset": 0}),
    );
    found["rows"][0].clone()
}

#[test]
fn the_coming_market_days_are_named_in_order_and_daily_ones_are_not() {
    let phone = Phone::on_duty();
    let today = phone.call(json!({"cmd": "today"}));
    let days = today["market_days"].as_array().unwrap();
    assert!((1..=4).contains(&days.len()), "{days:?}");
    let ahead: Vec<u64> = days.iter().map(|d| d["days"].as_u64().unwrap()).collect();
    assert!(ahead.is_sorted(), "{ahead:?}");
    let main = days.iter().find(|d| d["name"] == MAIN_MARKET).unwrap();
    assert_eq!(
        (
            main["date"].as_str().unwrap(),
            main["lunar"].as_str().unwrap()
        ),
        ("2026-10-24", "九月十五")
    );
}

#[test]
fn who_stands_on_the_market_is_to_be_seen_until_somebody_was_there() {
    let phone = on_market_day();
    let market = phone.county.market(MAIN_MARKET).unwrap();
    let all = phone.county.operators_at(market).count();
    let before = phone.call(json!({"cmd": "today"}))["to_visit"].clone();
    assert_eq!(
        (
            before["total"].as_u64().unwrap(),
            before["visited"].as_u64().unwrap()
        ),
        (all as u64, 0)
    );
    let stall = phone.stall(0).clone();
    let id = phone.all_passed(&stall);
    phone.close(&id);
    let after = phone.call(json!({"cmd": "today"}))["to_visit"].clone();
    assert_eq!(
        (
            after["total"].as_u64().unwrap(),
            after["visited"].as_u64().unwrap()
        ),
        (all as u64, 1)
    );
    let left = after["rows"].as_array().unwrap();
    assert!(left.iter().all(|r| r["id"] != json!(stall.id)), "{left:?}");
    assert_eq!(
        row(&phone, &stall.name, false)["standing"],
        json!({"tone": "pass", "text": "今天已查"})
    );
}

#[test]
fn a_deadline_that_has_passed_comes_before_everything() {
    let phone = on_market_day();
    let stall = phone.stall(1).clone();
    let id = phone.all_passed(&stall);
    let item = for_kind(stall.kind).unwrap().items[0].code.to_string();
    phone.tap(&id, &item, "fail");
    phone.call(json!({"cmd": "finding", "inspection": id, "item": item, "problem": "未公示", "measure": "deadline",
        "deadline": "2026-10-26", "no_photo_reason": "经营者不同意"}));
    phone.close(&id);
    phone.clock.show(MORNING + 4 * DAY_MS);
    let text = row(&phone, &stall.name, false)["standing"]["text"].clone();
    assert!(text == "待复查 1" || text == "证照已过期", "{text}");
    phone.clock.show(MORNING + 13 * DAY_MS);
    assert_eq!(
        row(&phone, &stall.name, false)["standing"],
        json!({"tone": "fail", "text": "逾期未改 1"})
    );
}

#[test]
fn the_stall_page_has_the_trace_of_the_last_visit() {
    let phone = on_market_day();
    let stall = phone.stall(2).clone();
    let opened = |phone: &Phone| phone.call(json!({"cmd": "operator", "id": stall.id}));
    assert!(opened(&phone)["last_visit"].is_null());
    let id = phone.all_passed(&stall);
    phone.close(&id);
    let visit = opened(&phone)["last_visit"].clone();
    let bars = visit["trace"].as_array().unwrap();
    assert_eq!(bars.len(), for_kind(stall.kind).unwrap().items.len());
    assert!(
        bars.iter()
            .all(|b| b["shown_ms"] == 1200 && b["answered_by"] == "card" && b["answer"] == "pass")
    );
    let record = phone.call(json!({"cmd": "record", "id": id}));
    assert_eq!(record["trace"], visit["trace"]);
}

#[test]
fn nine_keys_find_by_initials_and_say_where() {
    let phone = Phone::on_duty();
    let market = phone.county.market(MAIN_MARKET).unwrap().id;
    phone.call(json!({"cmd": "register_operator", "kind": "stall", "name": "桥头谷家煎饼摊", "owner": "谷某",
        "phone": "13900001111", "address": "", "market": market, "slot": "东排 99 号", "varieties": []}));
    let found = row(&phone, "4552", true);
    assert_eq!(
        (found["name"].as_str().unwrap(), &found["hit"]),
        ("桥头谷家煎饼摊", &json!([2, 4]))
    );
    assert!(
        row(&phone, "0000111", true)["hit"].is_null(),
        "found by its telephone"
    );
    let typed = phone.call(
        json!({"cmd": "operators", "query": "4552", "keypad": true, "limit": 1, "offset": 0}),
    );
    assert!(
        typed["next_keys"].as_str().unwrap().contains('8'),
        "{typed}"
    );
}

#[test]
fn the_phone_says_what_it_knows_of_itself_and_refuses_nothing() {
    let phone = Phone::enrolled();
    let ready = |phone: &Phone| phone.call(json!({"cmd": "readiness"}));
    let line = |ready: &Value, key: &str| {
        let lines = ready["lines"].as_array().unwrap();
        lines.iter().find(|l| l["key"] == key).unwrap().clone()
    };
    let before = ready(&phone);
    let keys: Vec<&str> = before["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        keys,
        [
            "register",
            "checklists",
            "clock",
            "storage",
            "unsent",
            "cards"
        ]
    );
    assert_eq!(
        line(&before, "register")["tone"],
        "warn",
        "the server was never heard"
    );
    assert_eq!(line(&before, "cards")["tone"], "warn", "nobody was chosen");
    assert_eq!(line(&before, "checklists")["tone"], "pass");
    let doubts = before["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|l| l["tone"] != "pass")
        .count();
    assert_eq!(before["doubts"].as_u64().unwrap(), doubts as u64);
    phone.duty(&["检查员甲", "检查员乙"]);
    phone.close(&phone.all_passed(&phone.stall(0).clone()));
    assert_eq!(
        line(&ready(&phone), "unsent")["tone"],
        "pass",
        "what was signed today is not late"
    );
    phone.clock.show(MORNING + DAY_MS);
    assert_eq!(line(&ready(&phone), "unsent")["tone"], "warn");
}
