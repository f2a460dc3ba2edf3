//! The table of two writes to one field.

#![allow(clippy::unwrap_used)]

use super::{FieldMerge, merge_field, resolve_field};
use crate::operator::FieldWrite;
use proptest::prelude::*;
use serde_json::{Value, json};

fn write(seen: &str, new: &str) -> FieldWrite {
    FieldWrite {
        field: "phone".into(),
        seen: json!(seen),
        new: json!(new),
    }
}

#[test]
fn the_table() {
    // present, seen, new → what happens
    let table = [
        ("", "", "1", FieldMerge::Written), // nobody else wrote
        ("1", "", "1", FieldMerge::Agreed), // both wrote the same
        (
            "2",
            "",
            "1",
            FieldMerge::Conflict {
                standing: json!("2"),
            },
        ), // both wrote, differently
        ("1", "1", "1", FieldMerge::Agreed), // nothing new
        ("1", "1", "2", FieldMerge::Written), // own second edit, offline
        ("1", "2", "1", FieldMerge::Agreed), // somebody came round to it
    ];
    for (present, seen, new, expected) in table {
        assert_eq!(
            merge_field(&json!(present), &write(seen, new)),
            expected,
            "{present} {seen} {new}"
        );
    }
}

#[test]
fn a_decision_stands_only_over_the_value_it_saw() {
    let county =
        crate::county::DemoCounty::on(chrono::NaiveDate::from_ymd_opt(2026, 10, 25).unwrap())
            .unwrap();
    let entry = county.operators.first().unwrap().clone();
    let decided = |seen: &Value, new: &str| FieldWrite {
        field: "phone".into(),
        seen: seen.clone(),
        new: json!(new),
    };
    let now = json!(entry.phone);
    let next = resolve_field(&entry, &decided(&now, "13900000001")).unwrap();
    assert_eq!(next.unwrap().phone, "13900000001");
    assert_eq!(resolve_field(&entry, &decided(&json!("1"), "2")), Ok(None));
    let unknown = FieldWrite {
        field: "station".into(),
        ..decided(&now, "2")
    };
    assert!(resolve_field(&entry, &unknown).is_err());
}

proptest! {
    /// Two offline edits of one field by one person never conflict, whatever the values.
    #[test]
    fn own_chain_never_conflicts(a in ".{0,6}", b in ".{0,6}", c in ".{0,6}") {
        let mut present: Value = json!(a);
        for (seen, new) in [(&a, &b), (&b, &c)] {
            let merged = merge_field(&present, &write(seen, new));
            prop_assert!(!matches!(merged, FieldMerge::Conflict { .. }), "{:?}", merged);
            present = json!(new);
        }
    }
}
