//! 待审 with what looks wrong first, and why.

use super::desk::Desk;
use super::visits::{
    NOON, answering, bring, by_the_others, careful, days_before, stall, with_photo,
};
use serde_json::{Value, json};
use xunji_domain::words::Answer;
use xunji_tests::conformance::backend::Server;
use xunji_tests::conformance::{Backend, sample};

fn rows(desk: &Desk) -> Vec<Value> {
    let answer = desk.get("/api/console/queue");
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()["rows"].as_array().unwrap().clone()
}

fn codes(row: &Value) -> Vec<&str> {
    let flags = row["flags"].as_array().unwrap();
    flags.iter().map(|f| f["code"].as_str().unwrap()).collect()
}

fn ready() -> (Backend, Server) {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    (backend, server)
}

#[test]
fn what_looks_wrong_stands_first_with_its_arithmetic() {
    let (backend, server) = ready();
    let mut phone = backend.phone(&server, 1);
    let quiet = bring(
        &server,
        &mut phone,
        careful(&backend, &stall(&backend, 0), 1, &[]),
    );
    let failing = careful(&backend, &stall(&backend, 1), 2, &["TD6.2"]);
    let failing = bring(&server, &mut phone, failing);
    let mut hurried = careful(&backend, &stall(&backend, 2), 3, &[]);
    hurried.ended_at = Some(sample::reading(7));
    let hurried = bring(&server, &mut phone, hurried);

    let desk = Desk::of(&backend, &server, "所长甲");
    let rows = rows(&desk);
    let order: Vec<&str> = rows.iter().map(|r| r["id"].as_str().unwrap()).collect();
    let wanted = [hurried.id, failing.id, quiet.id].map(|id| id.to_string());
    assert_eq!(order, wanted);
    let groups: Vec<&str> = rows.iter().map(|r| r["group"].as_str().unwrap()).collect();
    assert_eq!(groups, ["look_first", "ordinary", "plain"]);

    let first = &rows[0];
    assert_eq!(codes(first), ["short"]);
    assert_eq!(
        first["flags"][0],
        json!({
            "code": "short", "text": "用时 2 分", "tone": "fail", "points": 48,
            "why": "35 项，平均 3.4 秒一项；近 90 天同类 2 次，中位数 20 分", "items": [],
            "spread": {"others": [1200, 1200], "this": 120, "median": 1200},
        })
    );
    assert_eq!(
        (first["points"].as_i64(), first["seconds"].as_i64()),
        (Some(48), Some(120))
    );
    let trace = first["trace"].as_array().unwrap();
    assert_eq!(trace.len(), 35);
    assert_eq!(
        trace[1],
        json!({"item": "TD1.2", "section": "LICENCE", "shown_ms": 13_919, "answer": "pass", "answered_by": "card"})
    );
    let page = desk.record(&hurried);
    assert_eq!(
        (&page["flags"], &page["points"], &page["trace"]),
        (&first["flags"], &first["points"], &first["trace"])
    );
}

#[test]
fn last_time_stands_beside_this_time() {
    let (backend, server) = ready();
    let mut phone = backend.phone(&server, 1);
    let operator = stall(&backend, 0);
    let before = days_before(careful(&backend, &operator, 1, &["TD3.4", "TD5.2"]), 36);
    let before = bring(&server, &mut phone, before);
    let now = careful(&backend, &operator, 2, &["TD5.2"]);
    let now = bring(
        &server,
        &mut phone,
        answering(now, "TD3.4", Answer::NotApplicable),
    );

    let desk = Desk::of(&backend, &server, "所长甲");
    let page = desk.record(&now);
    let skipped = page["flags"].as_array().unwrap().iter();
    let skipped: Vec<&Value> = skipped
        .filter(|f| f["code"] == "last_failed_skipped")
        .collect();
    assert_eq!(skipped[0]["text"], "上次不符合 3.4，本次不适用");
    assert_eq!(skipped[0]["items"], json!(["TD3.4"]));
    assert!(codes(&page).contains(&"repeat"));
    let previous = &page["previous"];
    assert_eq!(
        (
            previous["id"].as_str(),
            previous["day"].as_str(),
            previous["conclusion"].as_str()
        ),
        (
            Some(before.id.to_string().as_str()),
            Some("2026-09-19"),
            Some("nonconforming")
        )
    );
    assert_eq!(previous["inspectors"], json!(["检查员甲", "检查员乙"]));
    assert_eq!(previous["trace"].as_array().unwrap().len(), 35);
    assert_eq!(desk.record(&before)["previous"], Value::Null);
}

#[test]
fn one_original_in_two_records_is_named_in_both() {
    let (backend, server) = ready();
    let mut phone = backend.phone(&server, 1);
    let sha = "5d20e7b1".repeat(8);
    for (n, days) in [(1, 30), (2, 0)] {
        let visit = careful(&backend, &stall(&backend, n), n as u128, &[]);
        let visit = with_photo(days_before(visit, days), 900 + n as u128, sha.clone());
        bring(&server, &mut phone, visit);
    }
    let desk = Desk::of(&backend, &server, "所长甲");
    for row in rows(&desk) {
        assert!(codes(&row).contains(&"photo_reused"), "{row}");
    }
    let page = rows(&desk);
    let text = |row: &Value| row["flags"][0]["text"].as_str().unwrap().to_owned();
    assert!(
        page.iter()
            .any(|row| text(row) == "照片与 9 月 25 日重复 1 张"),
        "{page:?}"
    );
}

#[test]
fn a_team_that_never_finds_anything_is_named_beside_its_station() {
    let (backend, server) = ready();
    let mut phone = backend.phone(&server, 1);
    for n in 0..6 {
        let visit = careful(&backend, &stall(&backend, n), n as u128 + 1, &[]);
        let visit = by_the_others(&backend, days_before(visit, 6 - n as i64));
        bring(&server, &mut phone, visit);
    }
    let found = careful(&backend, &stall(&backend, 7), 20, &["TD6.2"]);
    bring(&server, &mut phone, days_before(found, 3));
    let desk = Desk::of(&backend, &server, "所长甲");
    let rows = rows(&desk);
    let named: Vec<&Value> = rows
        .iter()
        .flat_map(|row| row["flags"].as_array().unwrap())
        .filter(|flag| flag["code"] == "streak")
        .collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0]["text"], "连续 6 户全符合");
    assert_eq!(
        named[0]["why"],
        "检查员丙、检查员丁 10 月 19 日起 6/6 户全符合；全所同期 6/7 户，85.7%"
    );
}

#[test]
fn ready_reasons_lie_on_the_keys() {
    let (backend, server) = ready();
    let desk = Desk::of(&backend, &server, "所长甲");
    let reasons = desk.get("/api/console/reasons").json();
    let keys: Vec<&str> = reasons["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["1", "2", "3", "4", "5"]);
    assert_eq!(
        Desk::new(&server).get("/api/console/reasons").problem().0,
        401
    );
}
