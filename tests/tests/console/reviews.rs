//! Approval and return, and what stands against them.

use super::desk::{Desk, deliver, delivered};
use serde_json::{Value, json};
use xunji_domain::inspection::InspectorOnRecord;
use xunji_protocol::kinds::INSPECTION_AMENDED;
use xunji_tests::conformance::{Backend, sample};

fn row(desk: &Desk) -> Value {
    desk.get("/api/console/queue?state=all").json()["rows"][0].clone()
}

#[test]
fn a_record_is_returned_amended_and_approved() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    let record = delivered(&backend, &server, &mut phone, 1, &["TD1.1"]);
    let desk = Desk::of(&backend, &server, "所长甲");
    assert_eq!(
        (
            row(&desk)["approvable"].as_bool(),
            row(&desk)["state_text"].as_str()
        ),
        (Some(true), Some("待审"))
    );

    assert_eq!(
        desk.send_back(&record, "TD9.9", "没有这一项").problem().0,
        400
    );
    assert_eq!(desk.send_back(&record, "TD1.1", "  ").problem().0, 400);
    assert_eq!(
        desk.send_back(&record, "TD1.1", "照片看不清").json()["state"],
        "returned"
    );
    assert_eq!(desk.approve(&record).problem(), (409, "stale".to_owned()));
    let page = desk.record(&record);
    assert_eq!(
        page["summary"]["open"],
        json!([{"item": "TD1.1", "reason": "照片看不清"}])
    );
    assert_eq!(page["why_not"], "已退回，等待补正");

    let review = page["summary"]["review"].as_str().unwrap().parse().unwrap();
    let parent =
        xunji_protocol::digest::Digest::from_hex(page["summary"]["version"].as_str().unwrap())
            .unwrap();
    let amendment = sample::amendment(&record, 77, parent, Some(review), "TD1.1");
    let change = phone
        .0
        .append(INSPECTION_AMENDED, &[record.id.0], &amendment);
    server.wire.push(&phone.0, &phone.1, &[change]);

    let old = json!({"seen": parent});
    let stale = desk.post(&format!("/api/console/records/{}/approve", record.id), &old);
    assert_eq!(
        stale.problem(),
        (409, "stale".to_owned()),
        "the version that was seen is no longer the last"
    );
    let page = desk.record(&record);
    assert_eq!(
        page["integrity"]["badge"], "complete",
        "{}",
        page["integrity"]
    );
    assert_eq!(page["amendments"].as_array().unwrap().len(), 1);
    assert_eq!(
        (page["version_no"].as_u64(), page["state_text"].as_str()),
        (Some(2), Some("已补正，待审"))
    );
    assert_eq!(desk.approve(&record).json()["state"], "approved");
    assert_eq!(desk.record(&record)["integrity"]["badge"], "complete");
    assert_eq!(desk.approve(&record).problem().0, 409);
    assert_eq!(desk.get("/api/console/queue").json()["rows"], json!([]));
}

#[test]
fn nobody_reviews_his_own_record() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    let operator = sample::stall(&backend.county, 501);
    let mut content = sample::visit(&backend.county, &operator, 1, &["TD1.1"]);
    let head = sample::person(&backend.county, "所长甲");
    content.inspectors.push(InspectorOnRecord {
        person: head.id,
        name: head.name,
        card_no: String::new(),
        card_valid_to: None,
    });
    let record = deliver(&server, &mut phone, sample::sign(content));
    let desk = Desk::of(&backend, &server, "所长甲");
    let own = (403, "own_record".to_owned());
    assert_eq!(row(&desk)["approvable"], false);
    assert!(row(&desk)["why_not"].as_str().unwrap().contains("本人"));
    assert_eq!(desk.approve(&record).problem(), own);
    assert_eq!(desk.send_back(&record, "TD1.1", "看不清").problem(), own);
    assert_eq!(desk.record(&record)["summary"]["state"], "signed");
    assert_eq!(desk.record(&record)["reviews"], json!([]));
}

#[test]
fn a_record_without_its_photos_waits() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    let operator = sample::stall(&backend.county, 501);
    let mut content = sample::visit(&backend.county, &operator, 1, &[]);
    content.photos.push(serde_json::from_value(json!({
        "id": sample::id(900), "sha256": "ab".repeat(32), "size": 3_000_000, "purpose": {"kind": "storefront"},
        "origin": "camera", "damaged": false, "at": sample::reading(6),
    })).unwrap());
    let record = deliver(&server, &mut phone, sample::sign(content));
    let desk = Desk::of(&backend, &server, "所长甲");
    assert_eq!(
        desk.approve(&record).problem(),
        (409, "not_complete".to_owned())
    );
    let page = desk.record(&record);
    assert_eq!(
        (
            page["integrity"]["badge"].as_str(),
            page["integrity"]["label"].as_str()
        ),
        (Some("missing"), Some("未收齐"))
    );
    assert_eq!(page["photos"][0]["original"], Value::Null);
    assert_eq!(
        row(&desk)["photos"],
        json!({"thumbnails": 0, "copies": 0, "originals": 0, "total": 1})
    );
}
