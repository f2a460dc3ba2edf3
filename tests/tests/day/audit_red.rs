//! The checker is worth something only if it fails: one row or one blob taken away by hand, one
//! byte turned, and it says so.

use rusqlite::Connection;
use std::path::Path;
use xunji_tests::audit::compare::{Found, Taken, compare};
use xunji_tests::audit::{county, phone};
use xunji_tests::market::noon::sync;
use xunji_tests::market::small::SmallDay;

async fn two_records(out: &Path) -> SmallDay {
    let mut day = SmallDay::begin(out, 11, 4).await.unwrap();
    let mut line = day.phone("team1", &["检查员甲", "检查员乙"]).await.unwrap();
    for at in [0, 6] {
        day.visit(&mut line.phone, at).await.unwrap();
    }
    sync(&mut line.phone, "all").await.unwrap();
    line.phone.kill().await.unwrap();
    day.server.kill().await.unwrap();
    day.write_taken().unwrap();
    day
}

fn audit(out: &Path) -> Found {
    let taken: Taken =
        serde_json::from_slice(&std::fs::read(out.join("taken.json")).unwrap()).unwrap();
    let county = county::read(&out.join("county")).unwrap();
    let phone = phone::read(&out.join("phones/team1")).unwrap();
    compare(&taken, &[phone], &county)
}

fn on_server(out: &Path, sql: &str) {
    let db = Connection::open(out.join("county/county.db")).unwrap();
    assert!(db.execute(sql, []).unwrap() > 0, "{sql} touched nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_row_a_lost_blob_and_a_turned_byte_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let day = two_records(out).await;
    let clean = audit(out);
    assert_eq!(clean.wrong, Vec::<String>::new());
    assert_eq!(
        (
            clean.synced,
            clean.photos_received,
            clean.lost,
            clean.doubled
        ),
        (2, 4, 0, 0)
    );

    let photo = day.roll.taken[1].clone();
    let blob = out.join("county/blobs").join(&photo[..2]).join(&photo);
    let bytes = std::fs::read(&blob).unwrap();
    std::fs::remove_file(&blob).unwrap();
    let found = audit(out);
    assert!(
        found.lost > 0 && found.wrong.iter().any(|w| w.contains(&photo)),
        "{:?}",
        found.wrong
    );

    let mut turned = bytes.clone();
    turned[1_000_000] ^= 1;
    std::fs::write(&blob, turned).unwrap();
    assert!(audit(out).wrong.iter().any(|w| w.contains(&photo)));
    std::fs::write(&blob, bytes).unwrap();
    assert_eq!(audit(out).wrong, Vec::<String>::new());

    each_row_is_missed(out);

    on_server(
        out,
        "UPDATE change SET body = CAST(replace(CAST(body AS TEXT), '符合', '合符') AS BLOB) WHERE kind = 'inspection.signed'",
    );
    let found = audit(out);
    assert!(!found.wrong.is_empty(), "a changed body was not seen");
    on_server(
        out,
        "DELETE FROM change WHERE rowid = (SELECT max(rowid) FROM change)",
    );
    let found = audit(out);
    assert!(found.lost > 0, "{:?}", found.wrong);
    on_server(
        out,
        "DELETE FROM inspection WHERE rowid IN (SELECT rowid FROM inspection LIMIT 1)",
    );
    assert!(audit(out).synced < 2);
}

/// One row taken from each table that says what arrived, and put back with the whole file.
fn each_row_is_missed(out: &Path) {
    let tables = [
        ("change", "hash"),
        ("verdict", "hash"),
        ("log", "head_hash"),
        ("head_signature", "hash"),
        ("receipt", "up_to_seq"),
        ("feed_head", "feed"),
        ("feed_entry", "id"),
        ("state", "id"),
        ("operator", "operator"),
        ("inspection", "inspection"),
        ("inspection_event", "change"),
        ("inspector", "person"),
        ("photo_ref", "photo"),
        ("record_no", "inspection"),
        ("file", "sha256"),
        ("file_receipt", "sha256"),
    ];
    let path = out.join("county/county.db");
    let whole = std::fs::read(&path).unwrap();
    for (table, key) in tables {
        on_server(
            out,
            &format!("DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})"),
        );
        assert!(!audit(out).wrong.is_empty(), "a row of {table} is missed");
        std::fs::write(&path, &whole).unwrap();
    }
    assert_eq!(audit(out).wrong, Vec::<String>::new());
}
