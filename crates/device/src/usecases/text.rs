//! Typed text: NFC, without control characters, limited where it is typed, so that the largest legal
//! record fits into one change.

use crate::api::ApiError;
use serde_json::{Value, json};
use xunji_domain::text::typed as cleaned;
use xunji_protocol::limits::{MAX_LIST, MAX_SHORT, MAX_TEXT};

/// A longer text: problem, note, reason, opinion. `what` is its Chinese name.
///
/// # Errors
/// `text_too_long`.
pub fn long(what: &str, typed: &str) -> Result<String, ApiError> {
    limited(what, typed, MAX_TEXT)
}

/// A short text: name, number, place.
///
/// # Errors
/// `text_too_long`.
pub fn short(what: &str, typed: &str) -> Result<String, ApiError> {
    limited(what, typed, MAX_SHORT)
}

/// A short text that may not be empty.
///
/// # Errors
/// `text_missing` or `text_too_long`.
pub fn required(what: &str, typed: &str) -> Result<String, ApiError> {
    let text = short(what, typed)?;
    if text.is_empty() {
        return Err(ApiError::new(
            "text_missing",
            format!("{what}还没有填，内容没有改动；请填写后再保存"),
        )
        .with(json!({ "field": what })));
    }
    Ok(text)
}

/// A JSON value whose texts are cleaned like typed ones: what a field write carries.
///
/// # Errors
/// `text_too_long`.
pub fn value(what: &str, typed: &Value) -> Result<Value, ApiError> {
    Ok(match typed {
        Value::String(text) => Value::String(short(what, text)?),
        Value::Array(items) if items.len() <= MAX_LIST => Value::Array(
            items
                .iter()
                .map(|item| value(what, item))
                .collect::<Result<_, _>>()?,
        ),
        Value::Array(items) => return Err(too_long(what, items.len(), MAX_LIST, "项")),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, item)| Ok((key.clone(), value(what, item)?)))
                .collect::<Result<_, ApiError>>()?,
        ),
        other => other.clone(),
    })
}

fn limited(what: &str, typed: &str, most: usize) -> Result<String, ApiError> {
    let text = cleaned(typed);
    match text.chars().count() {
        n if n > most => Err(too_long(what, n, most, "字")),
        _ => Ok(text),
    }
}

fn too_long(what: &str, found: usize, most: usize, unit: &str) -> ApiError {
    ApiError::new(
        "text_too_long",
        format!("{what}最多{most}{unit}，现有{found}{unit}，这一次没有存上，之前的内容都在；请删短后再试"),
    )
    .with(json!({ "field": what, "most": most, "found": found }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rare_characters_stay_and_composed_forms_agree() {
        assert_eq!(short("名称", " 㼆𠮷䶮\u{0} ").unwrap(), "㼆𠮷䶮");
        assert_eq!(short("名称", "e\u{301}").unwrap(), "\u{e9}");
        assert_eq!(long("问题", "第一行\n第二行").unwrap(), "第一行\n第二行");
    }

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(long("问题", &"𠮷".repeat(MAX_TEXT)).is_ok());
        let error = long("问题", &"𠮷".repeat(MAX_TEXT + 1)).unwrap_err();
        assert_eq!(error.code, "text_too_long");
        assert!(error.sentence.contains("501"));
        assert_eq!(required("名称", "  ").unwrap_err().code, "text_missing");
    }
}
