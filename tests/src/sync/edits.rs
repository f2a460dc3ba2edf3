//! Two phones, one field; and what a person saw never flickers back.

use super::county::{call, found, phone_of, register, write_phone};
use super::*;
use serde_json::json;

#[test]
fn an_edit_stays_on_the_screen_between_answer_and_pull_and_after_a_restart() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    let id = register(&phone, "不闪摊");
    reach(&phone, Goal::Pulled);
    write_phone(&phone, &id, "13800000001");
    write_phone(&phone, &id, "13800000002");
    // Acknowledged, and the link dies before the pull.
    line.always("/sync/pull", Fate::Unreachable);
    reach(&phone, Goal::Records);
    assert_eq!(phone_of(&phone, &id), "13800000002");
    drop(phone);
    let (phone, _) = county.opened("a");
    assert_eq!(
        phone_of(&phone, &id),
        "13800000002",
        "after a restart, before the pull"
    );
    reach(&phone, Goal::Pulled);
    let shown = call(&phone, json!({"cmd": "operator", "id": id}));
    assert_eq!(
        (shown["operator"]["phone"].as_str(), &shown["pending"]),
        (Some("13800000002"), &json!(false))
    );
    assert_eq!(
        shown["conflicts"],
        json!([]),
        "two edits of one's own are no conflict: {shown}"
    );
}

#[test]
fn an_edit_stays_on_the_screen_when_a_power_cut_takes_the_mirror_back() {
    let county = County::new();
    let (phone, _) = county.phone("a");
    let id = register(&phone, "停电摊");
    reach(&phone, Goal::Pulled);
    drop(phone);
    county.keep_mirror("a");
    let (phone, _) = county.opened("a");
    write_phone(&phone, &id, "13800000001");
    reach(&phone, Goal::Pulled);
    let shown = call(&phone, json!({"cmd": "operator", "id": id}));
    assert_eq!(shown["pending"], false, "confirmed against the mirror");
    drop(phone);
    county.mirror_goes_back("a");
    let (phone, line) = county.opened("a");
    assert_eq!(phone_of(&phone, &id), "13800000001", "before any pull");
    line.always("/sync/pull", Fate::Unreachable);
    run_until(&phone, Goal::Records, 1_000).unwrap();
    assert_eq!(phone_of(&phone, &id), "13800000001", "without a pull");
    line.mended();
    reach(&phone, Goal::Pulled);
    let shown = call(&phone, json!({"cmd": "operator", "id": id}));
    assert_eq!(
        (shown["operator"]["phone"].as_str(), &shown["pending"]),
        (Some("13800000001"), &json!(false))
    );
}

#[test]
fn one_field_changed_on_both_phones_keeps_both_values() {
    let county = County::new();
    let ((first, _), (second, _)) = (county.phone("a"), county.phone("b"));
    let id = register(&first, "两改摊");
    reach(&first, Goal::Pulled);
    reach(&second, Goal::Pulled);
    write_phone(&first, &id, "13800000001");
    write_phone(&second, &id, "13900000002");
    reach(&first, Goal::Pulled);
    assert_eq!(
        phone_of(&second, &id),
        "13900000002",
        "its own, until it has pulled"
    );
    reach(&second, Goal::Pulled);
    reach(&first, Goal::Pulled);
    let shown: Vec<_> = [&first, &second]
        .map(|phone| call(phone, json!({"cmd": "operator", "id": id})))
        .into();
    for shown in &shown {
        let conflicts = shown["conflicts"].to_string();
        assert!(
            conflicts.contains("13800000001") && conflicts.contains("13900000002"),
            "{conflicts}"
        );
    }
    assert_eq!(
        shown[0]["operator"], shown[1]["operator"],
        "both phones show the same"
    );
}

#[test]
fn the_same_value_written_on_both_phones_is_no_conflict_and_does_not_vanish() {
    let county = County::new();
    let ((first, _), (second, line)) = (county.phone("a"), county.phone("b"));
    let id = register(&first, "同改摊");
    reach(&first, Goal::Pulled);
    reach(&second, Goal::Pulled);
    write_phone(&first, &id, "13800000001");
    write_phone(&second, &id, "13800000001");
    reach(&first, Goal::Pulled);
    line.always("/sync/pull", Fate::Unreachable);
    reach(&second, Goal::Records);
    assert_eq!(
        phone_of(&second, &id),
        "13800000001",
        "agreed there, the mirror still holds the old value"
    );
    drop(second);
    let (second, _) = county.opened("b");
    reach(&second, Goal::Pulled);
    let shown = call(&second, json!({"cmd": "operator", "id": id}));
    assert_eq!(
        (shown["operator"]["phone"].as_str(), &shown["conflicts"]),
        (Some("13800000001"), &json!([]))
    );
}

#[test]
fn a_colleague_reads_a_new_stall_without_signal_after_one_pull() {
    let county = County::new();
    let ((first, _), (second, line)) = (county.phone("a"), county.phone("b"));
    register(&first, "䶮记糖糕");
    reach(&first, Goal::Records);
    assert!(found(&second, "䶮记糖糕").is_empty());
    reach(&second, Goal::Pulled);
    line.always("/", Fate::Unreachable);
    assert_eq!(found(&second, "䶮记糖糕").len(), 1);
}
