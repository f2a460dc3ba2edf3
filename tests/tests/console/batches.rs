//! 批量通过: what is offered, what must have been opened, what stands against it.

use super::desk::Desk;
use super::visits::{NOON, bring, by_the_others, careful, stall};
use serde_json::{Value, json};
use xunji_domain::inspection::{InspectionContent, InspectorOnRecord};
use xunji_tests::conformance::backend::Server;
use xunji_tests::conformance::phone::Phone;
use xunji_tests::conformance::{Backend, sample};

/// Six quiet records of two teams.
fn six(backend: &Backend, server: &Server, phone: &mut (Phone, String)) -> Vec<InspectionContent> {
    (0..6)
        .map(|n| {
            let visit = careful(backend, &stall(backend, n), n as u128 + 1, &[]);
            let visit = match n % 2 {
                0 => visit,
                _ => by_the_others(backend, visit),
            };
            bring(server, phone, visit)
        })
        .collect()
}

fn batch(desk: &Desk) -> Value {
    desk.get("/api/console/queue").json()["batch"].clone()
}

fn approve(desk: &Desk, batch: &Value) -> super::desk::Answer {
    let id = batch["id"].as_str().unwrap();
    desk.post(&format!("/api/console/batches/{id}/approve"), &json!({}))
}

fn sample_ids(batch: &Value) -> Vec<String> {
    let drawn = batch["sample"].as_array().unwrap();
    drawn
        .iter()
        .map(|d| d["id"].as_str().unwrap().to_owned())
        .collect()
}

fn states(desk: &Desk) -> Vec<String> {
    let answer = desk.get("/api/console/queue?state=all").json();
    let rows = answer["rows"].as_array().unwrap().clone();
    rows.iter()
        .map(|r| r["state"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_drawn_records_are_opened_before_the_others_are_approved() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    six(&backend, &server, &mut phone);
    let failing = careful(&backend, &stall(&backend, 6), 7, &["TD6.2"]);
    bring(&server, &mut phone, failing);
    let desk = Desk::of(&backend, &server, "所长甲");

    let offered = batch(&desk);
    assert_eq!(offered["records"].as_array().unwrap().len(), 6);
    let drawn = sample_ids(&offered);
    assert_eq!(drawn.len(), 2);
    assert_eq!(
        batch(&desk),
        offered,
        "opening the page again draws the same"
    );
    assert_eq!(
        desk.get("/api/console/queue?day=2026-10-24").json()["batch"],
        offered,
        "the batch does not depend on what is shown"
    );
    let (unopened, why) = (approve(&desk, &offered), "抽中 2 份，还有 2 份没有打开");
    assert_eq!(unopened.json()["params"]["why"], why);
    assert_eq!(unopened.problem(), (409, "sample_unopened".to_owned()));

    assert_eq!(
        desk.get(&format!("/api/console/records/{}", drawn[0]))
            .status,
        200
    );
    assert_eq!(batch(&desk)["why_not"], "抽中 2 份，还有 1 份没有打开");
    assert_eq!(approve(&desk, &offered).problem().1, "sample_unopened");
    assert!(states(&desk).iter().all(|state| state == "signed"));

    desk.get(&format!("/api/console/records/{}", drawn[1]));
    assert_eq!(batch(&desk)["ready"], true);
    assert_eq!(approve(&desk, &offered).json(), json!({"approved": 6}));
    let states = states(&desk);
    assert_eq!(
        states.iter().filter(|state| *state == "approved").count(),
        6
    );
    assert_eq!(states.iter().filter(|state| *state == "signed").count(), 1);
    assert_eq!(batch(&desk), Value::Null);
    assert_eq!(
        approve(&desk, &offered).problem(),
        (409, "stale".to_owned())
    );
}

#[test]
fn what_another_person_opened_does_not_count_and_a_changed_list_is_drawn_anew() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    six(&backend, &server, &mut phone);
    let bureau = Desk::of(&backend, &server, "县局科员甲");
    let desk = Desk::of(&backend, &server, "所长甲");
    let offered = batch(&desk);
    assert_eq!(batch(&bureau), Value::Null, "the bureau does not review");
    assert_eq!(
        approve(&bureau, &offered).problem(),
        (403, "forbidden".to_owned())
    );
    for id in sample_ids(&offered) {
        bureau.get(&format!("/api/console/records/{id}"));
    }
    assert_eq!(approve(&desk, &offered).problem().1, "sample_unopened");
    for id in sample_ids(&offered) {
        desk.get(&format!("/api/console/records/{id}"));
    }
    let late = by_the_others(&backend, careful(&backend, &stall(&backend, 8), 9, &[]));
    bring(&server, &mut phone, late);
    assert_ne!(batch(&desk)["id"], offered["id"]);
    assert_eq!(
        approve(&desk, &offered).problem(),
        (409, "stale".to_owned())
    );
    assert!(states(&desk).iter().all(|state| state == "signed"));
    let nobody = desk.post("/api/console/batches/xyz/approve", &json!({}));
    assert_eq!(nobody.problem().0, 404);
}

#[test]
fn own_records_and_whatever_has_a_signal_are_never_in_a_batch() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    let plain = bring(
        &server,
        &mut phone,
        careful(&backend, &stall(&backend, 0), 1, &[]),
    );
    let mut own = careful(&backend, &stall(&backend, 1), 2, &[]);
    let head = sample::person(&backend.county, "所长甲");
    own.inspectors.push(InspectorOnRecord {
        person: head.id,
        name: head.name,
        card_no: head.card_no.unwrap_or_default(),
        card_valid_to: head.card_valid_to,
    });
    bring(&server, &mut phone, own);
    let mut hurried = careful(&backend, &stall(&backend, 2), 3, &[]);
    hurried.ended_at = Some(sample::reading(7));
    bring(&server, &mut phone, hurried);
    let desk = Desk::of(&backend, &server, "所长甲");
    assert_eq!(batch(&desk)["records"], json!([plain.id]));
    assert_eq!(sample_ids(&batch(&desk)), [plain.id.to_string()]);
}
