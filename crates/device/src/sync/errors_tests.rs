#![allow(clippy::unwrap_used)]
use super::*;
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");
const OURS: (&str, &str) = (version::HEADER, "1");

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    Answer {
        status,
        headers,
        body: body.as_bytes().to_vec(),
    }
}

fn problem(code: Code, params: Value) -> Answer {
    let mut problem = Problem::new(code);
    problem.params = params.as_object().cloned().unwrap_or_default();
    let headers = [("content-type", problem::CONTENT_TYPE), OURS];
    answer(
        code.status(),
        &headers,
        &serde_json::to_string(&problem).unwrap(),
    )
}

#[test]
fn what_is_not_the_hoped_for_answer_has_a_name_and_a_next_step() {
    let portal = [("content-type", "text/html; charset=utf-8")];
    let table = [
        (
            "a portal that says 200",
            answer(200, &portal, "<html>success</html>"),
            "not_ours",
            After::Retry,
        ),
        (
            "a portal that redirects",
            answer(302, &portal, ""),
            "not_ours",
            After::Retry,
        ),
        (
            "JSON of somebody else",
            answer(200, &[JSON], "{}"),
            "not_ours",
            After::Retry,
        ),
        (
            "a page under our header",
            answer(200, &[OURS, portal[0]], "{}"),
            "not_ours",
            After::Retry,
        ),
        (
            "a proxy's limit",
            answer(413, &portal, "<html>"),
            "too_large",
            After::Halve,
        ),
        (
            "our limit",
            problem(Code::TooLarge, json!({})),
            "too_large",
            After::Halve,
        ),
        (
            "a dead backend",
            answer(502, &portal, "<html>"),
            "server_trouble",
            After::Retry,
        ),
        (
            "500 without a word",
            answer(500, &[OURS], ""),
            "server_trouble",
            After::Retry,
        ),
        (
            "500 with half a word",
            answer(500, &[("content-type", problem::CONTENT_TYPE)], "{\"co"),
            "server_trouble",
            After::Retry,
        ),
        (
            "half a JSON",
            answer(200, &[JSON, OURS], "{\"verdi"),
            "bad_answer",
            After::Retry,
        ),
        (
            "another version",
            answer(200, &[JSON, (version::HEADER, "2")], "{}"),
            "version",
            After::Person,
        ),
        (
            "too old for it",
            problem(Code::Version, json!({})),
            "version",
            After::Person,
        ),
        (
            "token over",
            problem(Code::Unauthorized, json!({})),
            "told",
            After::NewToken,
        ),
        (
            "token over, asked by HEAD",
            answer(401, &[OURS], ""),
            "told",
            After::NewToken,
        ),
        (
            "a file that did not match, asked by HEAD",
            answer(460, &[OURS], ""),
            "told",
            After::Retry,
        ),
        (
            "an upload that was given up, asked by HEAD",
            answer(410, &[OURS], ""),
            "told",
            After::Person,
        ),
        (
            "gap",
            problem(Code::SegmentGap, json!({"next_seq": 4})),
            "told",
            After::ResendFrom(4),
        ),
        (
            "full",
            problem(Code::StorageFull, json!({})),
            "told",
            After::Retry,
        ),
        (
            "history differs",
            problem(Code::CursorHistory, json!({"feed": "b"})),
            "told",
            After::Person,
        ),
    ];
    for (case, answer, code, after) in table {
        let fault = super::json::<Value>(answer).unwrap_err();
        assert_eq!((fault.code(), fault.after()), (code, after), "{case}");
    }
}

#[test]
fn every_sentence_says_that_nothing_is_lost() {
    let faults = [
        Fault::NoSignal,
        Fault::NoAnswer,
        Fault::Cut,
        Fault::NotOurs,
        Fault::TooLarge,
        Fault::ServerTrouble(500),
        Fault::Version,
        Fault::BadAnswer("x"),
        Fault::BadReceipt,
        Fault::Local("x".into()),
    ];
    for fault in faults {
        let text = fault.sentence();
        assert!(text.contains("本机") || text.contains("没有丢失"), "{text}");
    }
}

#[test]
fn a_good_answer_is_read() {
    let read: Value = super::json(answer(
        200,
        &[("content-type", "application/json; charset=utf-8"), OURS],
        "{\"a\":1}",
    ))
    .unwrap();
    assert_eq!(read, json!({"a": 1}));
    assert!(ours(answer(204, &[OURS], ""), None).is_ok());
}
