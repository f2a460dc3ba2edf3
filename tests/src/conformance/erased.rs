//! Erased by a rule: bodies and files go, the chain stays, and nothing comes back.

use super::backend::{Backend, Server};
use super::feeds::register;
use super::phone::Phone;
use super::sample::{self, person, sign, stall, visit};
use super::wire::Wire;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use uuid::Uuid;
use xunji_domain::ids::{InspectionId, PhotoId, ReviewId};
use xunji_domain::inspection::{InspectionContent, PhotoOrigin, PhotoPurpose, PhotoRef};
use xunji_domain::retention::{BUILT_IN, RetentionRule, RetentionRules};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{
    INSPECTION_AMENDED, INSPECTION_REVIEWED, INSPECTION_SIGNED, Review, ReviewDecision,
};
use xunji_protocol::steps::files::{FileKind, FileMeta, LENGTH, METADATA, OFFSET_TYPE, TUS};
use xunji_protocol::verdict::{Cause, Verdict};
use xunji_server::blobs::Check;
use xunji_server::erase::{Done, Order, plan, run};
use xunji_server::storage::due::KeptBack;
use xunji_server::storage::{CommitPoint, changes};
use xunji_server::write::append_bureau_change;

/// What only the signed record says.
const WORDS: &str = "灶台油污未清理";

fn rule() -> RetentionRule {
    let rules = RetentionRules::parse(BUILT_IN).unwrap();
    rules.rule("inspection").unwrap().clone()
}

fn before() -> chrono::NaiveDate {
    "2027-01-01".parse().unwrap()
}

fn order(backend: &Backend) -> Order {
    let by = person(&backend.county, "管理员甲");
    Order {
        paper: "鉴定〔2032〕1号".to_owned(),
        by: by.id,
        by_name: by.name,
    }
}

fn photo(n: u128, bytes: &[u8]) -> PhotoRef {
    PhotoRef {
        id: PhotoId(sample::id(n)),
        sha256: Digest::of(bytes).to_hex(),
        size: i64::try_from(bytes.len()).unwrap(),
        purpose: PhotoPurpose::Storefront,
        origin: PhotoOrigin::Camera,
        damaged: false,
        at: sample::reading(12),
    }
}

/// A visit of that number with these photos and words in it.
fn content(backend: &Backend, n: u128, photos: &[&[u8]]) -> InspectionContent {
    let mut content = visit(&backend.county, &stall(&backend.county, 1), n, &[]);
    content.party_opinion = WORDS.to_owned();
    content.photos = (n * 10..)
        .zip(photos)
        .map(|(n, bytes)| photo(n, bytes))
        .collect();
    content
}

fn upload(server: &Server, token: &str, meta: &FileMeta, bytes: &[u8]) -> (u16, Vec<u8>) {
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/files")
        .header("xunji-protocol", "1")
        .header(TUS.0, TUS.1)
        .header("authorization", format!("Bearer {token}"))
        .header(LENGTH, bytes.len())
        .header(METADATA, meta.to_header())
        .header("content-type", OFFSET_TYPE);
    server
        .wire
        .send(request.body(Body::from(bytes.to_vec())).unwrap())
}

fn meta(phone: &Phone, kind: FileKind, bytes: &[u8], original: Option<&[u8]>) -> FileMeta {
    FileMeta {
        sha256: Digest::of(bytes),
        kind,
        log: phone.head.log,
        original: original.map(Digest::of),
    }
}

fn approve(server: &Server, backend: &Backend, record: InspectionId, seen: Digest, n: u128) {
    let chief = person(&backend.county, "所长甲");
    let review = Review {
        id: ReviewId(sample::id(n)),
        inspection: record,
        seen: seen.to_hex(),
        reviewer: chief.id,
        reviewer_name: chief.name.clone(),
        at: Millis(sample::MORNING),
        decision: ReviewDecision::Approved {
            originals_missing: Vec::new(),
        },
    };
    let row = append_bureau_change(
        &server.app,
        INSPECTION_REVIEWED,
        &review,
        vec![record.0],
        chief.id,
        |_| Ok(()),
    )
    .unwrap();
    assert_eq!(row.verdict, Verdict::Applied);
}

fn erase(server: &Server, backend: &Backend) -> Done {
    let plan = plan(&server.app, &rule(), before()).unwrap();
    run(&server.app, &rule(), &plan, &order(backend), &mut |_, _| {}).unwrap()
}

fn state(wire: &Wire, token: &str, id: Uuid) -> Value {
    let all = wire.pull_all(token);
    let last = all.iter().rev().find(|(entry, _)| entry.id == id).unwrap();
    serde_json::from_slice(last.1.as_ref().unwrap()).unwrap()
}

