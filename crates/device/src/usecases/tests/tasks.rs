//! What only a person can solve stands in the answer to `sync_state`, and what solves itself does not.
#![allow(clippy::unwrap_used)]

use super::phone::Phone;
use crate::store::local::{changes, verdicts};
use serde_json::{Value, json};
use xunji_domain::time::Millis;
use xunji_protocol::verdict::{Cause, Closed, Verdict, VerdictRow};

fn tasks(phone: &Phone) -> Vec<Value> {
    let state = phone.call(json!({"cmd": "sync_state"}));
    state["tasks"].as_array().unwrap().clone()
}

/// The server's word on the last change.
fn answered(phone: &Phone, verdict: Verdict, cause: Cause, closed: Option<Closed>) {
    let local = phone.device.local().unwrap();
    let own = local.read(changes::unconfirmed).unwrap().pop().unwrap();
    let row = VerdictRow {
        seq: own.seq,
        hash: own.hash,
        verdict,
        cause: Some(cause),
        detail: String::new(),
        flags: vec![],
        effects: vec![],
        closed,
    };
    local.write(|w| verdicts::put(w, &row)).unwrap();
}

#[test]
fn a_change_that_was_put_aside_waits_for_a_person_until_the_station_has_closed_it() {
    let phone = Phone::on_duty();
    let stall = phone.stall(0).clone();
    assert!(tasks(&phone).is_empty(), "nothing is amiss");
    phone.call(json!({"cmd": "edit_operator", "id": stall.id,
        "writes": [{"field": "phone", "seen": stall.phone, "new": "13511112222"}]}));
    assert!(tasks(&phone).is_empty(), "on its way");
    answered(&phone, Verdict::Held, Cause::RecordMissing, None);
    assert!(tasks(&phone).is_empty(), "comes by itself");
    answered(&phone, Verdict::Quarantined, Cause::NotAllowed, None);
    let found = tasks(&phone);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["page"], &found[0]["id"]),
        (&json!("operator"), &json!(stall.id))
    );
    assert!(found[0]["sentence"].as_str().unwrap().contains("没有丢失"));
    let closed = Closed {
        reason: "写错了一户".to_owned(),
        by_name: "所长甲".to_owned(),
        at: Millis(0),
    };
    answered(
        &phone,
        Verdict::Quarantined,
        Cause::NotAllowed,
        Some(closed),
    );
    assert!(tasks(&phone).is_empty());
    let state = phone.call(json!({"cmd": "sync_state"}));
    let told = state["quarantined"][0]["sentence"].as_str().unwrap();
    assert!(
        told.contains("所长甲") && told.contains("写错了一户"),
        "{told}"
    );
    let shown = phone.call(json!({"cmd": "operator", "id": stall.id}));
    assert_eq!(
        shown["operator"]["phone"], stall.phone,
        "it will not be written"
    );
}

#[test]
fn a_photo_that_was_not_kept_leads_back_to_its_visit() {
    let phone = Phone::on_duty();
    let stall = phone.stall(0).clone();
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": stall.id}));
    let expected = phone.call(json!({"cmd": "expect_photo", "inspection": draft["id"], "purpose": {"kind": "storefront"}}));
    let file = phone.home.path().join("no-picture.jpg");
    std::fs::write(&file, b"plain text").unwrap();
    let taken = phone.try_call(
        json!({"cmd": "take_over", "photo": expected["photo"], "path": file, "origin": "camera"}),
    );
    assert!(taken.is_err());
    let found = tasks(&phone);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&found[0]["page"], &found[0]["id"], &found[0]["about"]),
        (&json!("draft"), &draft["id"], &json!(stall.name))
    );
    phone.call(json!({"cmd": "cancel_photo", "photo": expected["photo"]}));
    assert!(tasks(&phone).is_empty(), "given up is done with");
}
