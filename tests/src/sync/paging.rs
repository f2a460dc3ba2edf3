//! Feeds over many pages while others write.

use super::county::{found, register};
use super::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn register_of(phone: &Device) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    loop {
        let ask = json!({"cmd": "operators", "query": "", "offset": all.len()});
        let page = super::county::call(phone, ask);
        let rows = page["rows"].as_array().unwrap();
        all.extend(
            rows.iter()
                .map(|row| (row["id"].as_str().unwrap().to_owned(), row.clone())),
        );
        if rows.is_empty() {
            return all;
        }
    }
}

#[test]
fn a_first_filling_over_a_rough_line_ends_with_what_everybody_has() {
    let county = County::new();
    let (writer, _) = county.phone("a");
    let (reader, line) = county.phone("b");
    line.rough(7, 3);
    for round in 0..4 {
        for number in 0..12 {
            register(&writer, &format!("第{round}批第{number}摊"));
        }
        reach(&writer, Goal::Records);
        // A page here, a cut there, and the writer goes on in between.
        let _ = run_until(&reader, Goal::Pulled, 50);
    }
    reach(&writer, Goal::Pulled);
    reach(&reader, Goal::Pulled);
    let (written, read) = (register_of(&writer), register_of(&reader));
    assert_eq!(written.len(), read.len());
    assert_eq!(written, read);
    assert_eq!(found(&reader, "第3批第11摊").len(), 1);
}

#[test]
fn a_server_that_was_restarted_goes_on_with_the_same_cursor() {
    let county = County::new();
    let (writer, _) = county.phone("a");
    register(&writer, "重启前");
    reach(&writer, Goal::Pulled);
    drop(writer);
    let county = county.restarted();
    let (writer, line) = county.opened("a");
    register(&writer, "重启后");
    reach(&writer, Goal::Pulled);
    assert_eq!(line.count("/sync/pull"), 1, "one page, from where it was");
    assert_eq!(found(&writer, "重启").len(), 2);
}
