//! One log, two phones, and a folder that came from elsewhere. Everything is kept on both sides, handed in
//! and said.

use super::county::{call, found, register};
use super::*;
use serde_json::json;
use xunji_device::runner::sync_state;

#[test]
fn a_copied_phone_hands_in_its_line_and_goes_on_in_another_log() {
    let county = County::new();
    let (phone, _) = county.phone("a");
    register(&phone, "共同摊");
    reach(&phone, Goal::Pulled);
    drop(phone);
    county.cloned("a", "clone");
    let ((phone, _), (clone, line)) = (county.opened("a"), county.opened("clone"));
    register(&phone, "原机摊");
    register(&clone, "克隆摊");
    reach(&phone, Goal::Pulled);
    reach(&clone, Goal::Pulled);
    let state = sync_state(&clone).unwrap();
    assert!(state.branch);
    assert!(
        state.notes.iter().any(|note| note.contains("另一处")),
        "{:?}",
        state.notes
    );
    assert_eq!(
        (state.lanes.register.received, state.lanes.register.total),
        (2, 2),
        "its own line has receipts too"
    );
    let pushes = line.count("/sync/push");
    register(&clone, "再来一摊");
    reach(&clone, Goal::Pulled);
    assert!(line.count("/sync/push") > pushes, "it goes on");
    // Stored and applied at the server: a colleague sees all of it, and learns of the copy himself.
    drop(phone);
    let (phone, _) = county.opened("a");
    reach(&phone, Goal::Pulled);
    for name in ["克隆摊", "再来一摊", "原机摊"] {
        assert_eq!(found(&phone, name).len(), 1, "{name}");
    }
    assert!(sync_state(&phone).unwrap().branch, "both are told");
    let number = |phone| {
        let rows = found(phone, "再来一摊");
        let draft = call(
            phone,
            json!({"cmd": "start_inspection", "operator": rows[0]["id"]}),
        );
        draft["record_no"].as_str().unwrap().to_owned()
    };
    reach(&clone, Goal::Pulled);
    assert_ne!(number(&phone), number(&clone), "no number is given twice");
}

#[test]
fn data_under_another_keystore_opens_a_log_before_the_first_write_without_a_server() {
    let county = County::new();
    let (phone, _) = county.phone("a");
    register(&phone, "共同摊");
    drop(phone);
    county.cloned("a", "copy");
    county.other_keystore("copy");
    let (copy, line) = county.opened("copy");
    line.always("/", super::line::Fate::Unreachable);
    let state = sync_state(&copy).unwrap();
    assert!(
        state.notes.iter().any(|note| note.contains("复制")),
        "{:?}",
        state.notes
    );
    register(&copy, "副本摊");
    let stick = tempfile::tempdir().unwrap();
    let written = call(
        &copy,
        json!({"cmd": "export_bundle", "folder": stick.path(), "along": "records"}),
    );
    let left = written["left_out"].to_string();
    assert!(
        left.contains("较早的内容"),
        "a bundle is of one log, and says so: {left}"
    );
    line.mended();
    // What stood in the old log unsent is handed in by whoever comes first, once.
    reach(&copy, Goal::Pulled);
    let (phone, _) = county.opened("a");
    register(&phone, "原机摊");
    reach(&phone, Goal::Pulled);
    let state = sync_state(&phone).unwrap();
    assert!(!state.branch, "the line was never continued in two places");
    assert!(state.notes.is_empty(), "{:?}", state.notes);
    for name in ["共同摊", "副本摊", "原机摊"] {
        assert_eq!(found(&phone, name).len(), 1, "{name}");
    }
}

#[test]
fn a_server_with_another_root_gets_nothing_and_changes_nothing() {
    let (county, other) = (County::new(), County::new());
    let (phone, _) = county.phone("a");
    register(&phone, "自家摊");
    drop(phone);
    // A fresh process has no token: it greets first.
    let (phone, _) = county.opened("a");
    let wrong = super::line::Line::to(&other.router);
    phone
        .sync()
        .use_transport(std::sync::Arc::clone(&wrong) as _);
    let report = run_until(&phone, Goal::Pulled, 1_500).unwrap();
    assert!(!report.reached);
    for step in ["/sync/push", "/sync/pull", "/files"] {
        assert_eq!(wrong.count(step), 0, "{step}");
    }
    assert_eq!(found(&phone, "自家摊").len(), 1);
    let right = super::line::Line::to(&county.router);
    phone.sync().use_transport(right as _);
    reach(&phone, Goal::Pulled);
}
