//! The register on the phone: new entries, edits, search, what the mirror says meanwhile.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, put_rev, refusal};
use crate::store::local::{changes, verdicts};
use crate::store::mirror::cursor;
use serde_json::{Value, json};
use xunji_domain::county::MAIN_MARKET;
use xunji_protocol::state;
use xunji_protocol::verdict::{Effect, Verdict, VerdictRow};

fn names(found: &Value) -> Vec<String> {
    found["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_new_stall_is_found_by_name_pinyin_initials_and_digits() {
    let phone = Phone::on_duty();
    let market = phone.county.market(MAIN_MARKET).unwrap().id;
    let made = phone.call(json!({"cmd": "register_operator", "kind": "stall", "name": "𠮷祥煎饼摊", "owner": "田某",
        "phone": "13900001111", "address": "", "market": market, "slot": "东排 12 号", "varieties": ["煎饼"]}));
    assert_eq!(made["name"], "𠮷祥煎饼摊");
    for query in ["𠮷祥", "jianbing", "jbt", "0000111", "田某"] {
        let found = phone.call(
            json!({"cmd": "operators", "query": query, "market": market, "limit": 20, "offset": 0}),
        );
        assert!(
            names(&found).contains(&"𠮷祥煎饼摊".to_owned()),
            "{query}: {found}"
        );
    }
    let opened = phone.call(json!({"cmd": "operator", "id": made["id"]}));
    assert_eq!(opened["pending"], true);
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": made["id"]}));
    assert_eq!(draft["operator"]["name"], "𠮷祥煎饼摊");
}

#[test]
fn an_edit_stays_on_the_screen_until_the_mirror_has_passed_it() {
    let phone = Phone::on_duty();
    let stall = phone.stall(0).clone();
    let number = |phone: &Phone| {
        phone.call(json!({"cmd": "operator", "id": stall.id}))["operator"]["phone"].clone()
    };
    phone.call(json!({"cmd": "edit_operator", "id": stall.id,
        "writes": [{"field": "phone", "seen": stall.phone, "new": "13511112222"}]}));
    assert_eq!(number(&phone), "13511112222");
    let local = phone.device.local().unwrap();
    let own = local.read(changes::unconfirmed).unwrap().pop().unwrap();
    let effects = vec![Effect {
        feed: "s.test".to_owned(),
        pos: 7,
    }];
    let row = VerdictRow {
        seq: own.seq,
        hash: own.hash,
        verdict: Verdict::Applied,
        cause: None,
        detail: String::new(),
        flags: vec![],
        effects,
        closed: None,
    };
    local.write(|w| verdicts::put(w, &row)).unwrap();
    let phone = phone.reopened();
    assert_eq!(
        number(&phone),
        "13511112222",
        "acknowledged and not pulled yet"
    );
    let colleague = xunji_domain::operator::Operator {
        phone: "13500000000".to_owned(),
        ..stall.clone()
    };
    phone
        .device
        .mirror()
        .write(|m| {
            put_rev(m, state::OPERATOR, stall.id.0, 9, &colleague)?;
            cursor::set_passed(
                m,
                &[Effect {
                    feed: "s.test".to_owned(),
                    pos: 9,
                }],
            )
        })
        .unwrap();
    assert_eq!(
        number(&phone),
        "13500000000",
        "what the server has after it is what stands"
    );
}

#[test]
fn an_edit_names_what_it_saw_and_refuses_what_does_not_fit() {
    let phone = Phone::on_duty();
    let stall = phone.stall(0).clone();
    let edit = |field: &str, new: Value| {
        phone.try_call(json!({"cmd": "edit_operator", "id": stall.id, "writes": [{"field": field, "seen": null, "new": new}]}))
    };
    assert_eq!(refusal(edit("station", json!("x"))).code, "field_invalid");
    assert_eq!(
        refusal(edit("varieties", json!("not a list"))).code,
        "field_invalid"
    );
    assert_eq!(refusal(edit("name", json!("  "))).code, "field_invalid");
    assert_eq!(
        refusal(edit("owner", json!("长".repeat(101)))).code,
        "text_too_long"
    );
    let none = phone
        .device
        .local()
        .unwrap()
        .read(changes::unconfirmed)
        .unwrap();
    assert!(none.is_empty(), "a refused edit leaves no change");
    phone.call(json!({"cmd": "edit_operator", "id": stall.id, "writes": [{"field": "phone", "seen": "1", "new": "1"}]}));
    assert!(
        phone
            .device
            .local()
            .unwrap()
            .read(changes::unconfirmed)
            .unwrap()
            .is_empty(),
        "nothing changed, nothing said"
    );
}
