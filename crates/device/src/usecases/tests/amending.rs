//! A record that came back, amended beside what was signed.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, pen, put_rev, refusal};
use crate::store::local::changes;
use crate::store::mirror::cursor;
use serde_json::json;
use uuid::Uuid;
use xunji_domain::ids::{InspectionId, ReviewId};
use xunji_domain::inspection::{OpenItem, PhotoPurpose};
use xunji_domain::words::InspectionState;
use xunji_protocol::state::{self, InspectionSummary};

/// A signed record that the server has taken and a supervisor sent back for one item.
fn returned(phone: &Phone) -> (String, String) {
    let id = phone.all_passed(&phone.stall(0).clone());
    let code = phone.call(json!({"cmd": "draft", "id": id}))["answers"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    phone.tap(&id, &code, "fail");
    phone.call(json!({"cmd": "finding", "inspection": id, "item": code, "problem": "未公示", "measure": "on_site",
        "no_photo_reason": "光线太暗"}));
    phone.close(&id);
    let record = phone.call(json!({"cmd": "record", "id": id}));
    let mut summary: InspectionSummary = serde_json::from_value(record["summary"].clone()).unwrap();
    summary.state = InspectionState::Returned;
    summary.open = vec![OpenItem {
        item: code.as_str().into(),
        reason: "请补照片".to_owned(),
    }];
    summary.review = Some(ReviewId(Uuid::from_u128(7)));
    let key: InspectionId = id.parse().unwrap();
    phone
        .device
        .mirror()
        .write(|m| {
            put_rev(m, state::INSPECTION, key.0, 4, &summary)?;
            cursor::set_passed(m, &[])
        })
        .unwrap();
    (id, code)
}

#[test]
fn a_returned_record_is_amended_and_the_signed_one_stays() {
    let phone = Phone::on_duty();
    let (id, code) = returned(&phone);
    let today = phone.call(json!({"cmd": "today"}));
    assert_eq!(today["returned"][0]["open"][0]["reason"], "请补照片");
    let work = phone.call(json!({"cmd": "start_amendment", "inspection": id}));
    let amendment = work["id"].as_str().unwrap().to_owned();
    assert_eq!(work["items"][0]["item"], code);
    assert_eq!(
        phone.call(json!({"cmd": "start_amendment", "inspection": id}))["id"],
        work["id"],
        "opened again, not begun twice"
    );
    let other =
        json!({"cmd": "amend_item", "amendment": amendment, "item": "NO9.9", "new_answer": "pass"});
    assert_eq!(refusal(phone.try_call(other)).code, "item_not_open");
    phone.call(json!({"cmd": "amend_item", "amendment": amendment, "item": code, "problem": "公示牌缺失，已拍近照"}));
    let photo = phone.photo(
        amendment.parse().unwrap(),
        PhotoPurpose::Items {
            items: vec![code.as_str().into()],
        },
        b"near",
    );
    let sign = |name: &str| json!({"cmd": "sign_amendment", "amendment": amendment, "person": phone.person(name), "strokes": pen()});
    let error = refusal(phone.try_call(sign("检查员甲")));
    assert!(error.sentence.contains("理由"), "{}", error.sentence);
    phone.call(json!({"cmd": "amend_reason", "amendment": amendment, "reason": "按退回意见补拍"}));
    phone.call(sign("检查员甲"));
    let voided = phone.call(
        json!({"cmd": "amend_reason", "amendment": amendment, "reason": "按退回意见补拍近照"}),
    );
    assert_eq!(voided["signatures_voided"], true);
    phone.call(sign("检查员甲"));
    let unfinished =
        refusal(phone.try_call(json!({"cmd": "finish_amendment", "amendment": amendment})));
    assert_eq!(unfinished.code, "signatures_missing");
    phone.call(sign("检查员乙"));
    let done = phone.call(json!({"cmd": "finish_amendment", "amendment": amendment}));

    let own = phone
        .device
        .local()
        .unwrap()
        .read(|r| changes::of_record(r, id.parse().unwrap()))
        .unwrap();
    assert_eq!(
        own.iter().map(|c| c.kind.as_str()).collect::<Vec<_>>(),
        ["inspection.signed", "inspection.amended"]
    );
    let record = phone.call(json!({"cmd": "record", "id": id}));
    assert_eq!(record["row"]["state"], "amended");
    assert_eq!(record["open"], json!([]));
    assert_eq!(
        record["versions"].as_array().unwrap().last().unwrap()["hash"],
        done["hash"]
    );
    assert_eq!(record["content"]["findings"][0]["problem"], "未公示");
    assert_eq!(
        record["present"]["findings"][0]["problem"],
        "公示牌缺失，已拍近照"
    );
    assert_eq!(record["present"]["photos"][0]["id"], photo.to_string());
    assert_eq!(
        refusal(phone.try_call(sign("检查员甲"))).code,
        "already_signed"
    );
}

#[test]
fn a_finding_that_is_added_asks_the_operator_again() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    phone.close(&id);
    let code = phone.call(json!({"cmd": "draft", "id": id}))["answers"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    let amendment = phone.call(json!({"cmd": "start_amendment", "inspection": id}))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    phone.call(json!({"cmd": "amend_reason", "amendment": amendment, "reason": "漏记一项"}));
    let work = phone.call(
        json!({"cmd": "amend_item", "amendment": amendment, "item": code, "new_answer": "fail",
        "problem": "证照未悬挂", "measure": "on_site", "no_photo_reason": "已离开现场"}),
    );
    assert_eq!(work["party_needed"], true);
    for name in ["检查员甲", "检查员乙"] {
        phone.call(json!({"cmd": "sign_amendment", "amendment": amendment, "person": phone.person(name), "strokes": pen()}));
    }
    let finish = json!({"cmd": "finish_amendment", "amendment": amendment});
    assert_eq!(
        refusal(phone.try_call(finish.clone())).code,
        "signatures_missing"
    );
    phone.call(json!({"cmd": "sign_amendment", "amendment": amendment, "person": "party", "strokes": pen()}));
    phone.call(finish);
    assert_eq!(
        phone.call(json!({"cmd": "record", "id": id}))["present"]["findings"][0]["problem"],
        "证照未悬挂"
    );
}
