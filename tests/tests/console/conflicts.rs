//! Two phones, one field: both values with who wrote them, and a person's decision between them.

use super::desk::{Answer, Desk};
use super::visits::NOON;
use serde_json::{Value, json};
use std::thread;
use xunji_domain::operator::Operator;
use xunji_protocol::verdict::Flag;
use xunji_server::verify;
use xunji_tests::conformance::backend::Server;
use xunji_tests::conformance::feeds::{edit, register};
use xunji_tests::conformance::lines::operator_field;
use xunji_tests::conformance::phone::Phone;
use xunji_tests::conformance::{Backend, sample};

const FIRST: &str = "13900000001";
const SECOND: &str = "13900000002";

struct Met {
    backend: Backend,
    server: Server,
    stall: Operator,
    first: (Phone, String),
    second: (Phone, String),
}

/// Two phones have written another telephone each.
fn met() -> Met {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut first = backend.phone(&server, 1);
    let mut second = backend.phone_of(&server, 2, "柳汀所", "检查员丙");
    let stall = sample::stall(&backend.county, 1);
    let birth = register(&mut first.0, &stall);
    server.wire.push(&first.0, &first.1, &[birth]);
    let one = edit(&mut first.0, &stall, "phone", "13800138000", FIRST);
    server.wire.push(&first.0, &first.1, &[one]);
    let two = edit(&mut second.0, &stall, "phone", "13800138000", SECOND);
    let answer = server.wire.push(&second.0, &second.1, &[two]);
    assert_eq!(answer.verdicts[0].flags, [Flag::Conflict]);
    Met {
        backend,
        server,
        stall,
        first,
        second,
    }
}

impl Met {
    fn desk(&self, person: &str) -> Desk {
        Desk::of(&self.backend, &self.server, person)
    }

    fn phone_shows(&self) -> Value {
        operator_field(&self.server.wire, &self.first.1, self.stall.id.0, "phone")
    }

    fn verified(&self) {
        let found = verify::folder(&self.server.app.data, &|_, _| {}).unwrap();
        let flaws: Vec<_> = found.flaws().collect();
        assert!(found.is_whole(), "{flaws:?}");
    }
}

fn open(desk: &Desk) -> Vec<Value> {
    let answer = desk.get("/api/console/conflicts").json();
    answer["rows"].as_array().unwrap().clone()
}

fn ask(row: &Value, value: &str, reason: &str) -> Value {
    json!({
        "operator": row["operator"], "field": row["field"], "conflicts": row["conflicts"],
        "seen": row["now"], "value": value, "reason": reason,
    })
}

fn resolve(desk: &Desk, row: &Value, value: &str, reason: &str) -> Answer {
    desk.post("/api/console/conflicts/resolve", &ask(row, value, reason))
}

fn refused(answer: &Answer) -> (u16, String) {
    let said = answer.json();
    assert_eq!(said["status"], answer.status, "{said}");
    (answer.status, said["title"].as_str().unwrap().to_owned())
}

#[test]
fn both_values_stand_beside_who_wrote_them_and_when() {
    let met = met();
    let rows = open(&met.desk("所长甲"));
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (&row["field"], &row["now"]),
        (&json!("phone"), &json!(SECOND))
    );
    assert_eq!(row["operator_name"], met.stall.name);
    let values = row["values"].as_array().unwrap();
    let told: Vec<_> = values
        .iter()
        .map(|v| {
            (
                v["value"].as_str().unwrap(),
                v["now"] == true,
                v["before"] == true,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (FIRST, false, false),
            (SECOND, true, false),
            ("13800138000", false, true)
        ]
    );
    let by = |n: usize| &values[n]["writers"][0];
    assert_eq!(
        (&by(0)["name"], &by(1)["name"], &by(2)["how"]),
        (&json!("检查员甲"), &json!("检查员丙"), &json!("新登记"))
    );
    assert_eq!(
        (&by(0)["phone"], &by(1)["phone"]),
        (&json!("01"), &json!("02"))
    );
    // The phone's clock said 6 o'clock, the server's showed 10.
    assert_eq!(by(0)["captured_text"], "2026-10-25 06:01");
    assert!(
        by(0)["stored_text"]
            .as_str()
            .unwrap()
            .starts_with("2026-10-25 10:")
    );
}

