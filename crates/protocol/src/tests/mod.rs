//! Tests over the whole contract; fixtures with fixed keys, ids and times.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bundles;
mod canonical;
mod chain;
mod compare;
mod drafts;
mod escrow;
mod files;
mod frames;
mod golden;
mod schema;
mod summary;

use crate::body::compose_body;
use crate::digest::Digest;
use crate::envelope::{Change, Envelope};
use crate::kinds::{OPERATOR_EDITED, OPERATOR_REGISTERED};
use crate::log::{HeadSignature, LogHead};
use ed25519_dalek::SigningKey;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use xunji_domain::ids::{LogId, PersonId};
use xunji_domain::time::{ClockReading, Millis};

/// An id that says in a golden file what it is.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub fn log_id() -> LogId {
    LogId(id(0x106))
}

pub fn log_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn root_key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

pub fn reading() -> ClockReading {
    ClockReading {
        wall: Millis(1_761_000_000_000),
        zone: 480,
        boottime: 86_400_000,
        boot: "4f0c".to_owned(),
        server_offset: Some(-1500),
        server_offset_age: None,
        unlock: None,
    }
}

/// A register entry with a rare name and a field this program does not know.
pub fn operator() -> Value {
    json!({
        "id": id(0x0e), "kind": "stall", "name": "㼆记𠮷祥饼铺", "owner": "经营者甲", "phone": "",
        "address": "柳汀大集", "station": id(0x57), "grid": id(0x9d), "slot": null,
        "varieties": ["烧饼"], "status": "active", "licences": [], "demo": true,
        "future_field": {"kept": [1, 2]}
    })
}

/// A sealed change after `prev`.
pub fn change(prev: LogHead, kind: &str, body: &Value, extra: Map<String, Value>) -> Change {
    let bytes = compose_body([prev.seq as u8; 16], body).unwrap();
    let envelope = Envelope {
        log: prev.log,
        seq: prev.seq + 1,
        prev: prev.hash,
        captured_at: reading(),
        author: PersonId(id(0xa)),
        kind: kind.to_owned(),
        schema_version: 1,
        records: vec![id(0x0e)],
        body: Digest::of(&bytes),
        extra,
    };
    Change::seal(envelope, bytes).unwrap()
}

/// Changes 1 to `n` of the log: a registration, then edits.
pub fn line(n: usize) -> Vec<Change> {
    let mut head = LogHead::empty(log_id());
    let mut changes = Vec::new();
    for index in 0..n {
        let (kind, body) = match index {
            0 => (OPERATOR_REGISTERED, operator()),
            _ => {
                let write =
                    json!({"field": "phone", "seen": "", "new": format!("1380000{index:04}")});
                (
                    OPERATOR_EDITED,
                    json!({"operator": id(0x0e), "writes": [write]}),
                )
            }
        };
        let next = change(head, kind, &body, Map::new());
        head = head_of(&next);
        changes.push(next);
    }
    changes
}

pub fn head_of(change: &Change) -> LogHead {
    LogHead {
        log: change.envelope.log,
        seq: change.envelope.seq,
        hash: change.hash,
    }
}

pub fn signed_head(change: &Change) -> HeadSignature {
    HeadSignature::make(&log_key(), head_of(change)).unwrap()
}
