//! Safety copies and takeovers, without a network between the phones: what one phone writes another reads.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, refusal};
use crate::api::ApiError;
use crate::store::local::{changes, drafts, lapse};
use crate::usecases::{draft_copy, takeover};
use serde_json::{Value, json};
use uuid::Uuid;
use xunji_domain::checklist::for_kind;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::PhotoPurpose;
use xunji_domain::time::Millis;
use xunji_protocol::body::body_json;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{DRAFT_TAKEN_OVER, DraftTakenOver};
use xunji_protocol::limits::MAX_DRAFT_COPY;
use xunji_protocol::steps::drafts::{CopyHead, CopyKept, DraftCopy, read_copy, write_copy};

impl Phone {
    fn waiting(&self) -> Vec<InspectionId> {
        let local = self.device.local().unwrap();
        local.read(draft_copy::waiting).unwrap()
    }

    fn copied(&self, id: &str) -> Option<(CopyHead, Vec<u8>)> {
        let local = self.device.local().unwrap();
        let id = id.parse().unwrap();
        local
            .write(|write| draft_copy::next(&self.device, write, id))
            .unwrap()
    }

    fn told(&self, head: &CopyHead, kept: &CopyKept) -> bool {
        let local = self.device.local().unwrap();
        local
            .write(|write| draft_copy::acknowledge(write, head, kept))
            .unwrap()
    }
}

fn kept(head: &CopyHead) -> CopyKept {
    CopyKept {
        version: head.version,
        digest: head.digest,
        stored_at: Millis(super::phone::MORNING),
    }
}

/// A visit half done: a failed item with its finding, a number read early, a photo, a certificate.
fn half_done(phone: &Phone) -> String {
    let stall = phone.stall(0).clone();
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": stall.id}));
    let id = draft["id"].as_str().unwrap().to_owned();
    let items = &for_kind(stall.kind).unwrap().items;
    phone.call(json!({"cmd": "notice", "inspection": id, "given": true}));
    phone.tap(&id, items[0].code.as_str(), "pass");
    phone.tap(&id, items[1].code.as_str(), "fail");
    phone.call(
        json!({"cmd": "finding", "inspection": id, "item": items[1].code, "problem": "未公示",
        "measure": "on_site"}),
    );
    phone.call(json!({"cmd": "note", "inspection": id, "item": items[2].code, "text": "先记一笔"}));
    phone.call(json!({"cmd": "party_opinion", "inspection": id, "text": "无异议"}));
    let uuid: Uuid = id.parse().unwrap();
    phone.photo(uuid, PhotoPurpose::Storefront, b"picture");
    id
}

#[test]
fn a_draft_waits_until_its_copy_is_acknowledged_and_again_when_it_changes() {
    let phone = Phone::on_duty();
    let stall = phone.stall(0).clone();
    let draft = phone.call(json!({"cmd": "start_inspection", "operator": stall.id}));
    assert!(phone.waiting().is_empty(), "nothing in it yet");
    let id = draft["id"].as_str().unwrap();
    let item = for_kind(stall.kind).unwrap().items[0].code.clone();
    phone.tap(id, item.as_str(), "pass");
    assert_eq!(phone.waiting().len(), 1);
    let (head, body) = phone.copied(id).unwrap();
    assert_eq!((head.version, head.digest), (1, Digest::of(&body)));
    assert_eq!(phone.waiting().len(), 1, "sent is not acknowledged");
    let again = phone.copied(id).unwrap().0;
    assert_eq!((again.version, again.digest), (2, head.digest));
    // The answer to the first one comes late: the second stands there.
    assert!(!phone.told(&head, &kept(&again)));
    assert!(phone.told(&again, &kept(&again)));
    assert!(phone.waiting().is_empty());
    let row = phone.call(json!({"cmd": "today"}))["drafts"][0].clone();
    assert_eq!(
        (row["copied_text"].as_str(), row["too_large"].as_bool()),
        (Some("06:00"), Some(false))
    );
    phone.tap(id, item.as_str(), "fail");
    assert_eq!(phone.waiting().len(), 1);
}

#[test]
fn a_number_that_stands_higher_is_passed_by_the_next_copy() {
    let phone = Phone::on_duty();
    let id = half_done(&phone);
    let (head, _) = phone.copied(&id).unwrap();
    let higher = CopyKept {
        version: 40,
        digest: Digest::of(b"other"),
        ..kept(&head)
    };
    assert!(!phone.told(&head, &higher));
    assert_eq!(phone.copied(&id).unwrap().0.version, 41);
}

#[test]
fn a_server_that_was_put_back_gets_the_copy_again() {
    let phone = Phone::on_duty();
    let id = half_done(&phone);
    let (head, _) = phone.copied(&id).unwrap();
    assert!(phone.told(&head, &kept(&head)));
    assert!(phone.waiting().is_empty());
    let local = phone.device.local().unwrap();
    local.write(|write| lapse::set_epoch(write, 2)).unwrap();
    assert_eq!(phone.waiting().len(), 1);
}

