//! A store that was put back: who is taken back, what opens an epoch, what lies behind a declared loss.

use super::backend::{Backend, Server};
use super::feeds::{edit, register};
use super::phone::Phone;
use super::sample::{self, stall};
use super::wire::Wire;
use serde_json::Value;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::{FeedHead, FeedHeads, HEADS_CONTEXT};
use xunji_protocol::keys::{SignedStatement, public_key};
use xunji_protocol::kinds::{LOG_OPENED, LogOpened, OpenedBecause};
use xunji_protocol::log::LogHead;
use xunji_protocol::steps::enrol::{CERTIFICATE_CONTEXT, Certificate};
use xunji_protocol::steps::hello::{Shown, ShownLog};
use xunji_protocol::verdict::Verdict;
use xunji_server::storage::epochs;

/// A phone that was enrolled in a time this store has lost: its certificate is the root's, its row is not here.
fn unknown(backend: &Backend, server: &Server, root: &ed25519_dalek::SigningKey) -> (Phone, Shown) {
    let phone = Phone::new(9, sample::person(&backend.county, "检查员甲").id);
    let certificate = Certificate {
        bureau: server.app.bureau,
        station: sample::station(&backend.county),
        device: phone.device,
        device_key: public_key(&phone.device_key),
        issued_at: server.app.clock.now(),
    };
    let certificate = SignedStatement::make(root, CERTIFICATE_CONTEXT, &certificate).unwrap();
    let shown = Shown {
        certificate: Some(certificate),
        logs: vec![shown_log(&phone, "07")],
        ..Shown::default()
    };
    (phone, shown)
}

fn shown_log(phone: &Phone, code: &str) -> ShownLog {
    ShownLog {
        head: phone.head,
        receipted: LogHead::empty(phone.head.log),
        key: public_key(&phone.log_key),
        short_code: code.to_owned(),
    }
}

fn hello(server: &Server, phone: &Phone, shown: &Shown) -> (u16, Vec<u8>) {
    let request = phone.hello_showing("00", shown.clone());
    server.wire.json("/api/v1/sync/hello", None, &request)
}

fn answer((status, bytes): (u16, Vec<u8>)) -> Value {
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    serde_json::from_slice(&bytes).unwrap()
}

pub fn taken_back(backend: &Backend) {
    let server = backend.server();
    let refused = (401, "signature".to_owned());
    let foreign_root = ed25519_dalek::SigningKey::from_bytes(&[0x66; 32]);
    let (phone, forged) = unknown(backend, &server, &foreign_root);
    assert_eq!(Wire::problem(hello(&server, &phone, &forged)), refused);
    let (mut phone, shown) = unknown(backend, &server, &server.app.keys.root);
    let mut thief = phone.clone();
    thief.device_key = ed25519_dalek::SigningKey::from_bytes(&[0x67; 32]);
    assert_eq!(
        Wire::problem(hello(&server, &thief, &shown)),
        refused,
        "a certificate serves its own key alone"
    );
    let told = answer(hello(&server, &phone, &shown));
    assert_eq!(
        told["logs"][0]["short_code"], "07",
        "its code stays its own"
    );
    let token = told["token"].as_str().unwrap().to_owned();
    let change = register(&mut phone, &stall(&backend.county, 1));
    let pushed = server.wire.push(&phone, &token, &[change]);
    assert_eq!(pushed.verdicts[0].verdict, Verdict::Applied);
    // A log that is somebody else's is not given away, and nothing is said about it.
    let (other, _) = backend.phone(&server, 1);
    let stolen = Shown {
        logs: vec![ShownLog {
            head: LogHead::empty(phone.head.log),
            ..shown_log(&other, "08")
        }],
        ..Shown::default()
    };
    assert_eq!(
        Wire::problem(hello(&server, &other, &stolen)),
        (403, "forbidden".to_owned())
    );
}

/// A certificate brings back who is not known here; who is known and revoked it does not bring back. No command revokes
/// a phone yet: this is for a backend whose file a test can write to.
pub fn stays_revoked(backend: &Backend) {
    let server = backend.server();
    let (mut phone, shown) = unknown(backend, &server, &server.app.keys.root);
    answer(hello(&server, &phone, &shown));
    let db = rusqlite::Connection::open(server.app.data.database()).unwrap();
    let revoked = db.execute("UPDATE device SET state = 'revoked'", []);
    assert_eq!(revoked.unwrap(), 1);
    let told = answer(hello(&server, &phone, &shown));
    let token = told["token"].as_str().unwrap();
    // It hands in what it holds, and a person decides; it is told nothing.
    let change = register(&mut phone, &stall(&backend.county, 1));
    let pushed = server.wire.push(&phone, token, &[change]);
    assert_eq!(pushed.verdicts[0].verdict, Verdict::Quarantined);
    let asked = serde_json::json!({"cursor": "", "max_bytes": 1 << 20});
    let pull = server.wire.json("/api/v1/sync/pull", Some(token), &asked);
    assert_eq!(Wire::problem(pull), (403, "forbidden".to_owned()));
}

