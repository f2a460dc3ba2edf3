//! The data as the template reads it: JSON with printable strings, the words of the trade and
//! the place of each picture.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use xunji_domain::words::{
    Conclusion, GradeLetter, InspectionState, Measure, OperatorKind, Severity,
};

use crate::coverage;
use crate::data::DayReportData;
use crate::day_report::RenderInputs;
use crate::fonts::FontSet;
use crate::photos::{PER_FINDING, Pictures};

/// How many digits of the data hash stand in the footer.
const DATA_HASH: usize = 16;
/// How many digits of a photo's hash stand under it.
const PHOTO_HASH: usize = 8;

/// The view of the report; characters of users' text without a glyph are added to `missing`.
pub(crate) fn of(
    data: &DayReportData,
    fonts: &FontSet,
    inputs: &RenderInputs,
    pictures: &Pictures,
    missing: &mut BTreeSet<String>,
) -> Value {
    let mut report = serde_json::to_value(data).unwrap_or(Value::Null);
    place_pictures(&mut report, pictures);
    make_printable(&mut report, fonts, missing);
    json!({
        "report": report,
        "words": words(),
        "fingerprint": inputs.data_hash.chars().take(DATA_HASH).collect::<String>(),
        "serif": fonts.serif(),
        "sans": fonts.sans(),
    })
}

/// Every word the view may add to the template's own.
pub(crate) fn own_words() -> String {
    let mut text = String::new();
    collect_strings(&words(), &mut text);
    text
}

fn words() -> Value {
    let mut states = labels(InspectionState::ALL, InspectionState::label);
    // On the page a signed record is one that waits for its review.
    states.insert("signed".to_owned(), json!("待审"));
    json!({
        "kind": labels(OperatorKind::ALL, OperatorKind::label),
        "conclusion": labels(Conclusion::ALL, Conclusion::label),
        "grade": labels(GradeLetter::ALL, GradeLetter::label),
        "severity": labels(Severity::ALL, Severity::label),
        "measure": labels(Measure::ALL, Measure::label),
        "state": states,
        "due": { "overdue": "已逾期", "today": "今日到期", "tomorrow": "明日到期" },
    })
}

fn labels<T: Copy + serde::Serialize>(
    all: &[T],
    label: fn(T) -> &'static str,
) -> Map<String, Value> {
    all.iter()
        .filter_map(|word| match serde_json::to_value(word) {
            Ok(Value::String(code)) => Some((code, json!(label(*word)))),
            _ => None,
        })
        .collect()
}

/// Gives each printed photo its place among the pictures, and cuts the others.
fn place_pictures(report: &mut Value, pictures: &Pictures) {
    let findings = report.get_mut("findings").and_then(Value::as_array_mut);
    for finding in findings.into_iter().flatten() {
        let Some(photos) = finding.get_mut("photos").and_then(Value::as_array_mut) else {
            continue;
        };
        photos.truncate(PER_FINDING);
        for photo in photos.iter_mut().filter_map(Value::as_object_mut) {
            let sha256 = photo
                .get("sha256")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let short: String = sha256.chars().take(PHOTO_HASH).collect();
            let position = pictures.position(sha256);
            photo.insert("picture".to_owned(), json!(position));
            photo.insert("short".to_owned(), json!(short));
        }
    }
}

fn make_printable(value: &mut Value, fonts: &FontSet, missing: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => *text = coverage::printable(text, fonts, missing),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|v| make_printable(v, fonts, missing)),
        Value::Object(map) => map
            .values_mut()
            .for_each(|v| make_printable(v, fonts, missing)),
        _ => {}
    }
}

fn collect_strings(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) => items.iter().for_each(|v| collect_strings(v, out)),
        Value::Object(map) => map.values().for_each(|v| collect_strings(v, out)),
        _ => {}
    }
}
