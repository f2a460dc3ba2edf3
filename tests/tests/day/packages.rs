//! The packages, unpacked as a system would have them: the unit's own command line serves a county, the app
//! opens its window. Anybody can do that; with dpkg, account and service they are installed by `./x package --quick --installed`,
//! which needs root.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;
use xunji_tests::window::App;

const MADE: &str = "target/package, which `./x package --quick` makes";

/// The package of this name, with whatever version.
fn deb(name: &str) -> PathBuf {
    // Read when it runs: several checkouts may share one target folder.
    let tests = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .unwrap();
    let checkout = tests.parent().unwrap();
    let made = std::fs::read_dir(checkout.join("target/package")).expect(MADE);
    made.flatten()
        .map(|entry| entry.path())
        .find(|path| {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            file.starts_with(&format!("{name}_"))
                && file.contains("~quick")
                && file.ends_with(".deb")
        })
        .expect(MADE)
}

async fn dpkg_deb(words: &[&str], deb: &Path, to: Option<&Path>) -> String {
    let done = Command::new("dpkg-deb")
        .args(words)
        .arg(deb)
        .args(to)
        .output()
        .await
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test]
async fn everything_belongs_to_root_and_nobody_else_writes() {
    for name in ["xunji-server", "xunji-field"] {
        let list = dpkg_deb(&["--contents"], &deb(name), None).await;
        for line in list.lines() {
            assert!(line.contains(" root/root "), "{line}");
            let mode = line.split(' ').next().unwrap();
            assert_eq!(mode.chars().nth(8), Some('-'), "{line}");
            assert!(mode.starts_with('-') || mode.ends_with("r-x"), "{line}");
        }
        let depends = dpkg_deb(&["--field"], &deb(name), Some(Path::new("Depends"))).await;
        assert!(depends.contains("libc6 (>= "), "{depends}");
    }
}

/// What the unit starts, with the places of the unpacked package.
fn command_of(root: &Path, data: &Path) -> Vec<String> {
    let unit = root.join("usr/lib/systemd/system/xunji-server.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    let line = unit
        .lines()
        .find_map(|l| l.strip_prefix("ExecStart="))
        .unwrap();
    let words = std::fs::read_to_string(root.join("etc/default/xunji-server")).unwrap();
    let words = words
        .lines()
        .find_map(|l| l.strip_prefix("XUNJI_SERVE="))
        .unwrap();
    let words = words.trim_matches('"').replace("8080", "0");
    line.replace("$XUNJI_SERVE", &words)
        .replace("/usr/bin", root.join("usr/bin").to_str().unwrap())
        .replace("/var/lib/xunji", data.to_str().unwrap())
        .split(' ')
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn the_server_serves_as_its_unit_says() {
    let folder = tempfile::tempdir().unwrap();
    let (root, data) = (folder.path().join("root"), folder.path().join("county"));
    dpkg_deb(&["--extract"], &deb("xunji-server"), Some(&root)).await;
    let line = command_of(&root, &data);
    let made = Command::new(&line[0])
        .args(["admin", "init", "--demo", "--accounts"])
        .arg(folder.path().join("accounts"))
        .arg(&data)
        .output()
        .await
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let mut server = Command::new(&line[0])
        .args(&line[1..])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
    let first = said.next_line().await.unwrap().unwrap();
    let first: serde_json::Value = serde_json::from_str(&first).unwrap();
    let port = first["url"].as_str().unwrap().rsplit_once(':').unwrap().1;
    let port: u16 = port.trim_end_matches('/').parse().unwrap();
    let mut line = tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .unwrap();
    let ask = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    line.write_all(ask.as_bytes()).await.unwrap();
    let mut page = String::new();
    line.read_to_string(&mut page).await.unwrap();
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("巡集"),
        "{page}"
    );
    let pid = server.id().unwrap().to_string();
    Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .await
        .unwrap();
    assert!(server.wait().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_opens_its_window() {
    let folder = tempfile::tempdir().unwrap();
    let (root, home) = (folder.path().join("root"), folder.path().join("home"));
    std::fs::create_dir_all(&home).unwrap();
    dpkg_deb(&["--extract"], &deb("xunji-field"), Some(&root)).await;
    let entry = root.join("usr/share/applications/cn.xunji.field.desktop");
    let entry = std::fs::read_to_string(entry).unwrap();
    let program = entry.lines().find_map(|l| l.strip_prefix("Exec=")).unwrap();
    let app = App::new(&root.join("usr/bin").join(program), &home)
        .await
        .unwrap();
    let window = app.open().await.unwrap();
    window.page.find("enrol-server").await.unwrap();
    window.close().await.unwrap();
}
