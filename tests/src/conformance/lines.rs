//! Logs: what comes twice, beside, too late or too early.

use super::backend::Backend;
use super::feeds::{edit, register};
use super::sample::{self, person, sign, stall, visit};
use super::wire::Wire;
use xunji_domain::operator::FieldWrite;
use xunji_protocol::kinds::{
    INSPECTION_SIGNED, OPERATOR_EDITED, OPERATOR_REGISTERED, OperatorEdited,
};
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::verdict::{Cause, Flag, Verdict, VerdictRow};
use xunji_server::redrive;

pub fn same_bytes(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let record = sign(visit(&backend.county, &stall, 20, &["TD1.1"]));
    let changes = [
        register(&mut phone, &stall),
        phone.append(INSPECTION_SIGNED, &[record.content.id.0], &record),
        edit(&mut phone, &stall, "phone", "?", "2"),
    ];
    let first = server.wire.push_bytes(&phone, &token, &changes);
    assert_eq!(first.0, 200);
    assert_eq!(server.wire.push_bytes(&phone, &token, &changes), first);
    // Also after a new start, and after more was written.
    let again = backend.server();
    let more = edit(&mut phone, &stall, "phone", "2", "3");
    again.wire.push(&phone, &token, &[more]);
    assert_eq!(again.wire.push_bytes(&phone, &token, &changes), first);
    let counts =
        xunji_server::storage::changes::counts(&again.app.store, again.app.bureau).unwrap();
    assert_eq!(counts, [(phone.head.log, 4, 0)]);
}

pub fn known_and_new(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let one = register(&mut phone, &stall);
    let first = server.wire.push(&phone, &token, std::slice::from_ref(&one));
    let two = edit(&mut phone, &stall, "phone", "13800138000", "2");
    let both = server.wire.push(&phone, &token, &[one, two.clone()]);
    assert_eq!(
        both.verdicts[0], first.verdicts[0],
        "the first verdict, again"
    );
    let keys = [xunji_protocol::keys::public_key(&server.app.keys.receipts)];
    let receipt: Receipt = both.receipt.unwrap().open(&keys, RECEIPT_CONTEXT).unwrap();
    let Receipt::Log {
        up_to_seq,
        hash,
        log,
        ..
    } = receipt
    else {
        panic!("a receipt of a log")
    };
    assert_eq!((log, up_to_seq, hash), (phone.head.log, 2, two.hash));
}

pub fn branch(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let one = register(&mut phone, &stall);
    server.wire.push(&phone, &token, &[one]);
    let mut copy = phone.clone();
    let main = edit(&mut phone, &stall, "phone", "13800138000", "2");
    server
        .wire
        .push(&phone, &token, std::slice::from_ref(&main));
    let beside = [
        edit(&mut copy, &stall, "address", "柳汀大集东头", "西头"),
        edit(&mut copy, &stall, "address", "西头", "南头"),
    ];
    let answer = server.wire.push_bytes(&copy, &token, &beside);
    let parsed: xunji_protocol::steps::push::PushAnswer =
        serde_json::from_slice(&answer.1).unwrap();
    assert!(parsed.branch);
    let keys = [xunji_protocol::keys::public_key(&server.app.keys.receipts)];
    let receipt: Receipt = parsed
        .receipt
        .unwrap()
        .open(&keys, RECEIPT_CONTEXT)
        .unwrap();
    let Receipt::Log {
        up_to_seq, hash, ..
    } = receipt
    else {
        panic!("a receipt of a log")
    };
    assert_eq!(
        (up_to_seq, hash),
        (3, beside[1].hash),
        "of the branch's own head"
    );
    for row in &parsed.verdicts {
        assert_eq!(
            (row.verdict, row.flags.as_slice()),
            (Verdict::Applied, &[Flag::Branch][..])
        );
    }
    assert_eq!(
        server.wire.push_bytes(&copy, &token, &beside),
        answer,
        "also a branch is answered the same twice"
    );
    let hello = server
        .wire
        .ok_json("/api/v1/sync/hello", None, &copy.hello("aa"));
    assert_eq!(
        hello["log_head"]["hash"],
        main.hash.to_hex(),
        "the main line goes on"
    );
    let counts =
        xunji_server::storage::changes::counts(&server.app.store, server.app.bureau).unwrap();
    assert_eq!(counts, [(phone.head.log, 2, 2)]);
    let address = operator_field(&server.wire, &token, stall.id.0, "address");
    assert_eq!(address, "南头", "a branch is applied");
}

pub fn gap(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let one = register(&mut phone, &stall);
    let two = edit(&mut phone, &stall, "phone", "?", "2");
    let three = edit(&mut phone, &stall, "phone", "2", "3");
    server.wire.push(&phone, &token, std::slice::from_ref(&one));
    let (status, bytes) = server
        .wire
        .push_bytes(&phone, &token, std::slice::from_ref(&three));
    let problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        (status, &problem["code"], &problem["params"]["next_seq"]),
        (409, &"segment_gap".into(), &2.into())
    );
    let answer = server.wire.push(&phone, &token, &[two, three]);
    assert_eq!(answer.verdicts.len(), 2);
}

