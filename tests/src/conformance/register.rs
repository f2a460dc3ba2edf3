//! The register, records after signing, and phones coming in.

use super::backend::Backend;
use super::feeds::{edit, register};
use super::lines::operator_field;
use super::phone::Phone;
use super::sample::{self, amendment, person, sign, stall, visit};
use super::wire::Wire;
use serde_json::{Value, json};
use xunji_domain::ids::ReviewId;
use xunji_domain::inspection::OpenItem;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::public_key;
use xunji_protocol::kinds::{
    INSPECTION_AMENDED, INSPECTION_REVIEWED, INSPECTION_SIGNED, Review, ReviewDecision,
};
use xunji_protocol::steps::enrol::{
    CERTIFICATE_CONTEXT, Certificate, EnrolAnswer, KEYS_CONTEXT, KeyList,
};
use xunji_protocol::verdict::{Flag, Verdict};
use xunji_server::write::append_bureau_change;

pub fn conflict(backend: &Backend) {
    let server = backend.server();
    let (mut a, a_token) = backend.phone(&server, 1);
    let (mut b, b_token) = backend.phone(&server, 2);
    let stall = stall(&backend.county, 1);
    let birth = register(&mut a, &stall);
    server.wire.push(&a, &a_token, &[birth]);
    let one = edit(&mut a, &stall, "phone", "13800138000", "13900000001");
    let two = edit(&mut b, &stall, "phone", "13800138000", "13900000002");
    assert!(
        server.wire.push(&a, &a_token, &[one]).verdicts[0]
            .flags
            .is_empty()
    );
    let met = server.wire.push(&b, &b_token, std::slice::from_ref(&two));
    assert_eq!(met.verdicts[0].flags, [Flag::Conflict]);
    assert_eq!(
        met.verdicts[0].effects.len(),
        2,
        "the entry and the conflict"
    );
    assert_eq!(
        operator_field(&server.wire, &a_token, stall.id.0, "phone"),
        "13900000002"
    );
    let all = server.wire.pull_all(&a_token);
    let kept: Vec<Value> = all
        .iter()
        .filter(|(entry, _)| entry.kind == "conflict")
        .map(|(_, state)| serde_json::from_slice(state.as_ref().unwrap()).unwrap())
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["standing"], &kept[0]["written"]),
        (&json!("13900000001"), &json!("13900000002"))
    );
    assert_eq!(kept[0]["change"], two.hash.to_hex());
}

pub fn own_edits(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let birth = register(&mut phone, &stall);
    server.wire.push(&phone, &token, &[birth]);
    let edits = [
        edit(&mut phone, &stall, "phone", "13800138000", "1"),
        edit(&mut phone, &stall, "phone", "1", "2"),
        edit(&mut phone, &stall, "phone", "2", "13800138000"),
    ];
    // One by one, as a weak link carries them.
    for change in edits {
        assert!(
            server.wire.push(&phone, &token, &[change]).verdicts[0]
                .flags
                .is_empty()
        );
    }
}

pub fn a_record_goes_its_way(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let content = visit(&backend.county, &stall, 20, &["TD1.1"]);
    let signed = phone.append(INSPECTION_SIGNED, &[content.id.0], &sign(content.clone()));
    server
        .wire
        .push(&phone, &token, std::slice::from_ref(&signed));
    let chief = person(&backend.county, "所长甲");
    let review = |n: u128, seen: Digest, decision: ReviewDecision| {
        let review = Review {
            id: ReviewId(sample::id(n)),
            inspection: content.id,
            seen: seen.to_hex(),
            reviewer: chief.id,
            reviewer_name: chief.name.clone(),
            at: Millis(sample::MORNING),
            decision,
        };
        append_bureau_change(
            &server.app,
            INSPECTION_REVIEWED,
            &review,
            vec![content.id.0],
            chief.id,
            |_| Ok(()),
        )
        .unwrap()
    };
    let items = vec![OpenItem {
        item: "TD1.1".into(),
        reason: "照片不清".to_owned(),
    }];
    assert_eq!(
        review(901, signed.hash, ReviewDecision::Returned { items }).verdict,
        Verdict::Applied
    );
    let summary = summary(&server.wire, &token, content.id.0);
    assert_eq!(
        (&summary["state"], &summary["open"][0]["item"]),
        (&json!("returned"), &json!("TD1.1"))
    );
    let answer = amendment(
        &content,
        30,
        signed.hash,
        Some(ReviewId(sample::id(901))),
        "TD1.1",
    );
    let amended = phone.append(INSPECTION_AMENDED, &[content.id.0], &answer);
    assert!(
        server
            .wire
            .push(&phone, &token, std::slice::from_ref(&amended))
            .verdicts[0]
            .flags
            .is_empty()
    );
    let approve = || ReviewDecision::Approved {
        originals_missing: Vec::new(),
    };
    assert_eq!(
        review(902, signed.hash, approve()).flags,
        [Flag::StaleVersion],
        "an old version is not approved"
    );
    assert!(review(903, amended.hash, approve()).flags.is_empty());
    let summary = self::summary(&server.wire, &token, content.id.0);
    assert_eq!(
        (&summary["state"], &summary["amendments"]),
        (&json!("approved"), &json!(1))
    );
    assert_eq!(
        (&summary["failed"], &summary["score_permille"]),
        (&json!([]), &json!(1000))
    );
    assert_eq!(summary["version"], amended.hash.to_hex());
}

