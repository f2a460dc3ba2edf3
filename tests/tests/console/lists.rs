//! Records, register and search: conditions, pages, and what lies outside a station.

use super::desk::Desk;
use super::visits::{NOON, bring, by_the_others, careful, days_before, register, stall};
use serde_json::{Value, json};
use xunji_domain::inspection::InspectionContent;
use xunji_tests::conformance::Backend;
use xunji_tests::conformance::backend::Server;

struct Filled {
    backend: Backend,
    server: Server,
    records: Vec<InspectionContent>,
}

/// Four visits: two stalls today, one of them also a week ago, one stall three weeks ago.
fn filled() -> Filled {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    register(&backend, &server, &mut phone);
    let visit = |n: usize, id, failed: &[&str]| careful(&backend, &stall(&backend, n), id, failed);
    let records = vec![
        days_before(by_the_others(&backend, visit(2, 1, &[])), 21),
        days_before(visit(0, 2, &["TD6.2", "TD4.1"]), 7),
        visit(0, 3, &["TD4.1"]),
        visit(1, 4, &[]),
    ];
    let records = records
        .into_iter()
        .map(|r| bring(&server, &mut phone, r))
        .collect();
    Filled {
        backend,
        server,
        records,
    }
}

fn total(desk: &Desk, path: &str) -> i64 {
    let answer = desk.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.json());
    answer.json()["total"].as_i64().unwrap()
}

#[test]
fn records_are_found_by_each_condition() {
    let Filled {
        backend,
        server,
        records,
    } = filled();
    let desk = Desk::of(&backend, &server, "所长甲");
    let (operator, person) = (records[1].operator_id, records[0].inspectors[0].person);
    let cases = [
        (String::new(), 4),
        ("from=2026-10-18".to_owned(), 3),
        ("from=2026-10-18&to=2026-10-18".to_owned(), 1),
        (format!("operator={operator}"), 2),
        (format!("inspector={person}"), 1),
        ("kind=stall".to_owned(), 4),
        ("kind=workshop".to_owned(), 0),
        ("conclusion=conforming".to_owned(), 2),
        ("conclusion=any".to_owned(), 4),
        ("state=pending".to_owned(), 4),
        ("state=approved".to_owned(), 0),
        ("item=TD4.1&answer=failed".to_owned(), 2),
        ("item=TD4.1&answer=checked".to_owned(), 4),
        ("section=CLEAN&answer=failed".to_owned(), 1),
        ("follow=all".to_owned(), 1),
        ("follow=mended".to_owned(), 0),
        (
            format!("query={}", "%E6%A3%80%E6%9F%A5%E5%91%98%E4%B8%99"),
            1,
        ),
        ("query=LT-20261025-0104".to_owned(), 1),
    ];
    for (query, wanted) in cases {
        assert_eq!(
            total(&desk, &format!("/api/console/records?{query}")),
            wanted,
            "{query}"
        );
    }
    let newest = desk.get("/api/console/records?limit=1").json();
    assert_eq!(newest["rows"].as_array().unwrap().len(), 1);
    assert_eq!(newest["rows"][0]["day"], "2026-10-25");
    assert_eq!(newest["rows"][0]["trace"].as_array().unwrap().len(), 35);
    for (query, status) in [("from=gestern", 400), ("kind=x", 400), ("operator=x", 404)] {
        let answer = desk.get(&format!("/api/console/records?{query}"));
        assert_eq!(answer.problem().0, status, "{query}");
    }
    let other = Desk::of(&backend, &server, "所长乙");
    assert_eq!(total(&other, "/api/console/records"), 0);
    let station = format!("/api/console/records?station={}", records[0].station);
    assert_eq!(other.get(&station).problem().0, 404);
    assert_eq!(
        total(&Desk::of(&backend, &server, "县局科员甲"), &station),
        4
    );
}

#[test]
fn the_register_is_filtered_and_an_operator_has_his_page() {
    let Filled {
        backend,
        server,
        records,
    } = filled();
    let desk = Desk::of(&backend, &server, "所长甲");
    let all = total(&desk, "/api/console/operators");
    let by = |query: &str| total(&desk, &format!("/api/console/operators?{query}"));
    let kinds: i64 = ["stall", "small_restaurant", "workshop"]
        .map(|k| by(&format!("kind={k}")))
        .iter()
        .sum();
    assert_eq!(kinds, all);
    assert_eq!(by("visited=yes&from=2026-10-18&to=2026-10-25"), 2);
    assert_eq!(by("visited=no&from=2026-10-18&to=2026-10-25"), all - 2);
    assert_eq!(by("licence=held") + by("licence=not_held"), all);
    assert!(by("licence=expired") > 0 && by("licence=expired") <= by("licence=not_held"));

    let operator = records[1].operator_id;
    let page = desk
        .get(&format!("/api/console/operators/{operator}"))
        .json();
    assert_eq!(page["operator"]["id"], json!(operator));
    let days: Vec<&Value> = page["visits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["day"])
        .collect();
    assert_eq!(days, ["2026-10-25", "2026-10-18"]);
    let licences = page["licences"].as_array().unwrap();
    assert!(licences.iter().all(|l| l["state_text"].is_string()));
    let rows = desk.get("/api/console/operators?limit=200").json()["rows"].clone();
    let row = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["operator"]["id"] == json!(operator));
    assert_eq!(row.unwrap()["last"]["day"], "2026-10-25");

    let other = Desk::of(&backend, &server, "所长乙");
    let hidden = other.get(&format!("/api/console/operators/{operator}"));
    assert_eq!(hidden.problem(), (404, "not_found".to_owned()));
}

#[test]
fn the_search_box_finds_operators_records_and_inspectors() {
    let Filled {
        backend,
        server,
        records,
    } = filled();
    let desk = Desk::of(&backend, &server, "所长甲");
    let found = |desk: &Desk, query: &str| {
        desk.get(&format!("/api/console/search?query={query}"))
            .json()
    };
    let name = stall(&backend, 0).name;
    let keys = xunji_domain::text::search_keys(&name);
    let initials: String = keys
        .syllables
        .iter()
        .filter_map(|s| s[0].chars().next())
        .take(4)
        .collect();
    let operators = found(&desk, &initials)["operators"].clone();
    assert!(
        operators
            .as_array()
            .unwrap()
            .iter()
            .any(|o| o["name"] == name),
        "{initials}: {operators}"
    );
    let numbers = found(&desk, "20261018")["records"].clone();
    assert_eq!(numbers, json!([]), "the sample's numbers all name one day");
    assert_eq!(
        found(&desk, "lt-20261025-0103")["records"][0]["id"],
        json!(records[2].id)
    );
    let people = found(&desk, "jcyb")["inspectors"].clone();
    assert_eq!(
        (people[0]["name"].as_str(), people[0]["records"].as_i64()),
        (Some("检查员丙"), Some(1))
    );
    assert_eq!(found(&desk, "")["operators"], json!([]));
    let other = Desk::of(&backend, &server, "所长乙");
    assert_eq!(found(&other, "lt-20261025-0103")["records"], json!([]));
    assert_eq!(found(&other, "jcy")["inspectors"], json!([]));
    let filters = desk.get("/api/console/filters").json();
    assert_eq!(filters["inspectors"].as_array().unwrap().len(), 4);
}
