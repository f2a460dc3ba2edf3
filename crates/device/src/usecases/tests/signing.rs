//! What blocks signing, what voids a signature, what a final record holds.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, pen, refusal};
use crate::store::local::{changes, files};
use serde_json::{Value, json};
use uuid::Uuid;
use xunji_domain::inspection::PhotoPurpose;
use xunji_protocol::body::body_json;
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::{Payload, read_payload};
use xunji_protocol::log::{LogHead, walk};

fn blockers(draft: &Value) -> Vec<String> {
    draft["blockers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn one_inspector_alone_cannot_sign_and_is_told_why() {
    let phone = Phone::enrolled();
    phone.duty(&["检查员甲"]);
    let id = phone.all_passed(&phone.stall(0).clone());
    let draft = phone.call(json!({"cmd": "draft", "id": id}));
    assert!(
        blockers(&draft).contains(&"too_few_inspectors".to_owned()),
        "{draft}"
    );
    let sign = json!({"cmd": "sign_inspector", "inspection": id, "person": phone.person("检查员甲"), "strokes": pen()});
    let error = refusal(phone.try_call(sign.clone()));
    assert_eq!(error.code, "blocked");
    assert!(error.sentence.contains("两名"), "{}", error.sentence);
    phone.duty(&["检查员甲", "检查员乙"]);
    phone.call(sign);
}

#[test]
fn a_later_change_voids_the_signatures_and_says_so() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let sign = json!({"cmd": "sign_inspector", "inspection": id, "person": phone.person("检查员甲"), "strokes": pen()});
    let signed = phone.call(sign.clone());
    assert_eq!(signed["signatures"].as_array().unwrap().len(), 1);
    let first = signed["document"].as_str().unwrap().to_owned();
    let again = phone.call(json!({"cmd": "party_opinion", "inspection": id, "text": "无异议"}));
    assert_eq!(again["signatures"], json!([]));
    assert_eq!(again["signatures_voided"], true);
    assert!(again["document"].is_null());
    let resigned = phone.call(sign);
    assert_ne!(resigned["document"].as_str().unwrap(), first);
    let voided = phone.tap(
        &id,
        resigned["answers"]
            .as_object()
            .unwrap()
            .keys()
            .next()
            .unwrap(),
        "not_applicable",
    );
    assert_eq!(voided["signatures_voided"], true);
    let error = refusal(phone.try_call(json!({"cmd": "finish", "inspection": id})));
    assert_eq!(error.code, "blocked");
}

#[test]
fn a_photo_taken_over_late_voids_them_too() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let sign = json!({"cmd": "sign_inspector", "inspection": id, "person": phone.person("检查员甲"), "strokes": pen()});
    phone.call(sign);
    phone.photo(id.parse().unwrap(), PhotoPurpose::Storefront, b"late");
    assert_eq!(
        phone.call(json!({"cmd": "draft", "id": id}))["signatures"],
        json!([])
    );
}

