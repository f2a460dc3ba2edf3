//! Canonical JSON after RFC 8785, for what we write: integers below 2^53, no floats, ASCII keys.
//! Bytes are made once; nobody ever re-serialises to verify.

use serde::Serialize;
use serde_json::Value;

/// Largest integer that every JSON reader holds exactly.
const MAX_SAFE: i64 = (1 << 53) - 1;

/// Why a value has no canonical form here.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// A number is a float or beyond 2^53.
    #[error("number {0} has no exact canonical form")]
    Number(String),
    /// A key holds other than ASCII: UTF-16 and UTF-8 order would differ.
    #[error("key {0:?} is not ASCII")]
    Key(String),
    /// The value cannot be serialised at all.
    #[error("not serialisable: {0}")]
    Serialise(#[from] serde_json::Error),
}

/// The canonical bytes of a value.
///
/// # Errors
/// [`CanonicalError`] for floats, integers beyond 2^53 and non-ASCII keys.
pub fn canonical_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::with_capacity(512);
    write_value(&serde_json::to_value(value)?, &mut out)?;
    Ok(out)
}

fn write_value(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    match value {
        Value::Null | Value::Bool(_) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Number(number) => {
            let exact = number
                .as_i64()
                .filter(|n| (-MAX_SAFE..=MAX_SAFE).contains(n));
            let n = exact.ok_or_else(|| CanonicalError::Number(number.to_string()))?;
            out.extend_from_slice(n.to_string().as_bytes());
        }
        Value::String(text) => serde_json::to_writer(&mut *out, text)?,
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push(b'{');
            for (index, key) in keys.into_iter().enumerate() {
                if !key.is_ascii() {
                    return Err(CanonicalError::Key(key.clone()));
                }
                if index > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key)?;
                out.push(b':');
                if let Some(member) = map.get(key) {
                    write_value(member, out)?;
                }
            }
            out.push(b'}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_and_text_is_kept() {
        let value =
            json!({"b": [1, -2, null], "a": "㼆\u{20bb7}\u{1}\"\\/", "c": {"y": true, "x": {}}});
        let text = String::from_utf8(canonical_bytes(&value).unwrap()).unwrap();
        assert_eq!(
            text,
            "{\"a\":\"㼆𠮷\\u0001\\\"\\\\/\",\"b\":[1,-2,null],\"c\":{\"x\":{},\"y\":true}}"
        );
    }

    #[test]
    fn floats_and_big_integers_are_refused() {
        for value in [
            json!(0.5),
            json!(9_007_199_254_740_993_i64),
            json!(u64::MAX),
        ] {
            assert!(matches!(
                canonical_bytes(&value),
                Err(CanonicalError::Number(_))
            ));
        }
        assert!(matches!(
            canonical_bytes(&json!({"键": 1})),
            Err(CanonicalError::Key(_))
        ));
        assert!(canonical_bytes(&json!(9_007_199_254_740_991_i64)).is_ok());
    }
}
