//! Ready reasons for 退回, as data.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Keys 1 to 5.
const MOST: usize = 5;

static REASONS: LazyLock<Result<Vec<ReturnReason>, ReasonError>> =
    LazyLock::new(|| parse(include_str!("../../review/return-reasons.toml")));

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReturnReason {
    /// The key it lies on: `1` to `5`.
    pub key: String,
    /// For programs; for ever.
    pub code: String,
    /// What the inspector reads.
    pub text: String,
}

/// Why a list of reasons is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// Not the TOML of such a list.
    #[error("退回原因文件无法读取: {0}")]
    Toml(String),
    /// None, or more than there are keys.
    #[error("退回原因应为 1 至 {MOST} 条，现有 {0} 条")]
    Count(usize),
    /// A code stands twice.
    #[error("退回原因编号重复: {0}")]
    DuplicateCode(String),
}

#[derive(Deserialize)]
struct File {
    reasons: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    code: String,
    text: String,
}

/// The built-in reasons in the order of their keys.
///
/// # Errors
/// Only when the built-in file is broken, which a test excludes.
pub fn return_reasons() -> Result<&'static [ReturnReason], ReasonError> {
    match &*REASONS {
        Ok(reasons) => Ok(reasons),
        Err(error) => Err(error.clone()),
    }
}

fn parse(text: &str) -> Result<Vec<ReturnReason>, ReasonError> {
    let file: File = toml::from_str(text).map_err(|e| ReasonError::Toml(e.to_string()))?;
    if !(1..=MOST).contains(&file.reasons.len()) {
        return Err(ReasonError::Count(file.reasons.len()));
    }
    let mut reasons: Vec<ReturnReason> = Vec::new();
    for (n, Line { code, text }) in (1..).zip(file.reasons) {
        if reasons.iter().any(|known| known.code == code) {
            return Err(ReasonError::DuplicateCode(code));
        }
        let key = n.to_string();
        reasons.push(ReturnReason { key, code, text });
    }
    Ok(reasons)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_built_in_reasons_lie_on_the_keys_in_order() {
        let reasons = return_reasons().unwrap();
        let keys: Vec<&str> = reasons.iter().map(|r| r.key.as_str()).collect();
        assert_eq!(keys, ["1", "2", "3", "4", "5"]);
        assert!(reasons.iter().all(|r| !r.text.trim().is_empty()));
    }

    #[test]
    fn too_many_none_and_twice_are_refused() {
        let lines = |codes: &[&str]| {
            let line = |code: &&str| format!("[[reasons]]\ncode = \"{code}\"\ntext = \"x\"\n");
            parse(&codes.iter().map(line).collect::<String>())
        };
        assert_eq!(
            lines(&["a", "b", "c", "d", "e", "f"]),
            Err(ReasonError::Count(6))
        );
        assert_eq!(parse("reasons = []"), Err(ReasonError::Count(0)));
        assert_eq!(
            lines(&["a", "a"]),
            Err(ReasonError::DuplicateCode("a".into()))
        );
        assert!(matches!(parse("x"), Err(ReasonError::Toml(_))));
    }
}
