//! A body of every kind and version, as exact bytes that some program once wrote, and beside it what is read from it.

use crate::body::{SALT_LEN, body_json};
use crate::kinds::{PayloadError, newest_version, read_payload};
use crate::schema::{KINDS, Kind, Upcast};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn bodies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/bodies")
}

/// Red where a kind was given a version, or added, without the bytes of a body of it and what is read from them.
#[test]
fn every_kind_and_version_reads_as_it_did() {
    let mut due = BTreeSet::new();
    for kind in KINDS {
        for version in 1..=kind.newest() {
            let name = format!("{}.{version}", kind.code);
            let bytes = frozen(&name);
            assert!(bytes.len() > SALT_LEN);
            let json = body_json(&bytes).expect("salt and JSON");
            let read = read_payload(kind.code, version, json).expect("a body");
            let wanted = format!("{name}.json");
            let known: Value = serde_json::from_slice(&frozen(&wanted)).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), known, "{name}");
            due.extend([name, wanted]);
        }
    }
    let there = std::fs::read_dir(bodies()).unwrap();
    let there: BTreeSet<String> = there
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, due, "a body that was written once is read for ever");
}

fn frozen(name: &str) -> Vec<u8> {
    let path = bodies().join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}: freeze it", path.display()))
}

#[test]
fn no_two_kinds_have_one_code() {
    let codes: BTreeSet<&str> = KINDS.iter().map(|kind| kind.code).collect();
    assert_eq!(codes.len(), KINDS.len());
    assert!(codes.iter().all(|code| newest_version(code).is_some()));
}

#[test]
fn an_older_body_goes_through_every_step_above_it_and_a_newer_one_through_none() {
    const STEPS: &[Upcast] = &[
        |mut json| {
            json["second"] = json["first"].take();
            json
        },
        |mut json| {
            json["third"] = json!([json["second"].clone()]);
            json
        },
    ];
    let made = Kind {
        upcasts: STEPS,
        ..kind_of(KINDS)
    };
    assert_eq!(made.newest(), 3);
    let upcast = |version, json: Value| made.upcast(version, json);
    assert_eq!(
        upcast(1, json!({"first": 7})),
        json!({"first": null, "second": 7, "third": [7]})
    );
    assert_eq!(
        upcast(2, json!({"second": 7})),
        json!({"second": 7, "third": [7]})
    );
    assert_eq!(upcast(3, json!({"third": [7]})), json!({"third": [7]}));
    // What does not fit is not the step's to name.
    assert_eq!(upcast(2, json!({})), json!({"third": [null]}));
}

fn kind_of(kinds: &[Kind]) -> Kind {
    let first = kinds.first().unwrap();
    Kind { ..*first }
}

#[test]
fn a_newer_version_is_held_and_not_called_malformed() {
    for kind in KINDS {
        let read = read_payload(kind.code, kind.newest() + 1, json!({"anything": 1}));
        assert!(
            matches!(read, Err(PayloadError::TooNew { .. })),
            "{}",
            kind.code
        );
    }
    let read = read_payload("weather.reported", 1, json!({}));
    assert!(matches!(read, Err(PayloadError::TooNew { .. })));
}