#[test]
fn a_decision_reaches_every_phone_and_stays_in_the_entry_s_history() {
    let met = met();
    let desk = met.desk("所长甲");
    let row = open(&desk)[0].clone();
    let answer = resolve(&desk, &row, FIRST, "  电话里问过经营者  ");
    assert_eq!(
        (answer.status, answer.json()["value"].as_str()),
        (200, Some(FIRST))
    );
    assert_eq!(met.phone_shows(), FIRST);
    assert!(open(&desk).is_empty());
    let page = desk
        .get(&format!("/api/console/operators/{}", met.stall.id))
        .json();
    assert_eq!(page["operator"]["phone"], FIRST);
    assert_eq!(page["conflicts"], json!([]));
    let decided = &page["decided"][0];
    assert_eq!(
        (&decided["value"], &decided["by_name"], &decided["reason"]),
        (&json!(FIRST), &json!("所长甲"), &json!("电话里问过经营者"))
    );
    // What the second phone writes over the value it never saw meets the decision.
    let mut second = met.second.0.clone();
    let late = edit(&mut second, &met.stall, "phone", SECOND, "13900000009");
    let verdict = met.server.wire.push(&second, &met.second.1, &[late]);
    assert_eq!(verdict.verdicts[0].flags, [Flag::Conflict]);
    let again = &open(&desk)[0];
    let by = &again["values"][0]["writers"];
    assert!(
        by.as_array().unwrap().iter().any(|w| w["how"] == "裁定"),
        "{again}"
    );
    met.verified();
}

#[test]
fn a_third_value_needs_a_reason_and_is_cleaned() {
    let met = met();
    let desk = met.desk("所长甲");
    let row = open(&desk)[0].clone();
    let (status, said) = refused(&resolve(&desk, &row, "13700000003", " "));
    assert_eq!(status, 400);
    assert!(said.contains("理由"), "{said}");
    let (status, said) = refused(&resolve(&desk, &row, &"1".repeat(101), "太长"));
    assert_eq!(status, 400);
    assert!(said.contains("100"), "{said}");
    let mut other = ask(&row, "", "不合");
    other["value"] = json!(["13700000003"]);
    let (status, said) = refused(&desk.post("/api/console/conflicts/resolve", &other));
    assert_eq!((status, said.contains("不能这样填")), (400, true));
    assert_eq!(met.phone_shows(), SECOND);
    assert_eq!(
        resolve(&desk, &row, " 13700000003\u{0} ", "两个都是旧号").status,
        200
    );
    assert_eq!(met.phone_shows(), "13700000003");
    met.verified();
}

#[test]
fn what_changed_since_the_page_was_loaded_is_refused_with_a_sentence() {
    let mut met = met();
    let desk = met.desk("所长甲");
    let row = open(&desk)[0].clone();
    let (second, token) = &mut met.second;
    let late = edit(second, &met.stall, "phone", SECOND, "13900000009");
    met.server.wire.push(second, token, &[late]);
    let (status, said) = refused(&resolve(&desk, &row, FIRST, ""));
    assert_eq!(status, 409);
    assert!(said.contains("打开之后又有人改过"), "{said}");
    let fresh = open(&desk)[0].clone();
    assert_eq!(resolve(&desk, &fresh, FIRST, "").status, 200);
    let (status, said) = refused(&resolve(&met.desk("县局科员甲"), &fresh, SECOND, ""));
    assert_eq!(status, 409);
    assert!(said.contains("已由所长甲在 2026-10-25 10:"), "{said}");
    assert_eq!(met.phone_shows(), FIRST);
    met.verified();
}