pub fn body_later(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let (change, body) = phone.append_as_file(OPERATOR_REGISTERED, &[stall.id.0], &stall);
    let waits = edit(&mut phone, &stall, "phone", "13800138000", "2");
    let answer = server
        .wire
        .push(&phone, &token, &[change.clone(), waits.clone()]);
    let causes: Vec<_> = answer
        .verdicts
        .iter()
        .map(|v| (v.verdict, v.cause))
        .collect();
    assert_eq!(
        causes,
        [
            (Verdict::Held, Some(Cause::BodyMissing)),
            (Verdict::Held, Some(Cause::RecordMissing))
        ]
    );
    assert!(
        answer.receipt.is_some(),
        "held work is stored and receipted"
    );
    let hello = server
        .wire
        .ok_json("/api/v1/sync/hello", None, &phone.hello("bb"));
    assert_eq!(
        hello["wanted"],
        serde_json::json!([change.envelope.body.to_hex()])
    );
    redrive::body_arrived(&server.app, change.envelope.body, body).unwrap();
    let later = verdicts(&server.wire, &token);
    assert_eq!(
        later.len(),
        2,
        "the body released its change, and that one released the edit"
    );
    assert!(
        later
            .iter()
            .all(|row| row.verdict == Verdict::Applied && !row.effects.is_empty())
    );
    assert_eq!(
        operator_field(&server.wire, &token, stall.id.0, "phone"),
        "2"
    );
    assert_eq!(
        server.wire.push(&phone, &token, &[change, waits]).verdicts,
        answer.verdicts,
        "the first verdict stands"
    );
}

pub fn record_later(backend: &Backend) {
    let server = backend.server();
    let (mut early, early_token) = backend.phone(&server, 1);
    let (mut late, late_token) = backend.phone(&server, 2);
    let stall = stall(&backend.county, 1);
    let waits = edit(&mut early, &stall, "phone", "13800138000", "2");
    let held = server
        .wire
        .push(&early, &early_token, std::slice::from_ref(&waits));
    assert_eq!(held.verdicts[0].cause, Some(Cause::RecordMissing));
    let birth = register(&mut late, &stall);
    server.wire.push(&late, &late_token, &[birth]);
    let rows = verdicts(&server.wire, &early_token);
    assert_eq!(
        rows.iter().map(|r| (r.hash, r.verdict)).collect::<Vec<_>>(),
        [(waits.hash, Verdict::Applied)]
    );
    assert!(
        verdicts(&server.wire, &late_token).is_empty(),
        "later verdicts go to their own log alone"
    );
    assert_eq!(
        operator_field(&server.wire, &late_token, stall.id.0, "phone"),
        "2"
    );
}

pub fn body_then_record_later(backend: &Backend) {
    let server = backend.server();
    let (mut early, early_token) = backend.phone(&server, 1);
    let (mut late, late_token) = backend.phone(&server, 2);
    let stall = stall(&backend.county, 1);
    let write = OperatorEdited {
        operator: stall.id,
        writes: vec![FieldWrite {
            field: "phone".to_owned(),
            seen: "13800138000".into(),
            new: "2".into(),
        }],
    };
    let (waits, body) = early.append_as_file(OPERATOR_EDITED, &[stall.id.0], &write);
    let held = server
        .wire
        .push(&early, &early_token, std::slice::from_ref(&waits));
    assert_eq!(held.verdicts[0].cause, Some(Cause::BodyMissing));
    redrive::body_arrived(&server.app, waits.envelope.body, body).unwrap();
    let rows = verdicts(&server.wire, &early_token);
    assert_eq!(
        rows.iter()
            .map(|r| (r.verdict, r.cause))
            .collect::<Vec<_>>(),
        [(Verdict::Held, Some(Cause::RecordMissing))],
        "the phone is told what it waits for now"
    );
    let birth = register(&mut late, &stall);
    server.wire.push(&late, &late_token, &[birth]);
    let rows = verdicts(&server.wire, &early_token);
    assert_eq!(
        rows.iter().map(|r| (r.hash, r.verdict)).collect::<Vec<_>>(),
        [(waits.hash, Verdict::Applied)]
    );
    assert_eq!(
        operator_field(&server.wire, &late_token, stall.id.0, "phone"),
        "2"
    );
}

pub fn unknown_author(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    phone.author.0 = sample::id(999);
    let change = register(&mut phone, &stall(&backend.county, 1));
    let answer = server.wire.push(&phone, &token, &[change]);
    assert_eq!(
        (answer.verdicts[0].verdict, answer.verdicts[0].cause),
        (Verdict::Quarantined, Some(Cause::NotAllowed))
    );
    assert!(answer.receipt.is_some());
    phone.author = person(&backend.county, "检查员乙").id;
    let next = register(&mut phone, &stall(&backend.county, 2));
    let answer = server.wire.push(&phone, &token, &[next]);
    assert_eq!(
        answer.verdicts[0].verdict,
        Verdict::Applied,
        "one bad change blocks no other"
    );
}

/// Later verdicts in the log's feed.
fn verdicts(wire: &Wire, token: &str) -> Vec<VerdictRow> {
    let all = wire.pull_all(token);
    let states = all
        .iter()
        .filter(|(entry, _)| entry.kind == "verdict")
        .filter_map(|(_, state)| state.as_deref());
    states
        .map(|state| serde_json::from_slice(state).unwrap())
        .collect()
}

/// One field of an entry as a fresh phone would see it.
pub fn operator_field(
    wire: &Wire,
    token: &str,
    operator: uuid::Uuid,
    field: &str,
) -> serde_json::Value {
    let all = wire.pull_all(token);
    let found = all
        .iter()
        .find(|(entry, _)| entry.id == operator && entry.kind == "operator")
        .unwrap();
    let state: serde_json::Value = serde_json::from_slice(found.1.as_ref().unwrap()).unwrap();
    state[field].clone()
}