pub fn shown_what_is_missing(backend: &Backend) {
    let server = backend.server();
    let (phone, token) = backend.phone(&server, 1);
    let heads = |key: &ed25519_dalek::SigningKey, epoch| {
        let said = FeedHeads {
            epoch,
            server_time: server.app.clock.now(),
            feeds: vec![FeedHead {
                feed: "b".to_owned(),
                epoch,
                pos: 4_711,
                history_hash: Digest::of(b"another history"),
            }],
        };
        Shown {
            heads: Some(SignedStatement::make(key, HEADS_CONTEXT, &said).unwrap()),
            ..Shown::default()
        }
    };
    let epoch = |shown: &Shown| answer(hello(&server, &phone, shown))["epoch"].clone();
    let honest = server.wire.page(&token, "", 1 << 20).end.heads.unwrap();
    let honest = Shown {
        heads: Some(honest),
        ..Shown::default()
    };
    assert_eq!(epoch(&honest), 1, "what it signed and holds is ordinary");
    let foreign = ed25519_dalek::SigningKey::from_bytes(&[0x66; 32]);
    assert_eq!(
        epoch(&heads(&foreign, 1)),
        1,
        "what somebody else signed proves nothing"
    );
    let noticed = || epochs::noticed(&server.app.store, server.app.bureau).unwrap();
    assert_eq!(noticed(), None);
    let bureau_log = server.app.bureau_log();
    let own = &server.app.keys.receipts;
    assert_eq!(epoch(&heads(own, 1)), 2);
    assert!(noticed().is_some(), "the console says it in red");
    assert_ne!(server.app.bureau_log(), bureau_log);
    assert_eq!(epoch(&heads(own, 1)), 2, "one loss opens one epoch");
    assert_eq!(
        epoch(&heads(own, 7)),
        8,
        "above every number that was shown"
    );
    let told = answer(hello(&server, &phone, &honest));
    assert_eq!(told["epochs"].as_array().unwrap().len(), 2);
    let again = backend.server();
    assert_eq!(
        (again.app.epoch(), again.app.bureau_log()),
        (8, server.app.bureau_log()),
        "also after a new start"
    );
}

pub fn behind_a_hole(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = stall(&backend.county, 1);
    let first = register(&mut phone, &stall);
    let lost = edit(&mut phone, &stall, "phone", "13800138000", "2");
    let behind = edit(&mut phone, &stall, "address", "柳汀大集东头", "西头");
    server.wire.push(&phone, &token, &[first]);
    let gap = (409, "segment_gap".to_owned());
    let alone = std::slice::from_ref(&behind);
    assert_eq!(
        Wire::problem(server.wire.push_bytes(&phone, &token, alone)),
        gap
    );
    // Another phone cannot declare it.
    let declared = LogHead {
        log: phone.head.log,
        seq: 2,
        hash: lost.hash,
    };
    let opened = |before: LogHead| LogOpened {
        before,
        reason: OpenedBecause::Damaged,
        lost: vec![declared],
    };
    let (mut stranger, its_token) = backend.phone(&server, 2);
    let said = stranger.append(LOG_OPENED, &[phone.head.log.0], &opened(phone.head));
    server.wire.push(&stranger, &its_token, &[said]);
    assert_eq!(
        Wire::problem(server.wire.push_bytes(&phone, &token, alone)),
        gap
    );
    let old = phone.clone();
    phone.head = LogHead::empty(LogId(sample::id(4_242)));
    phone.log_key = ed25519_dalek::SigningKey::from_bytes(&[0x44; 32]);
    let said = phone.append(LOG_OPENED, &[old.head.log.0], &opened(old.head));
    let shown = Shown {
        logs: vec![shown_log(&old, "01"), shown_log(&phone, "01XY")],
        ..Shown::default()
    };
    let told = answer(hello(&server, &phone, &shown));
    let token = told["token"].as_str().unwrap().to_owned();
    let pushed = server.wire.push(&phone, &token, &[said]);
    assert_eq!(pushed.verdicts[0].verdict, Verdict::Applied);
    let pushed = server.wire.push(&old, &token, alone);
    assert!(!pushed.branch);
    assert_eq!(pushed.verdicts[0].verdict, Verdict::Applied);
    assert_eq!(
        super::lines::operator_field(&server.wire, &token, stall.id.0, "address"),
        "西头"
    );
}
