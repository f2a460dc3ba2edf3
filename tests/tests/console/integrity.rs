//! The badge is computed from stored bytes: whatever is altered in the database turns it.

use super::desk::{Desk, delivered};
use rusqlite::Connection;
use xunji_tests::conformance::Backend;

/// Alters one byte of a blob column, whatever it holds.
fn flip(db: &Connection, table: &str, column: &str, which: &str) {
    let (row, mut bytes): (i64, Vec<u8>) = db
        .query_row(
            &format!("SELECT rowid, CAST({column} AS BLOB) FROM {table} WHERE {which} LIMIT 1"),
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x01;
    db.execute(
        &format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2"),
        (bytes, row),
    )
    .unwrap();
}

#[test]
fn one_altered_byte_turns_the_badge() {
    let cases: [(&str, &str, &str); 5] = [
        ("change", "body", "kind = 'inspection.signed'"),
        ("change", "envelope", "kind = 'inspection.signed'"),
        (
            "change",
            "envelope",
            "kind = 'inspection.signed' AND seq = 1",
        ),
        ("inspection", "content", "1"),
        ("state", "bytes", "kind = 'inspection'"),
    ];
    for (table, column, which) in cases {
        let backend = Backend::disk();
        let server = backend.server();
        let mut phone = backend.phone(&server, 1);
        let record = delivered(&backend, &server, &mut phone, 1, &["TD1.1"]);
        let desk = Desk::of(&backend, &server, "所长甲");
        let before = desk.record(&record);
        assert_eq!(
            before["integrity"]["label"], "完整",
            "{}",
            before["integrity"]
        );
        flip(
            &Connection::open(server.app.data.database()).unwrap(),
            table,
            column,
            which,
        );
        let after = desk.record(&record)["integrity"].clone();
        assert_eq!(after["badge"], "mismatch", "{table}.{column}: {after}");
        assert_eq!(after["label"], "不符");
        assert!(after["sentence"].as_str().unwrap().chars().count() > 20);
        assert_eq!(
            desk.approve(&record).problem(),
            (409, "not_complete".to_owned()),
            "{table}.{column}"
        );
    }
}

#[test]
fn a_link_lost_before_the_record_turns_the_badge() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    delivered(&backend, &server, &mut phone, 1, &[]);
    let record = delivered(&backend, &server, &mut phone, 2, &[]);
    let desk = Desk::of(&backend, &server, "所长甲");
    assert_eq!(desk.record(&record)["integrity"]["badge"], "complete");
    let db = Connection::open(server.app.data.database()).unwrap();
    db.execute(
        "DELETE FROM change WHERE kind = 'inspection.signed' AND seq = 1",
        [],
    )
    .unwrap();
    let sentence = desk.record(&record)["integrity"]["sentence"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(sentence.contains("断开"), "{sentence}");
}

#[test]
fn a_foreign_head_signature_turns_the_badge() {
    let backend = Backend::disk();
    let server = backend.server();
    let mut phone = backend.phone(&server, 1);
    let record = delivered(&backend, &server, &mut phone, 1, &[]);
    let desk = Desk::of(&backend, &server, "所长甲");
    let db = Connection::open(server.app.data.database()).unwrap();
    let altered = "UPDATE head_signature SET row = replace(row, '\"signature\":\"', '\"signature\":\"00') WHERE log = ?1";
    db.execute(altered, [phone.0.head.log.as_bytes()]).unwrap();
    let integrity = desk.record(&record)["integrity"].clone();
    assert_eq!(integrity["badge"], "mismatch");
    assert!(
        integrity["sentence"].as_str().unwrap().contains("签名"),
        "{integrity}"
    );
}