pub fn enrol_once(backend: &Backend) {
    let server = backend.server();
    let author = person(&backend.county, "检查员甲").id;
    let (first, second) = (Phone::new(1, author), Phone::new(2, author));
    let code = server.code(&backend.county, "柳汀所", 7);
    let (status, bytes) = server.wire.json("/api/v1/enrol", None, &first.enrol(&code));
    assert_eq!(status, 200);
    let answer: EnrolAnswer = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        (answer.short_code.as_str(), answer.station_code.as_str()),
        ("01", "LT")
    );
    let root = [answer.root.clone()];
    let certificate: Certificate = answer.certificate.open(&root, CERTIFICATE_CONTEXT).unwrap();
    assert_eq!(
        (certificate.device, certificate.device_key),
        (first.device, public_key(&first.device_key))
    );
    let keys: KeyList = answer.keys.open(&root, KEYS_CONTEXT).unwrap();
    assert_eq!(keys.receipts, [public_key(&server.app.keys.receipts)]);
    let again = server.wire.json("/api/v1/enrol", None, &first.enrol(&code));
    assert_eq!(
        again,
        (200, bytes),
        "a lost answer is given again, verbatim"
    );
    let used = server
        .wire
        .json("/api/v1/enrol", None, &second.enrol(&code));
    assert_eq!(Wire::problem(used), (400, "enrol_code".to_owned()));
    let wrong = server
        .wire
        .json("/api/v1/enrol", None, &second.enrol("AAAAA-AAAAA"));
    assert_eq!(Wire::problem(wrong), (400, "enrol_code".to_owned()));
    let code = server.code(&backend.county, "柳汀所", 8);
    let answer = server
        .wire
        .ok_json("/api/v1/enrol", None, &second.enrol(&code));
    assert_eq!(
        answer["short_code"], "02",
        "a short code is never given twice"
    );
}

pub fn hello(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let mut copy = phone.clone();
    let change = register(&mut phone, &stall(&backend.county, 1));
    server.wire.push(&phone, &token, &[change]);
    let answer = server
        .wire
        .ok_json("/api/v1/sync/hello", None, &phone.hello("c0ffee"));
    assert_eq!(
        (&answer["nonce"], &answer["on_line"]),
        (&json!("c0ffee"), &json!(true))
    );
    assert_eq!(answer["log_head"]["seq"], 1);
    assert_eq!(
        answer["feeds"].as_array().unwrap().len(),
        3,
        "bureau, station, the own log"
    );
    register(&mut copy, &stall(&backend.county, 2));
    let answer = server
        .wire
        .ok_json("/api/v1/sync/hello", None, &copy.hello("00"));
    assert_eq!(answer["on_line"], false, "the copy stands beside the line");
    let mut stranger = phone.clone();
    stranger.device_key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let refused = server
        .wire
        .json("/api/v1/sync/hello", None, &stranger.hello("00"));
    assert_eq!(Wire::problem(refused), (401, "signature".to_owned()));
}

fn summary(wire: &Wire, token: &str, inspection: uuid::Uuid) -> Value {
    let all = wire.pull_all(token);
    let found = all
        .iter()
        .find(|(entry, _)| entry.id == inspection && entry.kind == "inspection")
        .unwrap();
    serde_json::from_slice(found.1.as_ref().unwrap()).unwrap()
}
