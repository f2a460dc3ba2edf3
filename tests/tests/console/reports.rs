//! Day reports: versions stay, late records are marked, figures are counted from rows.

use super::desk::{Desk, delivered};
use super::visits::{bring, careful, days_before, register, stall};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::process::Command;
use xunji_domain::words::Measure;
use xunji_tests::conformance::Backend;

const DAY: &str = "2026-10-25";

fn text(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let done = Command::new("pdftotext")
        .args(["-layout"])
        .arg(file.path())
        .arg("-")
        .output()
        .unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap()
}

fn make(desk: &Desk) -> Value {
    let answer = desk.post("/api/console/reports", &json!({"day": DAY}));
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

fn pdf(desk: &Desk, version: &Value) -> Vec<u8> {
    let bytes = desk
        .get(&format!(
            "/api/console/reports/{}/pdf",
            version["id"].as_str().unwrap()
        ))
        .bytes;
    assert_eq!(
        hex::encode(Sha256::digest(&bytes)),
        version["sha256"].as_str().unwrap()
    );
    bytes
}

#[test]
fn a_deadline_that_an_earlier_day_set_is_printed_when_it_falls_due() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    register(&backend, &server, &mut phone);
    let before = stall(&backend, 0);
    let mut earlier = days_before(careful(&backend, &before, 1, &["TD6.2"]), 7);
    let finding = earlier.findings.first_mut().unwrap();
    finding.measure = Some(Measure::Deadline);
    finding.deadline = Some(DAY.parse().unwrap());
    finding.problem = "废弃物容器没有盖".to_owned();
    bring(&server, &mut phone, earlier);
    bring(
        &server,
        &mut phone,
        careful(&backend, &stall(&backend, 1), 2, &[]),
    );
    let desk = Desk::of(&backend, &server, "所长甲");
    let words = text(&pdf(&desk, &make(&desk)));
    for wanted in [before.name.as_str(), "废弃物容器没有盖"] {
        assert!(words.contains(wanted), "{wanted} is not in\n{words}");
    }
}

#[test]
fn a_late_record_makes_version_2_and_version_1_stays() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    let first = delivered(&backend, &server, &mut phone, 1, &["TD1.1"]);
    let desk = Desk::of(&backend, &server, "所长甲");
    let one = make(&desk);
    assert_eq!(
        (one["version"].as_u64(), one["late"].as_u64()),
        (Some(1), Some(0))
    );
    let printed = pdf(&desk, &one);
    let words = text(&printed);
    for wanted in [
        "柳汀所",
        "2026年10月25日",
        &first.operator.operator.name,
        "未按要求公示",
        "演示数据",
        "待审",
        "001-1",
    ] {
        assert!(words.contains(wanted), "{wanted} is not in\n{words}");
    }

    let late = delivered(&backend, &server, &mut phone, 2, &[]);
    let listed = desk.get(&format!("/api/console/reports?day={DAY}")).json();
    assert_eq!(
        (listed["late_since"].as_u64(), listed["records"].as_u64()),
        (Some(1), Some(2))
    );
    let queue = desk.get("/api/console/queue").json();
    let marked: Vec<_> = queue["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["late"] == true)
        .collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0]["id"], json!(late.id));

    let two = make(&desk);
    assert_eq!(
        (two["version"].as_u64(), two["late"].as_u64()),
        (Some(2), Some(1))
    );
    assert_ne!(two["data_hash"], one["data_hash"]);
    let words = text(&pdf(&desk, &two));
    for wanted in [
        "补充汇总",
        "第2版",
        "晚到",
        "001-2",
        &late.operator.operator.name,
    ] {
        assert!(
            words.replace(' ', "").contains(wanted),
            "{wanted} is not in\n{words}"
        );
    }
    assert_eq!(pdf(&desk, &one), printed, "version 1 has changed");
    let listed = desk.get(&format!("/api/console/reports?day={DAY}")).json();
    assert_eq!(
        (
            listed["late_since"].as_u64(),
            listed["versions"].as_array().unwrap().len()
        ),
        (Some(0), 2)
    );
    let page = desk.get(&format!(
        "/api/console/reports/{}/pages/1",
        one["id"].as_str().unwrap()
    ));
    assert_eq!(&page.bytes[..8], b"\x89PNG\r\n\x1a\n");
}

#[test]
fn figures_are_those_of_the_rows_and_the_hash_is_that_of_the_data() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    for (n, failed) in [(1, &["TD1.1", "TD1.3"][..]), (2, &[]), (3, &["TD6.4"])] {
        delivered(&backend, &server, &mut phone, n, failed);
    }
    let desk = Desk::of(&backend, &server, "所长甲");
    let made = make(&desk);
    let db = rusqlite::Connection::open(server.app.data.database()).unwrap();
    let data: Vec<u8> = db
        .query_row("SELECT data FROM report", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        hex::encode(Sha256::digest(&data)),
        made["data_hash"].as_str().unwrap()
    );
    let data: Value = serde_json::from_slice(&data).unwrap();
    let rows = data["rows"].as_array().unwrap();
    let figures = &data["figures"];
    assert_eq!(
        (rows.len(), data["head"]["received"].as_u64()),
        (3, Some(3))
    );
    assert_eq!(figures["total"], json!({"visits": 3, "operators": 3}));
    assert_eq!(
        (figures["people"].as_u64(), figures["teams"].as_u64()),
        (Some(2), Some(1))
    );
    let sum = |part: &str| {
        figures[part]
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(
        (sum("conclusions"), sum("grades"), sum("findings")),
        (3, 3, 3)
    );
    let by_row: u64 = rows
        .iter()
        .map(|row| row["findings"].as_u64().unwrap())
        .sum();
    assert_eq!((by_row, data["findings"].as_array().unwrap().len()), (3, 3));
    let printed: Vec<&str> = data["findings"][0]["basis"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b.as_str().unwrap())
        .collect();
    assert!(
        printed.iter().all(|basis| !basis.contains("待核实")),
        "{printed:?}"
    );
}

#[test]
fn a_preview_makes_no_version() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    delivered(&backend, &server, &mut phone, 1, &[]);
    let desk = Desk::of(&backend, &server, "所长甲");
    let pages = desk
        .post("/api/console/reports/preview", &json!({"day": DAY}))
        .json()["pages"]
        .as_u64()
        .unwrap();
    assert!(pages >= 1);
    let page = desk.get(&format!("/api/console/reports/preview/{pages}?day={DAY}"));
    assert_eq!((page.status, &page.bytes[..4]), (200, &b"\x89PNG"[..]));
    assert_eq!(
        desk.get(&format!(
            "/api/console/reports/preview/{}?day={DAY}",
            pages + 1
        ))
        .problem()
        .0,
        404
    );
    assert_eq!(
        desk.get(&format!("/api/console/reports?day={DAY}")).json()["versions"],
        json!([])
    );
}