#[test]
fn only_the_supervisor_of_the_station_and_the_county_decide() {
    let met = met();
    let row = open(&met.desk("所长甲"))[0].clone();
    let other = met.desk("所长乙");
    assert!(open(&other).is_empty());
    assert_eq!(
        resolve(&other, &row, FIRST, "").problem(),
        (404, "not_found".to_owned())
    );
    let administrator = met.desk("管理员甲");
    let shown = administrator.get("/api/console/conflicts").json();
    assert_eq!(shown["may_resolve"], false);
    assert_eq!(
        resolve(&administrator, &row, FIRST, "").problem(),
        (403, "forbidden".to_owned())
    );
    assert_eq!(
        Desk::new(&met.server).get("/api/console/conflicts").status,
        401
    );
    assert_eq!(met.phone_shows(), SECOND);
    assert_eq!(
        resolve(&met.desk("县局科员甲"), &row, FIRST, "").status,
        200
    );
    assert_eq!(met.phone_shows(), FIRST);
}

#[test]
fn the_same_decision_twice_or_at_once_is_one_decision() {
    let met = met();
    let desk = met.desk("所长甲");
    let row = open(&desk)[0].clone();
    let before = met.server.wire.pull_all(&met.first.1).len();
    let answers: Vec<u16> = thread::scope(|scope| {
        let tries: Vec<_> = (0..4)
            .map(|_| {
                let (desk, row) = (desk.clone(), row.clone());
                scope.spawn(move || resolve(&desk, &row, FIRST, "问过").status)
            })
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(answers, [200; 4]);
    assert_eq!(resolve(&desk, &row, FIRST, "问过").status, 200);
    let page = desk
        .get(&format!("/api/console/operators/{}", met.stall.id))
        .json();
    assert_eq!(page["decided"].as_array().unwrap().len(), 1);
    assert_eq!(met.server.wire.pull_all(&met.first.1).len(), before);
    let (_, said) = refused(&resolve(&desk, &row, SECOND, "改主意"));
    assert!(said.contains("已由所长甲"), "{said}");
    met.verified();
}

#[test]
fn three_values_of_one_field_are_one_case_and_one_decision_closes_all() {
    let mut met = met();
    let mut third = met.backend.phone(&met.server, 3);
    let change = edit(
        &mut third.0,
        &met.stall,
        "phone",
        "13800138000",
        "13900000003",
    );
    met.server.wire.push(&third.0, &third.1, &[change]);
    let address = edit(
        &mut met.second.0,
        &met.stall,
        "address",
        "别处",
        "柳汀大集西头",
    );
    met.server
        .wire
        .push(&met.second.0, &met.second.1, &[address]);
    let desk = met.desk("所长甲");
    let rows = open(&desk);
    assert_eq!(rows.len(), 2, "a case a field");
    let phone = rows.iter().find(|row| row["field"] == "phone").unwrap();
    assert_eq!(phone["conflicts"].as_array().unwrap().len(), 2);
    assert_eq!(phone["values"].as_array().unwrap().len(), 4);
    assert_eq!(resolve(&desk, phone, FIRST, "").status, 200);
    let left = open(&desk);
    assert_eq!((left.len(), &left[0]["field"]), (1, &json!("address")));
    met.verified();
}

#[test]
fn a_decision_that_was_not_signed_is_found_by_verify() {
    let met = met();
    let desk = met.desk("所长甲");
    let row = open(&desk)[0].clone();
    assert_eq!(resolve(&desk, &row, FIRST, "").status, 200);
    met.verified();
    let db = rusqlite::Connection::open(met.server.app.data.database()).unwrap();
    // Somebody who can hash makes the whole feed fit; the words are still not the supervisor's.
    db.execute(
        "UPDATE change SET kind = 'conflict.resolvee' WHERE kind = 'conflict.resolved'",
        [],
    )
    .unwrap();
    let found = verify::folder(&met.server.app.data, &|_, _| {}).unwrap();
    let what: Vec<&str> = found.flaws().map(|(flaw, _)| flaw.what.as_str()).collect();
    assert!(
        what.contains(&"is not decided as it was signed"),
        "{what:?}"
    );
}
