//! Whatever comes back in place of the hoped-for answer: nothing is marked as sent, and after it all is
//! there once.

use super::county::{call, found, register};
use super::*;
use serde_json::json;
use xunji_device::runner::sync_state;
use xunji_device::transport::Answer;

fn html(status: u16) -> Fate {
    let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
    Fate::Instead(Answer {
        status,
        headers,
        body: b"<html>welcome</html>".to_vec(),
    })
}

fn half(mut answer: Answer) -> Answer {
    answer.body.truncate(answer.body.len() / 2);
    answer
}

fn other_version(mut answer: Answer) -> Answer {
    answer.headers.retain(|(name, _)| name != "xunji-protocol");
    answer
        .headers
        .push(("xunji-protocol".to_owned(), "9".to_owned()));
    answer
}

/// Another digit in the middle of the receipt's signature.
fn forged_receipt(mut answer: Answer) -> Answer {
    let mut json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let receipt = json["receipt"].as_str().unwrap().to_owned();
    let (kept, last) = receipt.split_at(receipt.len() - 1);
    json["receipt"] = format!("{kept}{}", if last == "0" { "1" } else { "0" }).into();
    answer.body = serde_json::to_vec(&json).unwrap();
    answer
}

fn no_receipt(mut answer: Answer) -> Answer {
    let mut json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    json["receipt"] = serde_json::Value::Null;
    answer.body = serde_json::to_vec(&json).unwrap();
    answer
}

#[test]
fn nothing_counts_as_received_until_a_receipt_of_ours_verifies() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    let (other, _) = county.phone("b");
    let fates: Vec<(&str, Fate, &str)> = vec![
        ("unreachable", Fate::Unreachable, "no_signal"),
        ("cut before a byte", Fate::CutAfter(0), "cut"),
        ("cut in the middle", Fate::CutAfter(300), "cut"),
        ("a portal", html(200), "not_ours"),
        ("a proxy's limit", html(413), "too_large"),
        ("a dead backend", html(502), "server_trouble"),
        ("half a JSON", Fate::Altered(half), "bad_answer"),
        ("another version", Fate::Altered(other_version), "version"),
        (
            "a forged receipt",
            Fate::Altered(forged_receipt),
            "bad_receipt",
        ),
        ("no receipt", Fate::Altered(no_receipt), "bad_receipt"),
    ];
    for (number, (case, fate, code)) in fates.into_iter().enumerate() {
        let name = format!("试验摊{number}");
        register(&phone, &name);
        line.always("/sync/push", fate);
        let report = run_until(&phone, Goal::Records, 1_500).unwrap();
        let state = sync_state(&phone).unwrap();
        assert!(!report.reached, "{case}");
        assert_eq!(state.lanes.register.left(), 1, "{case}");
        assert_eq!(
            state.error.as_ref().map(|e| e.code.as_str()),
            Some(code),
            "{case}"
        );
        line.mended();
        reach(&phone, Goal::Pulled);
        let state = sync_state(&phone).unwrap();
        assert_eq!(
            (state.lanes.register.left(), state.error.is_none()),
            (0, true),
            "{case}"
        );
        reach(&other, Goal::Pulled);
        assert_eq!(
            found(&other, &name).len(),
            1,
            "{case}: there, and there once"
        );
    }
}

#[test]
fn a_lost_answer_is_given_again() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    let id = register(&phone, "㼆记烧饼");
    line.next("/sync/push", Fate::AnswerLost);
    reach(&phone, Goal::Pulled);
    assert!(line.spent());
    assert_eq!(line.count("/sync/push"), 2);
    let shown = call(&phone, json!({"cmd": "operator", "id": id}));
    assert_eq!(shown["pending"], false, "confirmed: {shown}");
    assert_eq!(found(&phone, "㼆记烧饼").len(), 1);
}

#[test]
fn an_expired_token_is_fetched_anew() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    register(&phone, "令牌摊");
    let refused = Answer {
        status: 401,
        headers: vec![(
            "content-type".to_owned(),
            "application/problem+json".to_owned(),
        )],
        body: serde_json::to_vec(&xunji_protocol::problem::Problem::new(
            xunji_protocol::problem::Code::Unauthorized,
        ))
        .unwrap(),
    };
    let before = line.count("/sync/hello");
    line.next("/sync/push", Fate::Instead(refused));
    reach(&phone, Goal::Records);
    assert_eq!(line.count("/sync/hello"), before + 1);
}
