//! Copies of drafts: kept by version, offered by station, taken over by a change, given up by age.

use super::backend::{Backend, Server};
use super::phone::Phone;
use super::sample;
use super::wire::Wire;
use std::io::Write as _;
use xunji_domain::ids::InspectionId;
use xunji_domain::time::Millis;
use xunji_domain::words::OperatorKind;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{DRAFT_TAKEN_OVER, DraftTakenOver, INSPECTION_SIGNED};
use xunji_protocol::limits::{DRAFT_LIFE_MS, MAX_DRAFT_COPIES, MAX_DRAFT_COPY};
use xunji_protocol::steps::drafts::{
    CopyHead, CopyKept, FETCH_PATH, FetchRequest, OFFERED_PATH, Offers, OffersRequest, PATH,
    read_copy, write_copy,
};
use xunji_protocol::verdict::{Flag, Verdict};
use xunji_server::steps::drafts::sweep;
use xunji_server::storage::drafts::takeovers;

fn head(phone: &Phone, n: u128, version: u64, body: &[u8]) -> CopyHead {
    CopyHead {
        inspection: InspectionId(sample::id(n)),
        log: phone.head.log,
        version,
        author: phone.author,
        author_name: "检查员甲".to_owned(),
        inspectors: vec![phone.author],
        captured_at: sample::reading(0),
        digest: Digest::of(body),
        operator_name: "祥记饼铺".to_owned(),
        operator_kind: OperatorKind::Stall,
        record_no: format!("LT-20261025-01{n:02}"),
        started_at: Millis(sample::MORNING),
        answered: 3,
        total: 27,
        photos: 2,
        extra: serde_json::Map::new(),
    }
}

fn send(server: &Server, token: &str, head: &CopyHead, body: &[u8]) -> (u16, Vec<u8>) {
    let frame = write_copy(head, body).unwrap();
    server.wire.post(PATH, Some(token), frame)
}

fn keep(server: &Server, phone: &Phone, token: &str, n: u128, version: u64) -> CopyKept {
    let body = text(version);
    let (status, bytes) = send(server, token, &head(phone, n, version, &body), &body);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    serde_json::from_slice(&bytes).unwrap()
}

fn text(version: u64) -> Vec<u8> {
    format!("{{\"version\":{version}}}").into_bytes()
}

fn offers(server: &Server, token: &str) -> Offers {
    let answer = server
        .wire
        .ok_json(OFFERED_PATH, Some(token), &OffersRequest {});
    serde_json::from_value(answer).unwrap()
}

fn fetch(server: &Server, token: &str, phone: &Phone, n: u128) -> (u16, Vec<u8>) {
    let asked = FetchRequest {
        inspection: InspectionId(sample::id(n)),
        log: phone.head.log,
    };
    server.wire.json(FETCH_PATH, Some(token), &asked)
}

/// Copies may be repeated and overtake each other.
pub fn highest_version_stands(backend: &Backend) {
    let server = backend.server();
    let (phone, token) = backend.phone(&server, 1);
    let first = keep(&server, &phone, &token, 1, 4);
    assert_eq!((first.version, first.digest), (4, Digest::of(&text(4))));
    assert_eq!(keep(&server, &phone, &token, 1, 4), first, "the same again");
    let newer = keep(&server, &phone, &token, 1, 9);
    assert_eq!(newer.version, 9);
    assert_eq!(
        keep(&server, &phone, &token, 1, 5),
        newer,
        "one that came late"
    );
    let (status, bytes) = fetch(&server, &token, &phone, 1);
    let copy = read_copy(&bytes).unwrap();
    assert_eq!((status, copy.head.version, copy.body), (200, 9, text(9)));
}

/// Phones of the station see it, others do not; a signed record takes it off the list.
pub fn offered_until_signed(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let (_, colleague) = backend.phone_of(&server, 2, "柳汀所", "检查员乙");
    let (_, stranger) = backend.phone_of(&server, 3, "杏埠所", "检查员甲");
    keep(&server, &phone, &token, 1, 1);
    keep(&server, &phone, &token, 2, 1);
    let seen = offers(&server, &colleague);
    assert_eq!(seen.drafts.len(), 2);
    assert_eq!(seen.drafts[0].head.operator_name, "祥记饼铺");
    assert!(offers(&server, &stranger).drafts.is_empty());
    let refused = fetch(&server, &stranger, &phone, 1);
    assert_eq!(Wire::problem(refused), (404, "not_found".to_owned()));
    let stall = sample::stall(&backend.county, 7);
    let record = sample::sign(sample::visit(&backend.county, &stall, 1, &[]));
    let change = phone.append(INSPECTION_SIGNED, &[record.content.id.0], &record);
    server.wire.push(&phone, &token, &[change]);
    let left = offers(&server, &colleague);
    let left: Vec<_> = left.drafts.iter().map(|o| o.head.inspection.0).collect();
    assert_eq!(left, [sample::id(2)]);
    assert_eq!(fetch(&server, &colleague, &phone, 1).0, 404);
}