pub fn erased_and_offered_again(backend: &Backend) {
    let server = backend.server_showing(sample::MORNING);
    let (mut phone, token) = backend.phone(&server, 1);
    let (own, shared, copy): (&[u8], &[u8], &[u8]) = (b"own photo", b"shared photo", b"a copy");
    let old = content(backend, 20, &[own, shared]);
    let other = content(backend, 21, &[shared]);
    let birth = register(&mut phone, &stall(&backend.county, 1));
    let first = phone.append(INSPECTION_SIGNED, &[old.id.0], &sign(old.clone()));
    let second = phone.append(INSPECTION_SIGNED, &[other.id.0], &sign(other.clone()));
    let segment = [birth, first.clone(), second.clone()];
    let answered = server.wire.push_bytes(&phone, &token, &segment);
    let whole = meta(&phone, FileKind::Original, own, None);
    let made = meta(&phone, FileKind::Copy, copy, Some(own));
    let both = meta(&phone, FileKind::Original, shared, None);
    assert_eq!(upload(&server, &token, &whole, own).0, 201);
    assert_eq!(upload(&server, &token, &both, shared).0, 201);
    assert_eq!(erase(&server, backend).records, 0, "nothing was approved");
    approve(&server, backend, old.id, first.hash, 901);

    let seen = plan(&server.app, &rule(), before()).unwrap();
    assert_eq!((seen.go.len(), seen.stay.len()), (1, 1));
    assert!(seen.stay[0].kept.contains(&KeptBack::Unreviewed));
    let counts = seen.counts();
    assert_eq!(
        (counts.records, counts.files),
        (1, 1),
        "the shared photo stays"
    );
    let done = erase(&server, backend);
    assert_eq!((done.records, done.files), (1, 1));
    assert_eq!(erase(&server, backend).records, 0, "once");

    let stored = |hash| changes::by_hash(&server.app.store, server.app.bureau, hash).unwrap();
    let row = body_of(&server, first.hash);
    assert_eq!(row, None, "the body is gone");
    assert!(stored(second.hash).unwrap().body.is_some(), "and no other");
    let files = &server.app.blobs;
    assert_eq!(files.check(whole.sha256).unwrap(), Check::Missing);
    assert_eq!(files.check(both.sha256).unwrap(), Check::Match);
    let told = state(&server.wire, &token, old.id.0);
    assert_eq!(told["erased"]["order"], "鉴定〔2032〕1号");
    assert_eq!(
        (&told["record_no"], &told["operator_name"], &told["answers"]),
        (&json!(old.record_no), &json!(""), &json!([]))
    );
    assert!(!told.to_string().contains(WORDS));

    // Offered again, now and after a new start: the first answer, and no file.
    for server in [&server, &backend.server_showing(sample::MORNING)] {
        assert_eq!(server.wire.push_bytes(&phone, &token, &segment), answered);
        assert_eq!(body_of(server, first.hash), None);
        for (meta, bytes) in [(&whole, own), (&made, copy)] {
            let answer = upload(server, &token, meta, bytes);
            assert_eq!(Wire::problem(answer), (410, "erased".to_owned()));
        }
        assert_eq!(files.check(whole.sha256).unwrap(), Check::Missing);
        assert_eq!(upload(server, &token, &both, shared).0, 201);
        let hello = server
            .wire
            .ok_json("/api/v1/sync/hello", None, &phone.hello("11"));
        assert_eq!(hello["wanted"], json!([]), "nothing of it is asked for");
    }
    late(&server, backend, &mut phone, &token, &old, first.hash);
}

/// What comes to an erased record afterwards waits for a person.
fn late(
    server: &Server,
    backend: &Backend,
    phone: &mut Phone,
    token: &str,
    old: &InspectionContent,
    parent: Digest,
) {
    let mut amended = sample::amendment(old, 30, parent, None, "TD1.1");
    amended.items.clear();
    let late = phone.append(
        INSPECTION_AMENDED,
        &[old.id.0],
        &sample::sign_amendment(amended),
    );
    let row = &server
        .wire
        .push(phone, token, std::slice::from_ref(&late))
        .verdicts[0];
    assert_eq!(
        (row.verdict, row.cause, row.detail.as_str()),
        (Verdict::Quarantined, Some(Cause::RuleBroken), "erased")
    );
    let seen = plan(&server.app, &rule(), before()).unwrap();
    assert!(seen.go.is_empty());
    let kept = seen.stay.iter().find(|due| due.record == old.id).unwrap();
    assert!(kept.kept.contains(&KeptBack::Quarantined));
    assert_eq!(state(&server.wire, token, old.id.0)["amendments"], 0);
    let _ = backend;
}

/// A kill at every point of the commit: all of it or nothing, and the next run finishes.
pub fn killed_at_every_point(backend: &Backend) {
    for (n, point) in (1_u8..).zip(CommitPoint::ALL) {
        let server = backend.server_showing(sample::MORNING);
        let (mut phone, token) = backend.phone(&server, n);
        let own = format!("photo {n}");
        let own = own.as_bytes();
        let old = content(backend, 40 + u128::from(n), &[own]);
        let signed = phone.append(INSPECTION_SIGNED, &[old.id.0], &sign(old.clone()));
        server
            .wire
            .push(&phone, &token, std::slice::from_ref(&signed));
        let whole = meta(&phone, FileKind::Original, own, None);
        assert_eq!(upload(&server, &token, &whole, own).0, 201);
        approve(&server, backend, old.id, signed.hash, 910 + u128::from(n));
        drop(server);

        let dying = backend.killed_at(point);
        let seen = plan(&dying.app, &rule(), before()).unwrap();
        let ended = run(&dying.app, &rule(), &seen, &order(backend), &mut |_, _| {});
        assert!(ended.is_err(), "{point:?}");
        drop(dying);

        let server = backend.server_showing(sample::MORNING);
        let gone = body_of(&server, signed.hash).is_none();
        assert_eq!(gone, point == CommitPoint::Committed, "{point:?}");
        let file = server.app.blobs.check(whole.sha256).unwrap();
        assert_eq!(file, Check::Match, "{point:?}: rows go before bytes");
        if gone {
            let answer = upload(&server, &token, &whole, own);
            assert_eq!(Wire::problem(answer), (410, "erased".to_owned()));
        }
        erase(&server, backend);
        assert_eq!(body_of(&server, signed.hash), None, "{point:?}");
        let file = server.app.blobs.check(whole.sha256).unwrap();
        assert_eq!(file, Check::Missing, "{point:?}");
    }
}

/// The body of a change as it is stored.
fn body_of(server: &Server, hash: Digest) -> Option<Vec<u8>> {
    let stored = changes::by_hash(&server.app.store, server.app.bureau, hash);
    stored.unwrap().unwrap().body
}
