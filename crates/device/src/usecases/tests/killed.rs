//! SIGKILL of a process that taps and appends: what it acknowledged is there, the log holds, nothing is half.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, open};
use crate::clock::ShiftedClock;
use crate::store::local::{changes, log};
use serde_json::json;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use xunji_protocol::envelope::Change;
use xunji_protocol::log::{LogHead, walk};

const HOME: &str = "XUNJI_TEST_KILLED_HOME";
const POINTS: u64 = 20;

/// The child: taps one item after the other and edits the register, saying so after each answer.
#[test]
#[ignore = "run by its parent, which kills it"]
fn child() {
    let home = PathBuf::from(std::env::var_os(HOME).unwrap());
    let clock = Arc::new(ShiftedClock::showing(super::phone::MORNING));
    let device = super::phone::open_at(&home, &clock).unwrap();
    let call = |command: serde_json::Value| {
        device
            .call(serde_json::from_value(command).unwrap())
            .unwrap()
    };
    let id = call(json!({"cmd": "today"}))["drafts"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let draft = call(json!({"cmd": "draft", "id": id}));
    let operator = draft["operator"]["id"].as_str().unwrap().to_owned();
    let list = call(json!({"cmd": "checklist", "id": draft["checklist_id"]}));
    let from = draft["progress"]["answered"].as_u64().unwrap();
    for n in from.. {
        let items = list["items"].as_array().unwrap();
        let item = &items[usize::try_from(n).unwrap() % items.len()]["code"];
        let text = format!("第{n}次");
        call(
            json!({"cmd": "answer", "inspection": id, "item": item, "answer": "unchecked", "shown_ms": 1, "answered_by": "card"}),
        );
        call(json!({"cmd": "note", "inspection": id, "item": item, "text": text}));
        call(
            json!({"cmd": "edit_operator", "id": operator, "writes": [{"field": "address", "seen": "", "new": text}]}),
        );
        writeln!(
            std::io::stdout(),
            "\nsaved {} {text}",
            item.as_str().unwrap()
        )
        .unwrap();
    }
}

#[test]
fn what_was_acknowledged_is_there_after_every_kill() {
    let phone = Phone::on_duty();
    let id = phone.call(json!({"cmd": "start_inspection", "operator": phone.stall(0).id}))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let Phone {
        device,
        clock,
        home,
        ..
    } = phone;
    drop(device);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for point in 0..POINTS {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let saved = run_and_kill(home.path().as_os_str(), 1 + (seed >> 33) % 7);
        let device = open(&home, &clock).unwrap();
        let draft = device
            .call(serde_json::from_value(json!({"cmd": "draft", "id": id})).unwrap())
            .unwrap();
        let own = device.local().unwrap().read(changes::unconfirmed).unwrap();
        for (item, text) in &saved {
            let note = draft["answers"][item]["note"].as_str().unwrap_or_default();
            // A later round may have overwritten it; never an earlier one.
            let number = |t: &str| {
                t.trim_matches(|c: char| !c.is_ascii_digit())
                    .parse::<u64>()
                    .unwrap_or(0)
            };
            assert!(
                number(note) >= number(text),
                "point {point}: {item} says {note:?}, acknowledged {text:?}"
            );
            let said = own
                .iter()
                .any(|c| String::from_utf8_lossy(&c.body).contains(text));
            assert!(said, "point {point}: the edit {text} is not in the log");
        }
        let head = device
            .local()
            .unwrap()
            .read(log::open)
            .unwrap()
            .unwrap()
            .head;
        let all: Vec<Change> = own
            .iter()
            .map(|c| Change::read(c.envelope.clone(), Some(c.body.clone())).unwrap())
            .collect();
        assert_eq!(
            walk(LogHead::empty(head.log), &all).unwrap(),
            head,
            "point {point}"
        );
    }
}

/// Lets the child acknowledge so many rounds and ends it with SIGKILL in the middle of the next.
fn run_and_kill(home: &std::ffi::OsStr, rounds: u64) -> Vec<(String, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "usecases::tests::killed::child",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut saved = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
    {
        let mut words = line.split(' ');
        if words.next() == Some("saved") {
            saved.push((
                words.next().unwrap().to_owned(),
                words.next().unwrap().to_owned(),
            ));
        }
        if saved.len() as u64 >= rounds {
            break;
        }
    }
    std::thread::sleep(std::time::Duration::from_millis(rounds * 3 % 11));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(saved.len() as u64, rounds, "the child ended by itself");
    saved
}