/// The act is stored, told to the phone it was taken from, and keeps what it names.
pub fn taken_over(backend: &Backend) {
    let server = backend.server_showing(sample::MORNING);
    let (phone, token) = backend.phone(&server, 1);
    let (mut taker, takers) = backend.phone_of(&server, 2, "柳汀所", "检查员乙");
    let (mut other, others) = backend.phone_of(&server, 3, "杏埠所", "检查员丁");
    keep(&server, &phone, &token, 1, 3);
    keep(&server, &phone, &token, 2, 1);
    let said = |by: &Phone| DraftTakenOver {
        inspection: InspectionId(sample::id(1)),
        record_no: "LT-20261025-0101".to_owned(),
        from_log: phone.head.log,
        from_version: 3,
        from_digest: Digest::of(&text(3)),
        from_author: phone.author,
        from_author_name: "检查员甲".to_owned(),
        taker: by.author,
        taker_name: "检查员乙".to_owned(),
        photos_left: 2,
    };
    let body = said(&taker);
    let change = taker.append(DRAFT_TAKEN_OVER, &[sample::id(1)], &body);
    let row = server
        .wire
        .push(&taker, &takers, &[change])
        .verdicts
        .remove(0);
    assert_eq!(
        (row.verdict, row.flags.as_slice()),
        (Verdict::Applied, &[][..])
    );
    let told = offers(&server, &token).taken;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].inspection.0, told[0].by_name.as_str()),
        (sample::id(1), "检查员乙")
    );
    // Of another station: kept, and said. In another's name: not applied.
    let strange = other.append(DRAFT_TAKEN_OVER, &[sample::id(1)], &said(&other));
    let forged = other.append(DRAFT_TAKEN_OVER, &[sample::id(1)], &said(&taker));
    let rows = server
        .wire
        .push(&other, &others, &[strange, forged])
        .verdicts;
    assert_eq!(rows[0].flags, [Flag::OutOfScope]);
    assert_eq!(rows[1].verdict, Verdict::Quarantined);
    let kept = takeovers(&server.app.store, server.app.bureau, body.inspection).unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(sweep(&server.app).unwrap(), 0, "too young");
    let later = backend.server_showing(sample::MORNING + DRAFT_LIFE_MS + 60_000);
    let token = later.wire.token(&phone);
    assert_eq!(
        sweep(&later.app).unwrap(),
        1,
        "the one that nobody took over"
    );
    assert_eq!(fetch(&later, &token, &phone, 2).0, 404);
    assert_eq!(fetch(&later, &token, &phone, 1).0, 200);
}

/// Another's log, an unknown author, altered bytes, too large, too many.
pub fn refused(backend: &Backend) {
    let server = backend.server();
    let (phone, token) = backend.phone(&server, 1);
    let (other, _) = backend.phone(&server, 2);
    let body = text(1);
    let problem = |head: &CopyHead| Wire::problem(send(&server, &token, head, &body));
    let forbidden = (403, "forbidden".to_owned());
    assert_eq!(problem(&head(&other, 1, 1, &body)), forbidden);
    let mut nobody = head(&phone, 1, 1, &body);
    nobody.author.0 = sample::id(99);
    assert_eq!(problem(&nobody), forbidden);
    let whole = write_copy(&head(&phone, 1, 1, &body), &body).unwrap();
    for at in (0..whole.len()).step_by(13) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x04;
        let answer = server.wire.post(PATH, Some(&token), flipped);
        assert_ne!(answer.0, 200, "flipped at {at}");
    }
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b'\n'; 2 * MAX_DRAFT_COPY]).unwrap();
    let request = axum::http::Request::post(PATH)
        .header("xunji-protocol", "1")
        .header("authorization", format!("Bearer {token}"))
        .header("content-encoding", "gzip")
        .body(axum::body::Body::from(bomb.finish().unwrap()))
        .unwrap();
    let answer = Wire::problem(server.wire.send(request));
    assert_eq!(answer, (413, "too_large".to_owned()));
    assert!(
        offers(&server, &token).drafts.is_empty(),
        "nothing was taken"
    );
    for n in 0..MAX_DRAFT_COPIES as u128 {
        keep(&server, &phone, &token, 1000 + n, 1);
    }
    let one_more = problem(&head(&phone, 1, 1, &body));
    assert_eq!(one_more, (409, "drafts_full".to_owned()));
    keep(&server, &phone, &token, 1000, 2);
}
