//! Bad input: a problem document each, and nothing taken.

use super::backend::Backend;
use super::feeds::register;
use super::sample;
use super::wire::Wire;
use axum::body::Body;
use axum::http::Request;
use std::io::Write as _;
use xunji_protocol::limits::{MAX_REQUEST, MAX_SEGMENT};
use xunji_server::storage::changes;

pub fn problem_documents(backend: &Backend) {
    let server = backend.server();
    let (_, token) = backend.phone(&server, 1);
    let ask = |method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>| {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Wire::problem(server.wire.send(request.body(Body::from(body)).unwrap()))
    };
    let (v1, bearer) = (("xunji-protocol", "1"), format!("Bearer {token}"));
    let known = [v1, ("authorization", bearer.as_str())];
    let problem = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(
        ask("GET", "/api/nothing/here", &[], vec![]),
        problem(404, "not_found")
    );
    assert_eq!(
        ask("DELETE", "/api/v1/sync/push", &known, vec![]),
        problem(405, "method_not_allowed")
    );
    assert_eq!(
        ask("POST", "/api/v1/enrol", &[v1], b"{\"code\":".to_vec()),
        problem(400, "bad_request")
    );
    assert_eq!(
        ask("POST", "/api/v1/sync/hello", &[v1], b"[]".to_vec()),
        problem(400, "bad_request")
    );
    assert_eq!(
        ask("POST", "/api/v1/sync/hello", &[], b"{}".to_vec()),
        problem(426, "version")
    );
    assert_eq!(
        ask(
            "POST",
            "/api/v1/sync/hello",
            &[("xunji-protocol", "2")],
            vec![]
        ),
        problem(426, "version")
    );
    assert_eq!(
        ask("POST", "/api/v1/sync/push", &[v1], vec![]),
        problem(401, "unauthorized")
    );
    let forged = [v1, ("authorization", "Bearer AAAA")];
    assert_eq!(
        ask("POST", "/api/v1/sync/pull", &forged, vec![]),
        problem(401, "unauthorized")
    );
    assert_eq!(
        ask("POST", "/api/v1/sync/push", &known, b"<html>".to_vec()),
        problem(400, "segment_broken")
    );
    for path in ["/api/v1/blobs/%ff", "/api/v1/files/%ff"] {
        let method = if path.contains("blobs") {
            "GET"
        } else {
            "PATCH"
        };
        assert_eq!(
            ask(method, path, &known, vec![]),
            problem(400, "bad_request"),
            "an address that is no text: {path}"
        );
    }
    for name in ["..%2f..%2fkeys.json", "%2e%2e", "0", &"A".repeat(64)] {
        assert_eq!(
            ask("GET", &format!("/api/v1/blobs/{name}"), &known, vec![]),
            problem(404, "not_found"),
            "{name}"
        );
    }
    let large = vec![b'E'; MAX_REQUEST + 1];
    assert_eq!(
        ask("POST", "/api/v1/sync/push", &known, large),
        problem(413, "too_large")
    );
    let gzip = [known[0], known[1], ("content-encoding", "gzip")];
    assert_eq!(
        ask("POST", "/api/v1/sync/push", &gzip, b"plain".to_vec()),
        problem(400, "segment_broken")
    );
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b'\n'; 20 * MAX_SEGMENT]).unwrap();
    assert_eq!(
        ask("POST", "/api/v1/sync/push", &gzip, bomb.finish().unwrap()),
        problem(413, "too_large")
    );
}

pub fn altered_segments(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let (other, other_token) = backend.phone(&server, 2);
    let change = register(&mut phone, &sample::stall(&backend.county, 1));
    let whole = phone.segment(std::slice::from_ref(&change));
    let post =
        |token: &str, bytes: Vec<u8>| server.wire.post("/api/v1/sync/push", Some(token), bytes);
    for cut in (0..whole.len()).step_by(7) {
        let answer = post(&token, whole[..cut].to_vec());
        assert_eq!(
            Wire::problem(answer),
            (400, "segment_broken".to_owned()),
            "cut at {cut}"
        );
    }
    for at in (0..whole.len()).step_by(11) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x04;
        let (status, bytes) = post(&token, flipped);
        assert_ne!(
            status,
            200,
            "flipped at {at}: {}",
            String::from_utf8_lossy(&bytes)
        );
    }
    let mut forger = phone.clone();
    forger.log_key = other.log_key.clone();
    let forged = forger.segment(std::slice::from_ref(&change));
    assert_eq!(
        Wire::problem(post(&token, forged)),
        (401, "signature".to_owned())
    );
    assert_eq!(
        Wire::problem(post(&other_token, whole.clone())),
        (403, "forbidden".to_owned()),
        "another's log"
    );
    assert!(
        changes::counts(&server.app.store, server.app.bureau)
            .unwrap()
            .is_empty(),
        "nothing was taken"
    );
    assert_eq!(post(&token, whole).0, 200);
}
