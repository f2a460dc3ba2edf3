//! What was stored and not applied: listed with why, tried again, let count, closed; and what waits comes
//! into the register by itself, whatever lies beside it.

use super::desk::Desk;
use super::visits::NOON;
use serde_json::{Value, json};
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{INSPECTION_SIGNED, OPERATOR_REGISTERED};
use xunji_protocol::state::change_id;
use xunji_protocol::verdict::{Cause, Verdict, VerdictRow};
use xunji_server::{redrive, verify};
use xunji_tests::conformance::backend::Server;
use xunji_tests::conformance::feeds::{edit, register};
use xunji_tests::conformance::lines::operator_field;
use xunji_tests::conformance::{Backend, sample};

fn list(desk: &Desk, state: &str) -> Vec<Value> {
    let answer = desk.get(&format!("/api/console/held?state={state}")).json();
    answer["rows"].as_array().unwrap().clone()
}

fn sql(server: &Server, statement: &str) {
    let db = rusqlite::Connection::open(server.app.data.database()).unwrap();
    assert!(db.execute(statement, []).unwrap() > 0, "{statement}");
}

fn verified(server: &Server) {
    let found = verify::folder(&server.app.data, &|_, _| {}).unwrap();
    let flaws: Vec<_> = found.flaws().collect();
    assert!(found.is_whole(), "{flaws:?}");
}

/// The later verdict on a change, as the phone is told it.
fn told(server: &Server, token: &str, change: Digest) -> Option<VerdictRow> {
    let all = server.wire.pull_all(token);
    let found = all
        .iter()
        .find(|(entry, _)| entry.kind == "verdict" && entry.id == change_id(change))?;
    serde_json::from_slice(found.1.as_ref()?).ok()
}

fn path(hash: &Value, act: &str) -> String {
    format!("/api/console/held/{}/{act}", hash.as_str().unwrap())
}

#[test]
fn what_waits_is_listed_with_what_it_waits_for_and_leaves_by_itself() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let (mut first, first_token) = backend.phone(&server, 1);
    let (mut second, token) = backend.phone_of(&server, 2, "柳汀所", "检查员丙");
    let stall = sample::stall(&backend.county, 1);
    let early = edit(&mut second, &stall, "phone", "13800138000", "13900000002");
    server.wire.push(&second, &token, &[early]);
    let desk = Desk::of(&backend, &server, "所长甲");
    let rows = list(&desk, "open");
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (&row["verdict"], &row["author"], &row["phone"]),
        (&json!("held"), &json!("检查员丙"), &json!("02"))
    );
    assert_eq!(row["about"], "还没有收到的主体");
    assert!(row["waits"].as_str().unwrap().contains("自动入账"), "{row}");
    assert_eq!(row["captured_text"], "2026-10-25 06:00");
    assert!(
        row["stored_text"]
            .as_str()
            .unwrap()
            .starts_with("2026-10-25 10:")
    );
    assert!(list(&Desk::of(&backend, &server, "所长乙"), "open").is_empty());

    let tried = desk.post(&path(&row["hash"], "retry"), &json!({}));
    assert_eq!(
        (tried.status, tried.json()["verdict"].clone()),
        (200, json!("held"))
    );
    let birth = register(&mut first, &stall);
    server.wire.push(&first, &first_token, &[birth]);
    assert!(list(&desk, "open").is_empty());
    assert_eq!(
        operator_field(&server.wire, &token, stall.id.0, "phone"),
        "13900000002"
    );
    verified(&server);
}

#[test]
fn the_work_of_a_revoked_phone_counts_when_a_person_says_so() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let (mut phone, token) = backend.phone(&server, 1);
    let (_, other_token) = backend.phone(&server, 2);
    sql(
        &server,
        "UPDATE device SET state = 'revoked' WHERE device IN (SELECT device FROM log WHERE short_code = '01')",
    );
    let stall = sample::stall(&backend.county, 1);
    let birth = register(&mut phone, &stall);
    let later = edit(&mut phone, &stall, "phone", "13800138000", "13900000001");
    let answer = server.wire.push(&phone, &token, &[birth, later]);
    assert_eq!(answer.verdicts[0].cause, Some(Cause::NotAllowed));
    let desk = Desk::of(&backend, &server, "所长甲");
    let row = list(&desk, "open")[0].clone();
    assert_eq!(
        (&row["reason"], &row["may_accept"], &row["about"]),
        (&json!("交来的手机已停用"), &json!(true), &json!(stall.name))
    );
    let accept = |reason: &str| {
        let body = json!({"decision": "accepted", "reason": reason});
        desk.post(&path(&row["hash"], "settle"), &body)
    };
    assert_eq!(accept("  ").status, 400);
    let done = accept("停用前做的，问过本人");
    assert_eq!(
        (done.status, done.json()["verdict"].clone()),
        (200, json!("applied"))
    );
    assert_eq!(
        accept("停用前做的，问过本人").status,
        200,
        "a lost answer, asked again"
    );
    assert_eq!(
        operator_field(&server.wire, &other_token, stall.id.0, "phone"),
        "13800138000"
    );
    let left = list(&desk, "open");
    assert_eq!(left.len(), 1, "each of them is looked at by itself");
    let tried = desk
        .post(&path(&left[0]["hash"], "retry"), &json!({}))
        .json();
    assert_eq!(tried["verdict"], "quarantined");
    assert!(
        tried["sentence"].as_str().unwrap().contains("停用"),
        "{tried}"
    );
    verified(&server);
}

