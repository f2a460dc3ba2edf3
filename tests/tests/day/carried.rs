//! Bundles that come late, in part, damaged, from strangers, for others: each gets a plain answer, and nothing
//! of the phone's is lost.

use super::bundles::export;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use xunji_domain::ids::BureauId;
use xunji_protocol::bundle::{SignedHeader, read_header};
use xunji_tests::link::{Line, Profile};
use xunji_tests::market::audited::audit_of;
use xunji_tests::market::console::Console;
use xunji_tests::market::noon::{OnLine, sync};
use xunji_tests::market::server::{Imported, Server};
use xunji_tests::market::small::SmallDay;

/// One phone with some visits and no line.
async fn stage(out: &Path, seed: u64, visits: &[usize]) -> (SmallDay, OnLine) {
    let mut day = SmallDay::begin(out, seed, 4).await.unwrap();
    let mut line = day.phone("team1", &["检查员甲", "检查员乙"]).await.unwrap();
    line.link.set(Line::Down);
    for at in visits {
        day.visit(&mut line.phone, *at).await.unwrap();
    }
    (day, line)
}

async fn import(day: &SmallDay, files: &[PathBuf]) -> Imported {
    day.server.import_bundle(files, &day.out).await.unwrap()
}

/// State of the only volume that was given.
fn state(imported: &Imported) -> &str {
    imported.line["volumes"][0]["state"].as_str().unwrap()
}

fn spoilt(path: &Path, name: &str, spoil: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let mut bytes = std::fs::read(path).unwrap();
    spoil(&mut bytes);
    let spoilt = path.with_file_name(name);
    std::fs::write(&spoilt, bytes).unwrap();
    spoilt
}

