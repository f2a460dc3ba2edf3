//! Bodies: 16 random bytes as 32 hex characters, then canonical JSON, on one line. The random part
//! makes the digest of a short body unguessable, so that erasing the body really erases it.

use crate::canonical::{CanonicalError, canonical_bytes};
use crate::digest::Digest;
use crate::envelope::{ChangeError, check_size};
use crate::limits::MAX_BODY;
use serde::Serialize;
use serde_json::Value;

/// Characters of the random part.
pub const SALT_LEN: usize = 32;

/// The body of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The exact bytes.
    Inline(Vec<u8>),
    /// It travels as a file with this digest, because it compresses to more than 32 KiB.
    File(Digest),
}

impl Body {
    pub(crate) fn inline(bytes: Vec<u8>) -> Result<Self, ChangeError> {
        check_size("body", bytes.len(), MAX_BODY)?;
        Ok(Self::Inline(bytes))
    }

    /// The bytes, when they are here.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Inline(bytes) => Some(bytes),
            Self::File(_) => None,
        }
    }
}

/// Makes body bytes from 16 random bytes and a value.
///
/// # Errors
/// [`CanonicalError`] when the value has no canonical form.
pub fn compose_body<T: Serialize + ?Sized>(
    salt: [u8; 16],
    value: &T,
) -> Result<Vec<u8>, CanonicalError> {
    let mut bytes = hex::encode(salt).into_bytes();
    bytes.extend(canonical_bytes(value)?);
    Ok(bytes)
}

/// The digest that the signatures of an amendment name: of the amendment without them. Taken from the
/// JSON as it came, so that fields of a newer program count; `None` when it is no object.
pub fn amendment_document(body: &Value) -> Option<Digest> {
    let mut unsigned = body.as_object()?.clone();
    unsigned.insert("signatures".to_owned(), Value::Array(Vec::new()));
    unsigned.insert("party_signature".to_owned(), Value::Null);
    Some(Digest::of(&canonical_bytes(&unsigned).ok()?))
}

/// The JSON of body bytes; `None` when they are not salt and JSON.
pub fn body_json(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(json_bytes(bytes)?).ok()
}

/// The bytes of that JSON.
pub(crate) fn json_bytes(bytes: &[u8]) -> Option<&[u8]> {
    let (salt, json) = bytes.split_at_checked(SALT_LEN)?;
    salt.iter().all(u8::is_ascii_hexdigit).then_some(json)
}
