//! A phone of one age and a server of another: what either does not know yet holds nothing up.

use super::county::{call, found, register};
use super::*;
use serde_json::{Value, json};
use uuid::Uuid;
use xunji_device::runner::sync_state;
use xunji_device::transport::Answer;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::FeedEntry;
use xunji_protocol::problem::{CONTENT_TYPE, Code, Problem};
use xunji_protocol::steps::pull::{PageWriter, read_page};

/// What an older server says to a step it has not heard of.
fn no_such_step() -> Fate {
    Fate::Instead(Answer {
        status: 404,
        headers: vec![
            ("content-type".to_owned(), CONTENT_TYPE.to_owned()),
            ("xunji-protocol".to_owned(), "1".to_owned()),
        ],
        body: serde_json::to_vec(&Problem::new(Code::NotFound)).unwrap(),
    })
}

fn json_of(answer: &Answer) -> Option<Value> {
    let is_json = answer.header("content-type") == Some("application/json");
    is_json.then(|| serde_json::from_slice(&answer.body).unwrap())
}

/// An older server's hello: without everything that came later.
fn first_hello(mut answer: Answer) -> Answer {
    let mut said = json_of(&answer).unwrap();
    for later in ["logs", "epochs", "backed_up_through"] {
        said.as_object_mut().unwrap().remove(later);
    }
    answer.body = serde_json::to_vec(&said).unwrap();
    answer
}

/// Words and fields of a server to come, in every answer of JSON; a kind of record to come in every page.
fn newer_words(mut answer: Answer) -> Answer {
    answer
        .headers
        .push(("xunji-weather".to_owned(), "fair".to_owned()));
    if let Some(mut said) = json_of(&answer) {
        said["weather"] = json!({"fair": true});
        for row in said["verdicts"].as_array_mut().into_iter().flatten() {
            row["weather"] = json!("fair");
            row["flags"] = json!(["moonlit", "clock_off"]);
        }
        answer.body = serde_json::to_vec(&said).unwrap();
    } else if answer.header("content-type") == Some("application/x-xunji-page") {
        answer.body = with_a_new_kind(&unpacked(&answer));
        answer
            .headers
            .retain(|(name, _)| name != "content-encoding");
    }
    answer
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    use std::io::Read as _;
    if answer.header("content-encoding") != Some("gzip") {
        return answer.body.clone();
    }
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(answer.body.as_slice())
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn with_a_new_kind(bytes: &[u8]) -> Vec<u8> {
    // What compare fetches ends otherwise.
    let Ok(page) = read_page(bytes) else {
        return bytes.to_vec();
    };
    let mut writer = PageWriter::begin(&page.header).unwrap();
    for record in &page.records {
        writer
            .record(&record.entry, record.state.as_deref())
            .unwrap();
    }
    let state = br#"{"sky":"clear"}"#;
    let entry = FeedEntry {
        feed: page.header.feeds[0].clone(),
        pos: 0,
        kind: "weather".to_owned(),
        id: Uuid::from_u128(0x7ea),
        rev: 1,
        epoch: 1,
        digest: Digest::of(state),
        gone: false,
    };
    writer.record(&entry, Some(state)).unwrap();
    writer.finish(page.end).unwrap()
}

/// A verdict and a cause that only a newer server gives.
fn newer_verdict(mut answer: Answer) -> Answer {
    let mut said = json_of(&answer).unwrap();
    for row in said["verdicts"].as_array_mut().unwrap() {
        row["verdict"] = json!("postponed");
        row["cause"] = json!("rain");
    }
    answer.body = serde_json::to_vec(&said).unwrap();
    answer
}

/// Everything went through, and nothing is said against it.
fn arrived(phone: &Device) {
    reach(phone, Goal::All);
    let state = sync_state(phone).unwrap();
    assert!(state.all_received, "{}", state.text);
    assert!(state.error.is_none(), "{:?}", state.error);
}

#[test]
fn an_older_server_lacks_steps_and_fields_and_everything_arrives() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    for step in ["sync/compare", "sync/records"] {
        line.always(step, no_such_step());
        register(&phone, &format!("旧服务器{}", step.len()));
        arrived(&phone);
    }
    drop(phone);
    let (phone, line) = county.opened("a");
    line.always("sync/hello", Fate::Altered(first_hello));
    register(&phone, "最早的服务器");
    arrived(&phone);
    let (other, _) = county.phone("b");
    assert_eq!(found(&other, "最早的服务器").len(), 1);
}

