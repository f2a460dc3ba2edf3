//! Golden bytes of every message. A difference here is a change of the wire: a new version, or a mistake.

use super::frames::{page_bytes, segment_bytes};
use super::*;
use crate::feed::FeedHead;
use crate::feed::{FeedHeads, HEADS_CONTEXT};
use crate::keys::{SignedStatement, public_key};
use crate::kinds::{LogOpened, OpenedBecause, RecordErased};
use crate::problem::{Code, Problem};
use crate::receipt::{RECEIPT_CONTEXT, Receipt};
use crate::steps::enrol::{
    CERTIFICATE_CONTEXT, Certificate, EnrolAnswer, EnrolRequest, KEYS_CONTEXT, KeyList,
};
use crate::steps::hello::{
    EpochSaid, HELLO_CONTEXT, Hello, HelloAnswer, HelloRequest, Shown, ShownLog, ToldLog,
};
use crate::steps::pull::PullRequest;
use crate::steps::push::PushAnswer;
use crate::verdict::{Cause, Effect, Flag, Verdict, VerdictRow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use xunji_domain::ids::{BureauId, DeviceId, InspectionId, PersonId, ReportId, StationId};

/// The JSON of a message as it goes out, after a check that it reads back as the same message.
pub fn wire<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: &T) -> String {
    let text = serde_json::to_string(message).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), message);
    text
}

fn server_time() -> Millis {
    Millis(1_761_000_100_000)
}

fn keys() -> SignedStatement {
    let receipts = vec![public_key(&SigningKey::from_bytes(&[5; 32]))];
    let list = KeyList {
        root: public_key(&root_key()),
        receipts,
        bundles: Vec::new(),
    };
    SignedStatement::make(&root_key(), KEYS_CONTEXT, &list).unwrap()
}

fn receipt(of: &Receipt) -> SignedStatement {
    SignedStatement::make(&SigningKey::from_bytes(&[5; 32]), RECEIPT_CONTEXT, of).unwrap()
}

fn log_receipt() -> SignedStatement {
    let last = &line(3)[2];
    receipt(&Receipt::Log {
        log: log_id(),
        up_to_seq: 3,
        hash: last.hash,
        epoch: 1,
        server_time: server_time(),
    })
}

#[test]
fn envelope_and_hash() {
    let one = &line(1)[0];
    let text = format!(
        "{}\n{}\n{}",
        String::from_utf8(one.envelope_bytes.clone()).unwrap(),
        String::from_utf8(one.body.bytes().unwrap().to_vec()).unwrap(),
        one.hash
    );
    insta::assert_snapshot!(text);
}

#[test]
fn segment() {
    insta::assert_snapshot!(String::from_utf8(segment_bytes()).unwrap());
}

#[test]
fn pull_request_and_page() {
    let request = PullRequest {
        cursor: String::new(),
        max_bytes: 16_384,
    };
    insta::assert_snapshot!(format!(
        "{}\n{}",
        wire(&request),
        String::from_utf8(page_bytes()).unwrap()
    ));
}

#[test]
fn receipts() {
    let file = receipt(&Receipt::File {
        log: log_id(),
        sha256: Digest::of(b"photo"),
        size: 5,
        epoch: 1,
        server_time: server_time(),
    });
    insta::assert_snapshot!(format!("{}\n{}", wire(&log_receipt()), wire(&file)));
}

#[test]
fn push_answer() {
    let changes = line(3);
    let row = |index: usize, verdict, cause, flags| VerdictRow {
        seq: changes[index].envelope.seq,
        hash: changes[index].hash,
        verdict,
        cause,
        detail: String::new(),
        flags,
        effects: Vec::new(),
        closed: None,
    };
    let applied = VerdictRow {
        effects: vec![Effect {
            feed: format!("s.{}", id(0x57)),
            pos: 4,
        }],
        ..row(0, Verdict::Applied, None, vec![Flag::Conflict])
    };
    let verdicts = vec![
        applied,
        row(1, Verdict::Held, Some(Cause::BodyMissing), vec![]),
        row(
            2,
            Verdict::Quarantined,
            Some(Cause::RuleBroken),
            vec![Flag::OutOfScope, Flag::NumberTwice],
        ),
    ];
    let answer = PushAnswer {
        verdicts,
        receipt: Some(log_receipt()),
        branch: false,
    };
    let branch = PushAnswer {
        verdicts: vec![],
        receipt: None,
        branch: true,
    };
    insta::assert_snapshot!(format!("{}\n{}", wire(&answer), wire(&branch)));
}

