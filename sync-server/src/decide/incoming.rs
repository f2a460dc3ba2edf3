//! A change with its body read once, before any decision.

use xunji_protocol::body::{amendment_document, body_json};
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::{INSPECTION_AMENDED, Newest, Payload, PayloadError, read_payload_as};

/// One change on its way into a decision.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The exact bytes.
    pub change: Change,
    /// Bytes of the body where they are at hand: from the segment, or from a file that came first.
    pub body: Option<Vec<u8>>,
    /// What the body says.
    pub read: ReadBody,
    /// A person has said that it counts although its phone was revoked.
    pub accepted: bool,
}

/// What became of reading the body.
#[derive(Clone, Debug)]
pub enum ReadBody {
    /// It travels as a file and is not here.
    Missing,
    /// A newer program wrote it.
    TooNew,
    /// It is not what it says it is; the text names fields, never values.
    Malformed(String),
    /// It reads.
    Payload(Box<Payload>),
    /// A signed record or amendment, with the digest its signatures have to name: taken from the bytes
    /// as they came, so that fields of a newer program count.
    Signed(Box<Payload>, Digest),
}

impl Incoming {
    /// Reads a change, as far as `newest` goes. `file` are the bytes of a body that came as a file.
    pub fn new(change: Change, file: Option<Vec<u8>>, newest: Newest) -> Self {
        let body = change.body.bytes().map(<[u8]>::to_vec).or(file);
        let read = body
            .as_deref()
            .map_or(ReadBody::Missing, |bytes| read_body(&change, bytes, newest));
        Self {
            change,
            body,
            read,
            accepted: false,
        }
    }

    /// The body's content, when it reads.
    pub fn payload(&self) -> Option<&Payload> {
        match &self.read {
            ReadBody::Payload(payload) | ReadBody::Signed(payload, _) => Some(payload),
            ReadBody::Missing | ReadBody::TooNew | ReadBody::Malformed(_) => None,
        }
    }
}

fn read_body(change: &Change, bytes: &[u8], newest: Newest) -> ReadBody {
    let Some(json) = body_json(bytes) else {
        return ReadBody::Malformed("json".to_owned());
    };
    // States are made of what bodies say: what has no canonical form must not get that far.
    if canonical_bytes(&json).is_err() {
        return ReadBody::Malformed("number".to_owned());
    }
    let envelope = &change.envelope;
    let document = match envelope.kind.as_str() {
        INSPECTION_AMENDED => amendment_document(&json),
        _ => json
            .get("content")
            .and_then(|content| Some(Digest::of(&canonical_bytes(content).ok()?))),
    };
    match (
        read_payload_as(newest, &envelope.kind, envelope.schema_version, json),
        document,
    ) {
        (
            Ok(payload @ (Payload::InspectionSigned(_) | Payload::InspectionAmended(_))),
            Some(document),
        ) => ReadBody::Signed(Box::new(payload), document),
        (Ok(payload), _) => ReadBody::Payload(Box::new(payload)),
        (Err(PayloadError::TooNew { .. }), _) => ReadBody::TooNew,
        (Err(PayloadError::Malformed { reason, .. }), _) => ReadBody::Malformed(harmless(&reason)),
    }
}

/// What a parser said, without the values it quotes: they may be somebody's name.
fn harmless(reason: &str) -> String {
    if reason.starts_with("missing field") {
        return reason.to_owned();
    }
    reason
        .chars()
        .take_while(|c| c.is_ascii_alphabetic() || *c == ' ')
        .collect::<String>()
        .trim_end()
        .to_owned()
}
