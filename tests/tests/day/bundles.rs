//! A day without any network: what two phones made is carried on a stick, the receipts come back as
//! files. Then the phones sync as well, and nothing is there twice.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use xunji_tests::link::{Line, Profile};
use xunji_tests::market::audited::audit_of;
use xunji_tests::market::json as js;
use xunji_tests::market::noon::{OnLine, sync};
use xunji_tests::market::small::SmallDay;

/// Writes a bundle and gives its volumes.
pub async fn export(line: &mut OnLine, folder: &Path, along: &str, volume: u64) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).unwrap();
    let ask =
        json!({"cmd": "export_bundle", "folder": folder, "along": along, "volume_bytes": volume});
    let written = line.phone.call(ask).await.unwrap();
    assert_eq!(written["left_out"], json!([]), "{written}");
    let volumes = js::list(&written, "/volumes").unwrap();
    volumes
        .iter()
        .map(|path| PathBuf::from(path.as_str().unwrap()))
        .collect()
}

/// Two phones that pulled the county and lost the line.
async fn stage(out: &Path) -> (SmallDay, OnLine, OnLine) {
    let mut day = SmallDay::begin(out, 14, 6).await.unwrap();
    let mut one = day.phone("team1", &["检查员甲", "检查员乙"]).await.unwrap();
    let mut two = day.phone("team2", &["检查员丙", "检查员丁"]).await.unwrap();
    for line in [&one, &two] {
        line.link.set(Line::Down);
    }
    for at in [0, 4] {
        day.visit(&mut one.phone, at).await.unwrap();
    }
    day.visit(&mut two.phone, 1).await.unwrap();
    (day, one, two)
}

/// Begins the import and kills it inside the second volume of a bundle.
async fn interrupted(day: &SmallDay, files: &[PathBuf], receipts: &Path) {
    let mut command = day.server.import_command(files, receipts);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    while let Some(line) = said.next_line().await.unwrap() {
        if line.starts_with("第 2/") {
            break;
        }
    }
    child.kill().await.unwrap();
}

fn count(line: &Value, key: &str) -> i64 {
    let bundles = line["bundles"].as_array().unwrap();
    bundles
        .iter()
        .map(|bundle| bundle[key].as_i64().unwrap())
        .sum()
}

async fn read_receipts(line: &mut OnLine, report: &Value) -> Value {
    let path = report["receipts"].as_str().unwrap();
    let ask = json!({"cmd": "import_receipts", "path": path});
    line.phone.call(ask).await.unwrap()
}

/// The report of a phone's bundle: the one whose receipts it takes.
async fn own_report(line: &mut OnLine, imported: &Value) -> Value {
    for report in imported["bundles"].as_array().unwrap() {
        let ask = json!({"cmd": "import_receipts", "path": report["receipts"]});
        match line.phone.attempt(ask).await.unwrap() {
            Ok(_) => return report.clone(),
            Err(error) => assert_eq!(error["code"], "receipts_not_ours"),
        }
    }
    panic!("no receipts for {}", line.phone.name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_is_the_only_way_of_a_day_and_then_the_phones_sync_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let (mut day, mut one, mut two) = stage(out).await;
    let mut files = export(&mut one, &out.join("stick"), "all", 8 << 20).await;
    assert!(files.len() > 1, "{files:?}");
    files.extend(export(&mut two, &out.join("stick"), "all", 95 << 20).await);
    let back = out.join("back");
    std::fs::create_dir_all(&back).unwrap();

    interrupted(&day, &files, &back).await;
    files.reverse();
    let imported = day.server.import_bundle(&files, &back).await.unwrap();
    assert!(imported.well, "{imported:?}");
    let changes = count(&imported.line, "changes");
    assert_eq!(count(&imported.line, "quarantined"), 0);
    assert_eq!(count(&imported.line, "files"), 18);
    let again = day.server.import_bundle(&files, &back).await.unwrap();
    assert!(
        again.well && again.said.contains("没有重复入账"),
        "{again:?}"
    );
    assert_eq!(
        count(&again.line, "new_changes") + count(&again.line, "new_files"),
        0
    );
    assert_eq!(count(&again.line, "changes"), changes);

    // Without a line, phone one has its receipts; phone two has none yet.
    own_report(&mut one, &imported.line).await;
    let state = one.phone.call(json!({"cmd": "sync_state"})).await.unwrap();
    assert_eq!(state["all_received"], true, "{state}");
    for line in [&mut one, &mut two] {
        line.link.set(Line::Up(Profile::CLEAR));
        let state = sync(&mut line.phone, "all").await.unwrap();
        assert_eq!(state["all_received"], true, "{state}");
        sync(&mut line.phone, "pulled").await.unwrap();
    }
    // What has its receipt is not sent. What has none yet is announced, with one request's worth, and found whole.
    for (line, most) in [(&one, 256 << 10), (&two, 6 * (256 << 10))] {
        let sent = line.link.stats().bytes_up;
        assert!(sent < most, "{} sent {sent} bytes", line.phone.name);
    }
    let report = own_report(&mut two, &again.line).await;
    let late = read_receipts(&mut two, &report).await;
    assert_eq!(
        (&late["changes"], &late["files"]),
        (&json!(0), &json!(0)),
        "{late}"
    );

    for line in [&mut one, &mut two] {
        line.phone.kill().await.unwrap();
    }
    day.server.kill().await.unwrap();
    day.write_taken().unwrap();
    let found = audit_of(&day.programs, out).await.unwrap();
    assert_eq!(found["wrong"], json!([]), "{found}");
    assert_eq!((&found["lost"], &found["doubled"]), (&json!(0), &json!(0)));
    assert_eq!(
        (&found["synced"], &found["photos_received"]),
        (&json!(3), &json!(6))
    );
}