#[test]
fn a_copy_holds_everything_but_signatures() {
    let phone = Phone::on_duty();
    let id = half_done(&phone);
    let (head, body) = phone.copied(&id).unwrap();
    let said: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (head.answered, head.photos, head.author_name.as_str()),
        (2, 1, "检查员甲")
    );
    assert_eq!(said["findings"][0]["problem"], "未公示");
    assert_eq!(said["early"][0]["note"], "先记一笔");
    assert_eq!(said["answers"][0]["shown_ms"], 1200);
    assert_eq!(said["photos"][0]["sha256"], Digest::of(b"picture").to_hex());
    let text = String::from_utf8(body).unwrap();
    assert!(
        !text.contains("strokes") && !text.contains("signature"),
        "{text}"
    );
}

#[test]
fn a_draft_that_is_too_large_stays_here_and_says_so() {
    let phone = Phone::on_duty();
    let id = half_done(&phone);
    let uuid: Uuid = id.parse().unwrap();
    let one = serde_json::to_vec(&phone.copied(&id).unwrap().0)
        .unwrap()
        .len();
    for n in 0..MAX_DRAFT_COPY / one.min(300) {
        phone.photo(uuid, PhotoPurpose::Storefront, &n.to_le_bytes());
    }
    assert_eq!(phone.waiting().len(), 1);
    assert!(phone.copied(&id).is_none());
    assert!(phone.waiting().is_empty(), "it is not tried again as it is");
    let row = phone.call(json!({"cmd": "today"}))["drafts"][0].clone();
    assert_eq!(
        (row["too_large"].as_bool(), row["answered"].as_u64()),
        (Some(true), Some(2))
    );
}

/// What the server keeps of a copy and gives to another phone.
fn carried(phone: &Phone, id: &str) -> DraftCopy {
    let (head, body) = phone.copied(id).unwrap();
    read_copy(&write_copy(&head, &body).unwrap()).unwrap()
}

#[test]
fn another_phone_goes_on_under_the_same_number_and_the_act_is_in_its_log() {
    let (phone, other) = (Phone::on_duty(), Phone::enrolled());
    let id = half_done(&phone);
    let copy = carried(&phone, &id);
    let nobody = takeover::adopt(&other.device, &copy).unwrap_err();
    assert_eq!(nobody.code, "no_inspectors");
    other.duty(&["检查员丙", "检查员甲"]);
    let taken = takeover::adopt(&other.device, &copy).unwrap();
    assert_eq!((taken.id.as_str(), taken.photos_left), (id.as_str(), 1));
    let (here, there) = (
        phone.call(json!({"cmd": "draft", "id": id})),
        other.call(json!({"cmd": "draft", "id": id})),
    );
    for part in [
        "answers",
        "findings",
        "early",
        "record_no",
        "party_opinion",
        "notice_given",
    ] {
        assert_eq!(here[part], there[part], "{part}");
    }
    assert_eq!(there["photos"].as_array().map(Vec::len), Some(0));
    assert_eq!(there["inspectors"][0]["name"], "检查员丙");
    let said = the_act(&other, &id);
    assert_eq!(
        (said.from_version, said.from_digest),
        (copy.head.version, copy.head.digest)
    );
    assert_eq!(
        (said.taker_name.as_str(), said.from_author_name.as_str()),
        ("检查员丙", "检查员甲")
    );
    // A second tap changes nothing.
    takeover::adopt(&other.device, &copy).unwrap();
    the_act(&other, &id);
    // It is the taker's from now on, with copies of its own.
    assert_eq!(other.copied(&id).unwrap().0.author_name, "检查员丙");
}

/// The one takeover in a phone's log.
fn the_act(phone: &Phone, id: &str) -> DraftTakenOver {
    let record: Uuid = id.parse().unwrap();
    let local = phone.device.local().unwrap();
    let mut said = local.read(|read| changes::of_record(read, record)).unwrap();
    said.retain(|change| change.kind == DRAFT_TAKEN_OVER);
    assert_eq!(said.len(), 1);
    serde_json::from_value(body_json(&said[0].body).unwrap()).unwrap()
}

#[test]
fn what_cannot_be_read_whole_is_not_begun() {
    let (phone, other) = (Phone::on_duty(), Phone::on_duty());
    let id = half_done(&phone);
    let altered = |change: &dyn Fn(&mut Value)| {
        let mut copy = carried(&phone, &id);
        let mut body: Value = serde_json::from_slice(&copy.body).unwrap();
        change(&mut body);
        copy.body = serde_json::to_vec(&body).unwrap();
        copy
    };
    let cases: [(&str, DraftCopy); 3] = [
        (
            "checklist_missing",
            altered(&|b| b["checklist"]["version"] = json!(99)),
        ),
        ("draft_unreadable", altered(&|b| b["answers"] = json!(7))),
        (
            "not_found",
            altered(&|b| b["station"] = json!(Uuid::from_u128(5))),
        ),
    ];
    for (code, copy) in cases {
        let refused = takeover::adopt(&other.device, &copy).unwrap_err();
        assert_eq!(refused.code, code);
        let local = other.device.local().unwrap();
        let begun = local.read(|read| drafts::get(read, id.parse().unwrap()));
        assert!(begun.unwrap().is_none(), "{code}");
    }
}

#[test]
fn without_a_network_nothing_is_taken_over() {
    let phone = Phone::on_duty();
    let ask = json!({"cmd": "take_over_draft", "inspection": Uuid::from_u128(1), "log": Uuid::from_u128(2)});
    let refused: ApiError = refusal(phone.try_call(ask));
    assert_eq!(refused.code, "no_signal");
    let list = phone.call(json!({"cmd": "offered_drafts"}));
    assert_eq!(list, json!({"asked": false, "drafts": []}));
}
