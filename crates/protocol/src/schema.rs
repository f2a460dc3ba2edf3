//! The one door to bodies: a table of the kinds, and for each how an older body becomes a present one. Bytes are
//! never migrated; they are brought up each time they are read, on the phone and on the server by the same functions.
//!
//! A kind gets a new version by adding an [`Upcast`] at the end of its line. It is then written in that version,
//! and `tests/bodies` wants the exact bytes of a body of it.

use crate::body::{body_json, json_bytes};
use crate::envelope::Envelope;
use crate::kinds::{
    CHANGE_SETTLED, CONFLICT_RESOLVED, DRAFT_TAKEN_OVER, INSPECTION_AMENDED, INSPECTION_REVIEWED,
    INSPECTION_SIGNED, LOG_OPENED, OPERATOR_EDITED, OPERATOR_REGISTERED, Payload, PayloadError,
    RECORD_ERASED,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Brings the JSON of a body up by one version. Pure; what does not fit it leaves for reading to name.
pub type Upcast = fn(Value) -> Value;

/// One kind.
pub struct Kind {
    /// Its code.
    pub code: &'static str,
    /// From version 1 to 2, from 2 to 3 …
    pub upcasts: &'static [Upcast],
    pub(crate) read: fn(Value) -> Result<Payload, serde_json::Error>,
}

/// Every kind this program knows.
pub const KINDS: &[Kind] = &[
    Kind {
        code: OPERATOR_REGISTERED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::OperatorRegistered),
    },
    Kind {
        code: OPERATOR_EDITED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::OperatorEdited),
    },
    Kind {
        code: INSPECTION_SIGNED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::InspectionSigned),
    },
    Kind {
        code: INSPECTION_AMENDED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::InspectionAmended),
    },
    Kind {
        code: INSPECTION_REVIEWED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::InspectionReviewed),
    },
    Kind {
        code: CONFLICT_RESOLVED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::ConflictResolved),
    },
    Kind {
        code: CHANGE_SETTLED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::ChangeSettled),
    },
    Kind {
        code: LOG_OPENED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::LogOpened),
    },
    Kind {
        code: RECORD_ERASED,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::RecordErased),
    },
    Kind {
        code: DRAFT_TAKEN_OVER,
        upcasts: &[],
        read: |json| serde_json::from_value(json).map(Payload::DraftTakenOver),
    },
];

impl Kind {
    /// The version in which its bodies are written, and the newest that is read.
    pub fn newest(&self) -> u32 {
        u32::try_from(self.upcasts.len()).map_or(u32::MAX, |older| older.saturating_add(1))
    }

    /// A body of a version in the present shape.
    pub fn upcast(&self, version: u32, json: Value) -> Value {
        let done = usize::try_from(version.saturating_sub(1)).unwrap_or(usize::MAX);
        let missing = self.upcasts.iter().skip(done);
        missing.fold(json, |json, upcast| upcast(json))
    }

    pub(crate) fn read(&self, version: u32, json: Value) -> Result<Payload, PayloadError> {
        (self.read)(self.upcast(version, json)).map_err(|e| PayloadError::Malformed {
            kind: self.code.to_owned(),
            reason: e.to_string(),
        })
    }
}

/// The kind of a code; `None` for one this program does not know.
pub fn kind(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

/// Reads the fields of `T` out of a body and nothing else: in a list of 200 records the rest is a fifth of a
/// second. `None` where they do not read, or a newer program wrote it.
pub fn read_part<T: DeserializeOwned>(envelope: &Envelope, body: &[u8]) -> Option<T> {
    let kind = kind(&envelope.kind)?;
    let (version, newest) = (envelope.schema_version, kind.newest());
    if version == newest {
        return serde_json::from_slice(json_bytes(body)?).ok();
    }
    let older = body_json(body).filter(|_| version < newest)?;
    serde_json::from_value(kind.upcast(version, older)).ok()
}

/// Reads the body of a change from its bytes.
///
/// # Errors
/// [`PayloadError`]; malformed also where the bytes are not those of a body at all.
pub fn read_body(envelope: &Envelope, body: &[u8]) -> Result<Payload, PayloadError> {
    let json = body_json(body).ok_or_else(|| PayloadError::Malformed {
        kind: envelope.kind.clone(),
        reason: "json".to_owned(),
    })?;
    crate::kinds::read_payload(&envelope.kind, envelope.schema_version, json)
}
