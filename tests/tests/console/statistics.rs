//! Every figure against the list it opens, and what is said where there is nothing to divide by.

use super::desk::Desk;
use super::visits::{NOON, bring, by_the_others, careful, days_before, register, stall};
use serde_json::Value;
use xunji_tests::conformance::Backend;
use xunji_tests::conformance::backend::Server;

const DAYS: &str = "from=2026-09-21&to=2026-10-25";

fn filled() -> (Backend, Server) {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    register(&backend, &server, &mut phone);
    let visits: [(usize, i64, &[&str]); 9] = [
        (0, 40, &["TD4.1"]),
        (0, 30, &["TD4.1", "TD1.3"]),
        (1, 30, &[]),
        (2, 23, &["TD6.2"]),
        (3, 16, &[]),
        (0, 9, &[]),
        (4, 9, &["TD1.3"]),
        (2, 2, &["TD6.2"]),
        (5, 0, &["TD6.2", "TD5.2"]),
    ];
    for (n, (operator, days, failed)) in visits.into_iter().enumerate() {
        let visit = careful(&backend, &stall(&backend, operator), n as u128 + 1, failed);
        let visit = match n % 3 {
            0 => by_the_others(&backend, visit),
            _ => visit,
        };
        bring(&server, &mut phone, days_before(visit, days));
    }
    let mut closed = careful(&backend, &stall(&backend, 6), 30, &[]);
    closed.answers.clear();
    closed.not_inspected = Some("关门歇业".to_owned());
    closed.conclusion = Some(xunji_domain::words::Conclusion::NotInspected);
    closed.concluded = None;
    closed.graded = None;
    closed.score = None;
    bring(&server, &mut phone, closed);
    (backend, server)
}

fn statistics(desk: &Desk, query: &str) -> Value {
    let answer = desk.get(&format!("/api/console/statistics?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

/// The console passes on only the conditions that it names here.
const CONDITIONS: &str = include_str!("../../../ui/console/src/lists/query.ts");

/// Opens a list as the console would and counts its rows.
fn rows(desk: &Desk, list: &Value) -> i64 {
    let params = list["params"].as_object().unwrap().iter();
    let unknown: Vec<_> = params
        .clone()
        .filter(|(k, _)| !CONDITIONS.contains(&format!("'{k}'")))
        .collect();
    assert!(unknown.is_empty(), "the console drops {unknown:?}");
    let query: Vec<String> = params
        .map(|(k, v)| format!("{k}={}", v.as_str().unwrap()))
        .collect();
    let path = format!(
        "/api/console/{}?{}",
        list["of"].as_str().unwrap(),
        query.join("&")
    );
    let answer = desk.get(&path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.json());
    answer.json()["total"].as_i64().unwrap()
}

/// Compares every number below a value with its list; returns how many there were.
fn follow(desk: &Desk, value: &Value) -> usize {
    let below = match value {
        Value::Array(items) => items.iter().map(|item| follow(desk, item)).sum(),
        Value::Object(fields) => fields.values().map(|field| follow(desk, field)).sum(),
        _ => 0,
    };
    let pairs = [
        ("n", "list"),
        ("numerator", "list"),
        ("denominator", "list_all"),
    ];
    let own = pairs.iter().filter(|(number, list)| {
        let (Some(number), Some(list)) =
            (value.get(number).and_then(Value::as_i64), value.get(list))
        else {
            return false;
        };
        assert_eq!(number, rows(desk, list), "{value}");
        true
    });
    below + own.count()
}

#[test]
fn every_number_opens_exactly_its_rows() {
    let (backend, server) = filled();
    for person in ["所长甲", "县局科员甲"] {
        let desk = Desk::of(&backend, &server, person);
        for query in [
            DAYS.to_owned(),
            format!("{DAYS}&kind=stall"),
            format!("{DAYS}&kind=workshop"),
        ] {
            let page = statistics(&desk, &query);
            let compared = follow(&desk, &page);
            assert!(compared > 60, "{person} {query}: {compared}");
        }
    }
}

#[test]
fn the_figures_of_a_small_county() {
    let (backend, server) = filled();
    let page = statistics(&Desk::of(&backend, &server, "所长甲"), DAYS);
    let rates: Vec<String> = page["rates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            let n = |key: &str| r[key].clone();
            format!(
                "{} {}/{} {} {}",
                n("label"),
                n("numerator"),
                n("denominator"),
                n("permille"),
                n("note")
            )
        })
        .collect();
    insta::assert_json_snapshot!("rates", rates);
    let items: Vec<String> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| format!("{} {}/{}", i["key"], i["numerator"], i["denominator"]))
        .collect();
    insta::assert_json_snapshot!("items", items);
    let weeks: Vec<String> = page["weeks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| {
            let counts: Vec<String> = w["conclusions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["n"].to_string())
                .collect();
            let (part, whole) = (&w["rate"]["numerator"], &w["rate"]["denominator"]);
            let rolling = &w["rolling"];
            format!(
                "{} {} {part}/{whole} {}/{}",
                w["label"],
                counts.join("+"),
                rolling["numerator"],
                rolling["denominator"]
            )
        })
        .collect();
    insta::assert_json_snapshot!("weeks", weeks);
}

#[test]
fn nothing_divided_by_nothing_has_no_value() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    let operators = register(&backend, &server, &mut phone);
    let desk = Desk::of(&backend, &server, "所长甲");
    let page = statistics(&desk, DAYS);
    let all = page["stations"][0]["operators"]["n"].as_i64();
    assert!(
        all > Some(0) && all <= Some(operators),
        "{all:?} of {operators}"
    );
    let rate = |key: &str| {
        let rates = page["rates"].as_array().unwrap();
        rates.iter().find(|r| r["key"] == key).unwrap().clone()
    };
    for key in ["nonconforming", "critical", "mended", "approved"] {
        let rate = rate(key);
        assert_eq!(
            (&rate["denominator"], &rate["permille"]),
            (&Value::from(0), &Value::Null),
            "{key}"
        );
    }
    assert_eq!(
        rate("coverage")["permille"],
        0,
        "nobody of many is 0 %, not —"
    );
    assert_eq!(page["items"], serde_json::json!([]));
}

#[test]
fn days_that_do_not_read_or_lie_outside_are_refused() {
    let (backend, server) = filled();
    let other = Desk::of(&backend, &server, "所长乙");
    assert_eq!(statistics(&other, DAYS)["visits"]["n"], 0);
    let station = stall(&backend, 0).station;
    let hidden = other.get(&format!("/api/console/statistics?{DAYS}&station={station}"));
    assert_eq!(hidden.problem().0, 404);
    for query in [
        "from=x",
        "from=2026-10-25&to=2026-10-24",
        "from=2020-01-01&to=2026-10-24",
        "kind=x",
    ] {
        let answer = other.get(&format!("/api/console/statistics?{query}"));
        assert_eq!(answer.problem(), (400, "bad_request".to_owned()), "{query}");
    }
    let usual = statistics(&other, "");
    assert_eq!(
        (usual["from"].as_str(), usual["to"].as_str()),
        (Some("2026-07-27"), Some("2026-10-25"))
    );
    assert_eq!(usual["weeks"].as_array().unwrap().len(), 13);
}
