//! A phone's side of the wire, as small as can be: keys, a log, segments. It has no store: what a
//! real phone does with them is tested with the real device.

use ed25519_dalek::SigningKey;
use serde::Serialize;
use uuid::Uuid;
use xunji_domain::ids::{DeviceId, LogId, PersonId};
use xunji_domain::time::Millis;
use xunji_protocol::body::compose_body;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::{Change, Envelope};
use xunji_protocol::keys::{SignedStatement, public_key};
use xunji_protocol::log::{HeadSignature, LogHead};
use xunji_protocol::segment::write_segment;
use xunji_protocol::steps::enrol::EnrolRequest;
use xunji_protocol::steps::hello::{HELLO_CONTEXT, Hello, HelloRequest, Shown};

use super::sample;

/// A phone. Its clone is a copied phone: same keys, same log.
#[derive(Clone)]
pub struct Phone {
    /// Id.
    pub device: DeviceId,
    /// Key of the device.
    pub device_key: SigningKey,
    /// Key of the log.
    pub log_key: SigningKey,
    /// Head of the log.
    pub head: LogHead,
    /// Who acts.
    pub author: PersonId,
}

impl Phone {
    /// A phone whose ids and keys follow from `n`.
    pub fn new(n: u8, author: PersonId) -> Self {
        let uuid = |part: u128| sample::id((u128::from(n) << 32) + part);
        Self {
            device: DeviceId(uuid(1)),
            device_key: SigningKey::from_bytes(&[n; 32]),
            log_key: SigningKey::from_bytes(&[n ^ 0x80; 32]),
            head: LogHead::empty(LogId(uuid(2))),
            author,
        }
    }

    /// Appends a change to the log.
    pub fn append<T: Serialize>(&mut self, kind: &str, records: &[Uuid], payload: &T) -> Change {
        let body = compose_body(salt(&self.head), payload).unwrap();
        let envelope = self.envelope(kind, records, Digest::of(&body));
        let change = Change::seal(envelope, body).unwrap();
        self.head = LogHead {
            log: self.head.log,
            seq: self.head.seq + 1,
            hash: change.hash,
        };
        change
    }

    /// Appends a change whose body travels as a file; returns the file's bytes beside it.
    pub fn append_as_file<T: Serialize>(
        &mut self,
        kind: &str,
        records: &[Uuid],
        payload: &T,
    ) -> (Change, Vec<u8>) {
        let whole = self.append(kind, records, payload);
        let body = whole.body.bytes().unwrap().to_vec();
        (Change::read(whole.envelope_bytes, None).unwrap(), body)
    }

    /// A segment of consecutive changes.
    pub fn segment(&self, changes: &[Change]) -> Vec<u8> {
        write_segment(changes, self.signature(changes)).unwrap()
    }

    /// The head signature over the last of some changes.
    pub fn signature(&self, changes: &[Change]) -> HeadSignature {
        let last = changes.last().unwrap();
        let head = LogHead {
            log: last.envelope.log,
            seq: last.envelope.seq,
            hash: last.hash,
        };
        HeadSignature::make(&self.log_key, head).unwrap()
    }

    /// What it sends to be enrolled.
    pub fn enrol(&self, code: &str) -> EnrolRequest {
        EnrolRequest {
            code: code.to_owned(),
            device: self.device,
            device_key: public_key(&self.device_key),
            log: self.head.log,
            log_key: public_key(&self.log_key),
        }
    }

    /// What it sends to begin.
    pub fn hello(&self, nonce: &str) -> HelloRequest {
        self.hello_showing(nonce, Shown::default())
    }

    /// The same, with what it was given.
    pub fn hello_showing(&self, nonce: &str, shown: Shown) -> HelloRequest {
        let hello = Hello {
            device: self.device,
            protocol: xunji_protocol::version::CURRENT,
            app: "0.1.0".to_owned(),
            nonce: nonce.to_owned(),
            wall: Millis(sample::MORNING),
            head: self.head,
            shown,
            escrow: None,
        };
        HelloRequest {
            hello: SignedStatement::make(&self.device_key, HELLO_CONTEXT, &hello).unwrap(),
        }
    }

    fn envelope(&self, kind: &str, records: &[Uuid], body: Digest) -> Envelope {
        Envelope {
            log: self.head.log,
            seq: self.head.seq + 1,
            prev: self.head.hash,
            captured_at: sample::reading(i64::try_from(self.head.seq).unwrap()),
            author: self.author,
            kind: kind.to_owned(),
            schema_version: 1,
            records: records.to_vec(),
            body,
            extra: serde_json::Map::new(),
        }
    }
}

fn salt(head: &LogHead) -> [u8; 16] {
    let mut salt = [0; 16];
    salt.copy_from_slice(&head.hash.0[..16]);
    salt
}