/// The phone syncs by itself and everything is there once.
async fn ends_well(mut day: SmallDay, mut line: OnLine) {
    line.link.set(Line::Up(Profile::CLEAR));
    sync(&mut line.phone, "all").await.unwrap();
    sync(&mut line.phone, "pulled").await.unwrap();
    line.phone.kill().await.unwrap();
    day.server.kill().await.unwrap();
    day.write_taken().unwrap();
    let found = audit_of(&day.programs, &day.out).await.unwrap();
    assert_eq!(found["wrong"], json!([]), "{found}");
    assert_eq!((&found["lost"], &found["doubled"]), (&json!(0), &json!(0)));
    assert_eq!(found["synced"], json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_is_missing_cut_or_damaged_is_named_and_the_rest_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (day, mut line) = stage(folder.path(), 15, &[0, 4]).await;
    let files = export(&mut line, &folder.path().join("stick"), "all", 6 << 20).await;
    assert!(files.len() > 2, "{files:?}");
    let (first, last) = (&files[0], files.last().unwrap().clone());

    let cut = spoilt(first, "cut.xjb", |bytes| bytes.truncate(bytes.len() / 2));
    let imported = import(&day, &[cut]).await;
    assert!(
        !imported.well && imported.said.contains("重新拷贝本卷"),
        "{imported:?}"
    );
    assert_eq!(state(&imported), "cut");
    // What is written down stands in every volume, before the pictures.
    let bundle = &imported.line["bundles"][0];
    assert!(bundle["new_changes"].as_i64().unwrap() >= 2, "{bundle}");
    assert_eq!(bundle["missing"].as_array().unwrap().len(), files.len() - 1);

    let flipped = spoilt(first, "flipped.xjb", |bytes| {
        let at = bytes.len() - 100_000;
        bytes[at] ^= 1;
    });
    let imported = import(&day, &[flipped]).await;
    assert_eq!(state(&imported), "damaged", "{imported:?}");
    assert!(imported.line["volumes"][0]["files"].as_i64().unwrap() > 0);

    let imported = import(&day, &[last]).await;
    assert_eq!(state(&imported), "whole", "{imported:?}");
    assert!(
        !imported.well && imported.said.contains("这次没有给第 1"),
        "{imported:?}"
    );

    let imported = import(&day, &files).await;
    assert!(imported.well, "{imported:?}");
    ends_well(day, line).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_come_before_their_time_wait_and_come_in_with_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let (day, mut line) = stage(folder.path(), 16, &[0, 4]).await;
    // So small that what is written down fills several.
    let mut files = export(&mut line, &folder.path().join("stick"), "records", 64 << 10).await;
    assert!(files.len() > 1, "{files:?}");
    let imported = import(&day, &files[1..2]).await;
    assert_eq!(state(&imported), "waits", "{imported:?}");
    assert!(
        imported.said.contains("请把前面各卷一起导入"),
        "{}",
        imported.said
    );
    assert_eq!(imported.line["bundles"][0]["new_changes"], json!(0));
    files.reverse();
    let imported = import(&day, &files).await;
    assert!(imported.well, "{imported:?}");
    ends_well(day, line).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_this_county_or_this_phone_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let (day, mut line) = stage(out, 17, &[0, 4]).await;
    let files = export(&mut line, &out.join("stick"), "thumbnails", 95 << 20).await;

    let photo = spoilt(&files[0], "photo.jpg", |bytes| bytes[0] = 0xff);
    let torn = spoilt(&files[0], "torn.xjb", |bytes| bytes.truncate(200));
    let elsewhere = spoilt(&files[0], "elsewhere.xjb", |bytes| {
        let mut says = read_header(&mut bytes.as_slice()).unwrap().says;
        says.bureau = BureauId(Uuid::from_u128(7));
        let stranger = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
        *bytes = SignedHeader::make(&stranger, says).unwrap().bytes();
    });
    let forged = spoilt(&files[0], "forged.xjb", |bytes| {
        let says = read_header(&mut bytes.as_slice()).unwrap().says;
        let stranger = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
        *bytes = SignedHeader::make(&stranger, says).unwrap().bytes();
    });
    let all = [photo, torn, elsewhere, forged, out.join("nothing.xjb")];
    let imported = import(&day, &all).await;
    assert!(!imported.well);
    let words = [
        "不是巡集的离线包",
        "开头损坏",
        "别的县局",
        "签名核对不上",
        "打不开",
    ];
    for (word, report) in words
        .iter()
        .zip(imported.line["volumes"].as_array().unwrap())
    {
        assert_eq!(report["state"], "not_taken");
        assert!(
            report["sentence"].as_str().unwrap().contains(word),
            "{word}: {report}"
        );
    }
    assert_eq!(imported.line["bundles"], json!([]));

    // A county that never enrolled the phone, with the same fictional id.
    let other = out.join("other");
    std::fs::create_dir_all(&other).unwrap();
    let program = day.programs.join("xunji-server");
    let (data, accounts) = (other.join("county"), other.join("accounts.txt"));
    let dawn = day.script.midnight;
    Server::county(&program, &data, &accounts, dawn)
        .await
        .unwrap();
    let strangers = Server::start(&program, &data, dawn).await.unwrap();
    let imported = strangers.import_bundle(&files, &other).await.unwrap();
    assert!(imported.said.contains("没有在本局登记过"), "{imported:?}");

    receipts_of_others_prove_nothing(&day, &mut line, &files).await;
    ends_well(day, line).await;
}

/// Brings a volume in as the console's page does, and keeps the receipts it gives.
async fn through_the_console(day: &SmallDay, volume: &Path) -> PathBuf {
    let base = format!("http://{}", day.server.address);
    let accounts = std::fs::read_to_string(day.out.join("accounts.txt")).unwrap();
    let console = Console::sign_in(&base, &accounts, "所长甲").await.unwrap();
    let path = "/api/console/bundles?name=a.xjb";
    let torn = console
        .upload(path, b"no bundle at all".to_vec())
        .await
        .unwrap();
    assert_eq!(
        (&torn["state"], &torn["receipts"]),
        (&json!("not_taken"), &json!(null))
    );
    let bytes = std::fs::read(volume).unwrap();
    let said = console.upload(path, bytes).await.unwrap();
    assert_eq!(
        (&said["file"], &said["state"]),
        (&json!("a.xjb"), &json!("whole")),
        "{said}"
    );
    assert_eq!(said["bundle"]["new_changes"], said["bundle"]["changes"]);
    let left = std::fs::read_dir(day.out.join("county/inbox")).unwrap();
    assert_eq!(left.count(), 0, "a volume is not kept");
    let receipts = volume.with_extension("xjr");
    std::fs::write(&receipts, said["receipts"].as_str().unwrap()).unwrap();
    receipts
}

async fn receipts_of_others_prove_nothing(day: &SmallDay, line: &mut OnLine, files: &[PathBuf]) {
    let receipts = through_the_console(day, &files[0]).await;
    let altered = spoilt(&receipts, "altered.xjr", |bytes| {
        let at = bytes.len() - 3;
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    });
    let cut = spoilt(&receipts, "cut.xjr", |bytes| {
        bytes.truncate(bytes.len() / 2)
    });
    for (path, code) in [
        (&altered, "receipts_not_ours"),
        (&cut, "receipts_unreadable"),
    ] {
        let ask = json!({"cmd": "import_receipts", "path": path});
        let error = line.phone.refused(ask).await.unwrap();
        assert_eq!(error["code"], code, "{error}");
    }
    let mut other = day.phone("team2", &["检查员丙", "检查员丁"]).await.unwrap();
    let ask = json!({"cmd": "import_receipts", "path": receipts});
    let error = other.phone.refused(ask.clone()).await.unwrap();
    assert_eq!(error["code"], "receipts_not_ours");
    let none = other
        .phone
        .refused(json!({"cmd": "export_bundle", "folder": day.out}))
        .await;
    assert_eq!(none.unwrap()["code"], "nothing_to_carry");
    other.phone.kill().await.unwrap();
    std::fs::remove_dir_all(day.out.join("phones/team2")).unwrap();

    let before = line.phone.call(json!({"cmd": "sync_state"})).await.unwrap();
    assert_eq!(before["records"]["received"], json!(0));
    let taken: Value = line.phone.call(ask).await.unwrap();
    assert_eq!(taken["passed_over"], json!(0), "{taken}");
    let after = line.phone.call(json!({"cmd": "sync_state"})).await.unwrap();
    assert_eq!(after["records"]["received"], after["records"]["total"]);
    assert_eq!(after["originals"]["received"], json!(0), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_phone_hands_in_what_it_holds_and_a_person_decides() {
    let folder = tempfile::tempdir().unwrap();
    let (mut day, mut line) = stage(folder.path(), 18, &[0]).await;
    let files = export(&mut line, &folder.path().join("stick"), "all", 95 << 20).await;
    let db = rusqlite::Connection::open(folder.path().join("county/county.db")).unwrap();
    assert_eq!(
        db.execute("UPDATE device SET state = 'revoked'", [])
            .unwrap(),
        1
    );
    let imported = import(&day, &files).await;
    assert!(
        imported.well && imported.said.contains("已停用"),
        "{imported:?}"
    );
    let bundle = &imported.line["bundles"][0];
    assert_eq!(bundle["quarantined"], bundle["changes"]);
    let stored: i64 = db
        .query_row("SELECT count(*) FROM change c JOIN verdict v ON v.hash = c.hash WHERE v.verdict = 'quarantined'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(json!(stored), bundle["changes"]);
    assert_eq!(bundle["new_files"], json!(6));
    // The phone knows it too: its work is safe, and marked.
    let ask = json!({"cmd": "import_receipts", "path": bundle["receipts"]});
    line.phone.call(ask).await.unwrap();
    let state = line.phone.call(json!({"cmd": "sync_state"})).await.unwrap();
    assert_eq!(state["all_received"], true, "{state}");
    assert_eq!(
        state["quarantined"].as_array().unwrap().len() as i64,
        stored
    );
    day.server.kill().await.unwrap();
}
