//! The table of two writes to one field.

#![allow(clippy::unwrap_used)]

use super::{FieldMerge, merge_field};
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