#[test]
fn hello() {
    let device_key = SigningKey::from_bytes(&[3; 32]);
    let said = Hello {
        device: DeviceId(id(0xde)),
        protocol: 1,
        app: "0.1.0".to_owned(),
        nonce: "00112233445566778899aabbccddeeff".to_owned(),
        wall: Millis(1_761_000_000_000),
        head: head_of(&line(3)[2]),
        shown: Shown::default(),
        escrow: None,
    };
    let request = HelloRequest {
        hello: SignedStatement::make(&device_key, HELLO_CONTEXT, &said).unwrap(),
    };
    let answer = HelloAnswer {
        nonce: said.nonce.clone(),
        protocol: 1,
        server_time: server_time(),
        epoch: 1,
        log_head: head_of(&line(3)[2]),
        on_line: true,
        logs: vec![],
        epochs: vec![],
        feeds: vec![FeedHead::empty("b", 1)],
        keys: keys(),
        backed_up_through: None,
        backup_waived: false,
        escrows: vec![],
        wanted: vec![Digest::of(b"photo").to_hex()],
        token: "t".repeat(43),
        token_until: Millis(1_761_001_000_000),
    };
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        wire(&said),
        wire(&request),
        wire(&answer)
    ));
}

/// What a phone shows of what it was given, and what a restored server says of it.
#[test]
fn shown_and_told() {
    let heads = FeedHeads {
        epoch: 1,
        server_time: server_time(),
        feeds: vec![FeedHead::empty("b", 1)],
    };
    let heads =
        SignedStatement::make(&SigningKey::from_bytes(&[5; 32]), HEADS_CONTEXT, &heads).unwrap();
    let shown = Shown {
        certificate: Some(keys()),
        logs: vec![ShownLog {
            head: head_of(&line(3)[2]),
            receipted: head_of(&line(2)[1]),
            key: public_key(&log_key()),
            short_code: "03".to_owned(),
        }],
        heads: Some(heads),
        receipt: Some(log_receipt()),
    };
    let told = ToldLog {
        head: head_of(&line(1)[0]),
        on_line: true,
        held: false,
        branched: false,
        short_code: "03".to_owned(),
    };
    let epoch = EpochSaid {
        number: 2,
        through: server_time(),
    };
    let opened = LogOpened {
        before: head_of(&line(3)[2]),
        reason: OpenedBecause::Damaged,
        lost: vec![head_of(&line(2)[1])],
    };
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}",
        wire(&shown),
        wire(&told),
        wire(&epoch),
        wire(&opened)
    ));
}

#[test]
fn enrol() {
    let device_key = public_key(&SigningKey::from_bytes(&[3; 32]));
    let (bureau, station, device) = (BureauId(id(0xb0)), StationId(id(0x57)), DeviceId(id(0xde)));
    let request = EnrolRequest {
        code: "7KQ2-M9XD".to_owned(),
        device,
        device_key: device_key.clone(),
        log: log_id(),
        log_key: public_key(&log_key()),
    };
    let certificate = Certificate {
        bureau,
        station,
        device,
        device_key,
        issued_at: server_time(),
    };
    let answer = EnrolAnswer {
        certificate: SignedStatement::make(&root_key(), CERTIFICATE_CONTEXT, &certificate).unwrap(),
        keys: keys(),
        root: public_key(&root_key()),
        short_code: "03".to_owned(),
        station_code: "LT".to_owned(),
        bureau,
        station,
        server_time: server_time(),
    };
    insta::assert_snapshot!(format!("{}\n{}", wire(&request), wire(&answer)));
}

#[test]
fn problems() {
    let gap = wire(&Problem::new(Code::SegmentGap).with("next_seq", 4));
    let lines: Vec<String> = Code::ALL
        .iter()
        .map(|code| wire(&Problem::new(*code)))
        .collect();
    insta::assert_snapshot!(format!("{gap}\n{}", lines.join("\n")));
}

#[test]
fn record_erased() {
    let erased = RecordErased {
        record: InspectionId(id(0x1)),
        rule: "inspection".to_owned(),
        rule_text: "检查办结满五年的，删除正文和照片".to_owned(),
        order: "鉴定〔2032〕1号".to_owned(),
        changes: vec![line(1)[0].hash],
        files: vec![Digest::of(b"photo")],
        reports: vec![ReportId(id(0x2))],
        orderer: PersonId(id(0x9e)),
        orderer_name: "管理员甲".to_owned(),
        at: server_time(),
    };
    insta::assert_snapshot!(wire(&erased));
}

/// Codes are for ever, and each has its own sentence that ends in what to do.
#[test]
fn every_problem_has_a_sentence_of_its_own() {
    let mut sentences: Vec<&str> = Code::ALL.iter().map(|code| code.sentence()).collect();
    sentences.sort_unstable();
    sentences.dedup();
    assert_eq!(sentences.len(), Code::ALL.len());
    for code in Code::ALL {
        let name = serde_json::to_value(code).unwrap();
        assert_eq!(serde_json::from_value::<Code>(name).unwrap(), *code);
        assert!((400..=599).contains(&code.status()));
    }
}