#[test]
fn a_final_record_is_one_change_whose_signatures_name_its_content() {
    let phone = Phone::on_duty();
    let stall = phone.stall(1).clone();
    let id = phone.all_passed(&stall);
    let code = phone.call(json!({"cmd": "draft", "id": id}))["answers"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    phone.tap(&id, &code, "fail");
    phone.call(json!({"cmd": "finding", "inspection": id, "item": code, "problem": "未公示", "measure": "on_site"}));
    let missing = phone.call(json!({"cmd": "draft", "id": id}));
    assert!(
        missing["blockers"]
            .as_array()
            .unwrap()
            .iter()
            .any(|b| b["sentence"].as_str().unwrap().contains("照片"))
    );
    let draft: Uuid = id.parse().unwrap();
    phone.photo(
        draft,
        PhotoPurpose::Items {
            items: vec![code.as_str().into()],
        },
        b"picture",
    );
    let done = phone.close(&id);

    let own = phone
        .device
        .local()
        .unwrap()
        .read(|r| changes::of_record(r, draft))
        .unwrap();
    assert_eq!(own.len(), 1);
    let stored = own.first().unwrap();
    assert_eq!(stored.hash.to_hex(), done["hash"].as_str().unwrap());
    let change = Change::read(stored.envelope.clone(), Some(stored.body.clone())).unwrap();
    assert_eq!(change.hash, stored.hash);
    let head = walk(LogHead::empty(change.envelope.log), [&change]).unwrap();
    assert_eq!(head.seq, 1);
    let json = body_json(&stored.body).unwrap();
    let document = Digest::of(&canonical_bytes(&json["content"]).unwrap()).to_hex();
    let Payload::InspectionSigned(body) = read_payload(&stored.kind, 1, json).unwrap() else {
        unreachable!()
    };
    assert!(
        body.inspector_signatures
            .iter()
            .all(|s| s.document == document)
    );
    assert_eq!(body.inspector_signatures.len(), 2);
    assert_eq!(body.content.photos.len(), 1);
    assert!(body.content.ended_at.is_some() && body.content.conclusion.is_some());
    let queued = phone.device.local().unwrap().read(files::to_send).unwrap();
    assert_eq!(
        queued.iter().map(|f| f.sha256).collect::<Vec<_>>(),
        [Digest::of(b"picture")]
    );

    let tap = json!({"cmd": "answer", "inspection": id, "item": code, "answer": "pass", "shown_ms": 1, "answered_by": "card"});
    assert_eq!(refusal(phone.try_call(tap)).code, "already_signed");
    let record = phone.call(json!({"cmd": "record", "id": id}));
    assert_eq!(record["row"]["unsent"], true);
    assert_eq!(record["integrity_note"], "本机保存的原文与签字时的哈希一致");
    assert_eq!(record["unlock_text"], "未设口令");
}

#[test]
fn a_refusal_needs_a_reason_and_somebody_who_saw_it() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let bare = json!({"cmd": "refuse_party", "inspection": id, "reason": "不认可", "witness": null, "recording": null});
    assert_eq!(refusal(phone.try_call(bare)).code, "refusal_incomplete");
    let seen = json!({"cmd": "refuse_party", "inspection": id, "reason": "不认可",
        "witness": {"name": "见证人甲", "unit": "集市", "phone": ""}});
    assert_eq!(phone.call(seen)["party"]["kind"], "refused");
    assert_eq!(
        refusal(phone.try_call(json!({"cmd": "party_absent", "inspection": id}))).code,
        "absent_not_allowed"
    );
    for name in ["检查员甲", "检查员乙"] {
        phone.call(json!({"cmd": "sign_inspector", "inspection": id, "person": phone.person(name), "strokes": pen()}));
    }
    phone.call(json!({"cmd": "finish", "inspection": id}));
}

#[test]
fn a_closed_shop_is_recorded_without_answers() {
    let phone = Phone::on_duty();
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": phone.stall(0).id}));
    let id = draft["id"].as_str().unwrap();
    phone.call(json!({"cmd": "notice", "inspection": id, "given": true}));
    phone.call(json!({"cmd": "not_inspected", "inspection": id, "reason": "当日未出摊"}));
    phone.call(json!({"cmd": "party_absent", "inspection": id}));
    for name in ["检查员甲", "检查员乙"] {
        phone.call(json!({"cmd": "sign_inspector", "inspection": id, "person": phone.person(name), "strokes": pen()}));
    }
    phone.call(json!({"cmd": "finish", "inspection": id}));
    let record = phone.call(json!({"cmd": "record", "id": id}));
    assert_eq!(record["row"]["conclusion"], "not_inspected");
    assert!(record["row"]["grade"].is_null());
}

#[test]
fn an_empty_or_endless_signature_is_no_signature() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    for strokes in [
        json!([]),
        json!([[1, 2]]),
        json!([[1, 2, 3]]),
        json!([vec![1234; 4000]]),
    ] {
        let sign = json!({"cmd": "sign_inspector", "inspection": id, "person": phone.person("检查员甲"), "strokes": strokes});
        assert_eq!(refusal(phone.try_call(sign)).code, "signature_invalid");
    }
}