#[test]
fn a_newer_server_says_more_than_the_phone_knows_and_everything_arrives() {
    let county = County::new();
    drop(county.phone("a"));
    let (phone, line) = county.opened("a");
    line.always("/api/", Fate::Altered(newer_words));
    register(&phone, "新服务器");
    arrived(&phone);
    assert_eq!(found(&phone, "新服务器").len(), 1);
    // The word it did not know is left out, the one it knows stays; nothing is sent a second time.
    let before = line.count("sync/push");
    arrived(&phone);
    assert_eq!(line.count("sync/push"), before);
}

#[test]
fn a_verdict_of_a_newer_server_leaves_a_change_waiting_and_receipted() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    line.always("sync/push", Fate::Altered(newer_verdict));
    register(&phone, "以后再说");
    reach(&phone, Goal::Records);
    let state = sync_state(&phone).unwrap();
    assert!(state.all_received, "{}", state.text);
    assert_eq!(found(&phone, "以后再说").len(), 1, "it stays on the screen");
    let pushed = line.count("sync/push");
    reach(&phone, Goal::Records);
    assert_eq!(line.count("sync/push"), pushed, "it is not sent again");
}

#[test]
fn a_refusal_in_a_code_to_come_is_read_by_its_status() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    let refusal = json!({"code": "quota_of_the_moon", "status": 429, "title": "今天收得够多了，明天再交", "retry": true});
    line.next(
        "sync/push",
        Fate::Instead(Answer {
            status: 429,
            headers: vec![
                ("content-type".to_owned(), CONTENT_TYPE.to_owned()),
                ("xunji-protocol".to_owned(), "1".to_owned()),
            ],
            body: serde_json::to_vec(&refusal).unwrap(),
        }),
    );
    register(&phone, "够多了");
    let mut font = None;
    phone.sync().sync_now(false);
    let mut told = None;
    for _ in 0..8 {
        if let xunji_device::runner::Took::Failed(fault) =
            xunji_device::runner::take_turn(&phone, Goal::Records, &mut font).unwrap()
        {
            told = Some(fault);
        }
    }
    let told = told.expect("it was refused");
    assert_eq!(told.sentence(), "今天收得够多了，明天再交");
    assert_eq!(told.after(), xunji_device::sync::errors::After::Retry);
    arrived(&phone);
}

/// A newer phone speaks a version that is not spoken here: it is told so, and nothing of it is taken.
#[test]
fn a_newer_phone_is_told_which_version_is_spoken() {
    let county = County::new();
    drop(county.phone("a"));
    let (phone, line) = county.opened("a");
    register(&phone, "太新");
    line.always(
        "sync/hello",
        Fate::Instead(Answer {
            status: 426,
            headers: vec![
                ("content-type".to_owned(), CONTENT_TYPE.to_owned()),
                ("xunji-protocol".to_owned(), "1".to_owned()),
            ],
            body: serde_json::to_vec(&Problem::new(Code::Version)).unwrap(),
        }),
    );
    let report = run_until(&phone, Goal::Records, 300).unwrap();
    assert!(!report.reached);
    let state = sync_state(&phone).unwrap();
    assert_eq!(state.error.unwrap().code, "version");
    line.mended();
    arrived(&phone);
    assert_eq!(call(&phone, json!({"cmd": "status"}))["enrolled"], true);
}
