//! Who gets in, and what lies outside a station.

use super::desk::{Desk, account, delivered};
use axum::body::Body;
use axum::http::Method;
use serde_json::json;
use xunji_tests::conformance::Backend;

#[test]
fn a_session_survives_a_restart_and_ends_with_sign_out() {
    let backend = Backend::disk();
    let server = backend.server();
    let desk = Desk::of(&backend, &server, "所长甲");
    let me = desk.get("/api/console/me").json();
    assert_eq!(
        (me["name"].as_str(), me["station"]["name"].as_str()),
        (Some("所长甲"), Some("柳汀所"))
    );
    assert_eq!(me["demo"], true);
    drop(server);
    let again = backend.server();
    let after = Desk {
        cookie: desk.cookie.clone(),
        ..Desk::new(&again)
    };
    assert_eq!(after.get("/api/console/me").status, 200);
    assert_eq!(after.post("/api/console/logout", &json!({})).status, 200);
    assert_eq!(
        after.get("/api/console/me").problem(),
        (401, "unauthorized".to_owned())
    );
    let stranger = Desk {
        cookie: Some("xunji_session=00".to_owned()),
        ..Desk::new(&again)
    };
    assert_eq!(stranger.get("/api/console/queue").problem().0, 401);
}

#[test]
fn five_wrong_passwords_close_the_account_even_to_the_right_one() {
    let backend = Backend::disk();
    let server = backend.server();
    let (name, password) = account(&backend, &server, "所长甲");
    let desk = Desk::new(&server);
    for _ in 0..5 {
        assert_eq!(
            desk.sign_in(&name, "wrong").problem(),
            (401, "login".to_owned())
        );
    }
    let locked = desk.sign_in(&name, &password);
    assert_eq!(locked.problem(), (401, "login".to_owned()));
    assert!(locked.cookie.is_none());
    let unknown = desk.sign_in("nobody", "wrong");
    assert_eq!(
        unknown.bytes, locked.bytes,
        "the answers must not tell accounts apart"
    );
    let (other, password) = account(&backend, &server, "所长乙");
    assert_eq!(desk.sign_in(&other, &password).status, 200);
}

#[test]
fn four_wrong_passwords_are_forgotten_by_the_right_one() {
    let backend = Backend::disk();
    let server = backend.server();
    let (name, password) = account(&backend, &server, "所长甲");
    let desk = Desk::new(&server);
    for _ in 0..2 {
        for _ in 0..4 {
            assert_eq!(desk.sign_in(&name, "wrong").status, 401);
        }
        assert_eq!(desk.sign_in(&name, &password).status, 200);
    }
}

#[test]
fn a_change_without_our_mark_or_from_another_site_is_refused() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    let record = delivered(&backend, &server, &mut phone, 1, &[]);
    let desk = Desk::of(&backend, &server, "所长甲");
    let version = desk.record(&record)["summary"]["version"].clone();
    let path = format!("/api/console/records/{}/approve", record.id);
    let body = || Body::from(json!({"seen": version}).to_string());
    let bare = desk.request(Method::POST, &path).body(body()).unwrap();
    assert_eq!(desk.send(bare).problem(), (403, "forbidden".to_owned()));
    let marked = || {
        desk.request(Method::POST, &path)
            .header("x-xunji-console", "1")
    };
    let foreign = marked()
        .header("origin", "http://evil.example")
        .body(body())
        .unwrap();
    assert_eq!(desk.send(foreign).problem().0, 403);
    assert_eq!(desk.record(&record)["summary"]["state"], "signed");
    let own = marked()
        .header("origin", "http://127.0.0.1:8080")
        .body(body())
        .unwrap();
    assert_eq!(desk.send(own).status, 200);
}

#[test]
fn another_station_does_not_exist() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    let record = delivered(&backend, &server, &mut phone, 1, &["TD1.1"]);
    let other = Desk::of(&backend, &server, "所长乙");
    let nothing = (404, "not_found".to_owned());
    assert_eq!(
        other.get("/api/console/queue?state=all").json()["rows"],
        json!([])
    );
    assert_eq!(
        other
            .get(&format!("/api/console/records/{}", record.id))
            .problem(),
        nothing
    );
    for (act, body) in [
        ("approve", json!({"seen": "0"})),
        (
            "return",
            json!({"seen": "0", "items": [{"item": "TD1.1", "reason": "看不清"}]}),
        ),
    ] {
        assert_eq!(
            other
                .post(&format!("/api/console/records/{}/{act}", record.id), &body)
                .problem(),
            nothing
        );
    }
    let station = record.station;
    for path in [
        format!("/api/console/queue?station={station}"),
        format!("/api/console/reports?station={station}&day=2026-10-25"),
        format!("/api/console/operators?station={station}"),
        format!("/api/console/blobs/{}", "0".repeat(64)),
        "/api/console/records/no-id".to_owned(),
    ] {
        assert_eq!(other.get(&path).problem(), nothing, "{path}");
    }
    let make = json!({"station": station, "day": "2026-10-25"});
    assert_eq!(other.post("/api/console/reports", &make).problem(), nothing);
    let bureau = Desk::of(&backend, &server, "县局科员甲");
    assert_eq!(
        bureau.get("/api/console/queue").json()["rows"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        bureau.approve(&record).problem(),
        (403, "forbidden".to_owned())
    );
}

#[test]
fn what_does_not_read_is_a_problem_document() {
    let backend = Backend::disk();
    let server = backend.server();
    let desk = Desk::of(&backend, &server, "所长甲");
    assert_eq!(desk.get("/api/console/nothing").problem().0, 404);
    assert_eq!(
        desk.get("/api/console/reports?day=gestern").problem(),
        (400, "bad_request".to_owned())
    );
    assert_eq!(desk.get("/api/console/queue?state=some").problem().0, 400);
    let broken = desk
        .request(Method::POST, "/api/console/reports")
        .header("x-xunji-console", "1");
    assert_eq!(
        desk.send(broken.body(Body::from("{")).unwrap()).problem().0,
        400
    );
    assert_eq!(
        desk.get("/api/console/reports/preview/x?day=2026-10-25")
            .problem()
            .0,
        404
    );
    assert_eq!(
        Desk::new(&server).get("/api/console/queue").problem().0,
        401
    );
}
