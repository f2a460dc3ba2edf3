//! Reading answers: a missing field names itself instead of being taken for nothing.

use super::{Step, Stopped};
use serde_json::Value;

/// The text at a JSON pointer.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Step<&'a str> {
    at(value, pointer)?
        .as_str()
        .ok_or_else(|| Stopped(format!("{pointer} is not text in {value}")))
}

/// The integer at a JSON pointer.
pub fn int(value: &Value, pointer: &str) -> Step<i64> {
    at(value, pointer)?
        .as_i64()
        .ok_or_else(|| Stopped(format!("{pointer} is not an integer in {value}")))
}

/// The list at a JSON pointer.
pub fn list<'a>(value: &'a Value, pointer: &str) -> Step<&'a Vec<Value>> {
    at(value, pointer)?
        .as_array()
        .ok_or_else(|| Stopped(format!("{pointer} is not a list in {value}")))
}

fn at<'a>(value: &'a Value, pointer: &str) -> Step<&'a Value> {
    value
        .pointer(pointer)
        .ok_or_else(|| Stopped(format!("no {pointer} in {value}")))
}
