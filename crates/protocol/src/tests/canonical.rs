//! Canonical form: one spelling per value, and reading it back gives the value.

use super::*;
use crate::canonical::canonical_bytes;
use proptest::prelude::*;

/// JSON values that have a canonical form here: no floats, integers below 2^53, ASCII keys.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-((1_i64 << 53) - 1)..(1_i64 << 53)).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[ -~]{0,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The same value with its keys in the opposite order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .rev()
                .map(|(k, v)| (k.clone(), reversed(v)))
                .collect(),
        ),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn the_bytes_read_back_as_the_value_and_are_stable(value in values()) {
        let bytes = canonical_bytes(&value).unwrap();
        let back: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(canonical_bytes(&back).unwrap(), bytes.clone());
        prop_assert!(!bytes.contains(&b'\n'), "a line of a frame");
    }

    #[test]
    fn the_order_of_keys_does_not_matter(value in values()) {
        prop_assert_eq!(canonical_bytes(&reversed(&value)).unwrap(), canonical_bytes(&value).unwrap());
    }

    #[test]
    fn a_float_anywhere_is_refused(value in values(), float in any::<f64>().prop_filter("finite", |f| f.is_finite())) {
        prop_assert!(canonical_bytes(&json!([value, float])).is_err());
    }
}

#[test]
fn control_characters_use_the_short_forms_of_the_rfc() {
    let text = canonical_bytes(&json!("\u{8}\t\n\u{c}\r\u{1f}\u{7f}\u{2028}<")).unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "\"\\b\\t\\n\\f\\r\\u001f\u{7f}\u{2028}<\""
    );
}