/// One record signed twice: the phone's token, the second change, the record.
fn signed_twice(backend: &Backend, server: &Server) -> (String, Digest, Value) {
    let (mut phone, token) = backend.phone(server, 1);
    let stall = sample::stall(&backend.county, 1);
    let content = sample::visit(&backend.county, &stall, 20, &[]);
    let id = content.id;
    let signed = phone.append(INSPECTION_SIGNED, &[id.0], &sample::sign(content));
    let twice = sample::visit(&backend.county, &stall, 20, &["TD1.1"]);
    let second = phone.append(INSPECTION_SIGNED, &[id.0], &sample::sign(twice));
    let hash = second.hash;
    server.wire.push(&phone, &token, &[signed, second]);
    (token, hash, json!(id))
}

#[test]
fn a_change_is_closed_with_a_reason_and_its_phone_is_told() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let (token, hash, record) = signed_twice(&backend, &server);
    let desk = Desk::of(&backend, &server, "所长甲");
    let row = list(&desk, "open")[0].clone();
    assert!(
        row["reason"].as_str().unwrap().contains("签了两次"),
        "{row}"
    );
    assert_eq!(
        (&row["may_retry"], &row["may_accept"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(row["record"], record);
    // Trying again all the same leaves no second trace.
    let retry = |desk: &Desk| desk.post(&path(&row["hash"], "retry"), &json!({})).status;
    assert_eq!(retry(&desk), 200);
    verified(&server);
    let settle = |desk: &Desk, decision: &str| {
        let body = json!({"decision": decision, "reason": "手机被复制过，以先到的为准"});
        desk.post(&path(&row["hash"], "settle"), &body)
    };
    assert_eq!(settle(&desk, "accepted").problem().0, 409);
    assert_eq!(
        settle(&Desk::of(&backend, &server, "所长乙"), "closed")
            .problem()
            .0,
        404
    );
    assert_eq!(
        settle(&Desk::of(&backend, &server, "管理员甲"), "closed")
            .problem()
            .0,
        403
    );
    assert_eq!(retry(&Desk::of(&backend, &server, "管理员甲")), 403);
    assert_eq!(settle(&desk, "closed").status, 200);
    assert_eq!(
        settle(&desk, "closed").status,
        200,
        "a lost answer, asked again"
    );
    assert!(list(&desk, "open").is_empty());
    let closed = &list(&desk, "closed")[0]["closed"];
    assert_eq!(
        (&closed["by_name"], &closed["reason"]),
        (&json!("所长甲"), &json!("手机被复制过，以先到的为准"))
    );
    let again = settle(&Desk::of(&backend, &server, "县局科员甲"), "closed");
    assert_eq!(again.status, 409);
    assert!(
        again.json()["title"]
            .as_str()
            .unwrap()
            .contains("已由所长甲处理过")
    );
    let row = told(&server, &token, hash).unwrap();
    assert_eq!(row.verdict, Verdict::Quarantined);
    assert_eq!(row.closed.unwrap().reason, "手机被复制过，以先到的为准");
    redrive::everything(&server.app).unwrap();
    assert_eq!(list(&desk, "closed").len(), 1);
    verified(&server);
}

#[test]
fn one_rotten_change_holds_no_other_up() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let (mut first, first_token) = backend.phone(&server, 1);
    let (mut second, token) = backend.phone(&server, 2);
    let stall = sample::stall(&backend.county, 1);
    let rots = edit(&mut second, &stall, "address", "柳汀大集东头", "别处");
    let waits = edit(&mut second, &stall, "phone", "13800138000", "13900000002");
    server.wire.push(&second, &token, &[rots, waits]);
    sql(
        &server,
        "UPDATE change SET envelope = x'7b7d' WHERE seq = 1 AND hash IN (SELECT hash FROM held)",
    );
    let birth = register(&mut first, &stall);
    let answer = server.wire.push(&first, &first_token, &[birth]);
    assert_eq!(answer.verdicts[0].verdict, Verdict::Applied);
    assert_eq!(
        operator_field(&server.wire, &token, stall.id.0, "phone"),
        "13900000002"
    );
    // At a start it is the same.
    redrive::everything(&server.app).unwrap();
}

#[test]
fn what_did_not_read_is_tried_again_after_a_start() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let (mut phone, token) = backend.phone(&server, 1);
    let mut far = sample::stall(&backend.county, 1);
    far.station.0 = sample::id(77);
    let birth = phone.append(OPERATOR_REGISTERED, &[far.id.0], &far);
    let hash = birth.hash;
    let answer = server.wire.push(&phone, &token, &[birth]);
    assert_eq!(answer.verdicts[0].cause, Some(Cause::RuleBroken));
    redrive::everything(&server.app).unwrap();
    assert_eq!(
        told(&server, &token, hash),
        None,
        "nothing has changed for it"
    );
    // The station comes to the county; the next start takes the entry in.
    let db = rusqlite::Connection::open(server.app.data.database()).unwrap();
    db.execute(
        "INSERT INTO station (bureau, station, name, code) SELECT bureau, ?1, '新所', 'XX' FROM station LIMIT 1",
        [sample::id(77).as_bytes()],
    )
    .unwrap();
    redrive::everything(&server.app).unwrap();
    assert_eq!(
        told(&server, &token, hash).unwrap().verdict,
        Verdict::Applied
    );
}
