//! The visits before the county's first day, played for real: the last market days of the
//! plan. The county is as its summary says, and a new phone finds the earlier answers.

use serde_json::json;
use xunji_domain::county::MAIN_STATION;
use xunji_tests::market::json as js;
use xunji_tests::market::noon::sync;
use xunji_tests::market::past::calendar::LAST_DAY;
use xunji_tests::market::past::plan::{Plan, write};
use xunji_tests::market::past::play::{Stage, play};
use xunji_tests::market::past::visit::{PastVisit, Review};
use xunji_tests::market::phone::Phone;
use xunji_tests::market::server::Server;
use xunji_tests::market::small::programs;

/// A fixed day: the plan of a test is the same whenever it runs.
fn last_days() -> Plan {
    let first_day = chrono::NaiveDate::from_ymd_opt(2026, 10, 28).unwrap();
    let mut plan = write(first_day, 5, 60).unwrap();
    plan.keep_last_days(3);
    // At least one record goes back and is amended, whatever the seed made of these days.
    let mut words = None;
    let mut with_finding = Vec::new();
    for visit in plan.mornings.iter_mut().flat_map(|m| &mut m.visits) {
        match &visit.review {
            Review::Returned(said) => words = Some(said.clone()),
            Review::Approved if !visit.findings().is_empty() => with_finding.push(visit),
            _ => {}
        }
    }
    if words.is_none()
        && let Some(visit) = with_finding.first_mut()
    {
        visit.review = Review::Returned(xunji_tests::market::past::some_return().unwrap());
    }
    plan
}

#[tokio::test(flavor = "multi_thread")]
async fn past_days_are_whole_and_a_new_phone_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let plan = last_days();
    let stage = Stage {
        out: folder.path().to_owned(),
        programs: programs().unwrap(),
        seed: 5,
        crowd: 0,
    };
    let summary = play(&stage, &plan).await.unwrap();
    // Among what is compared: records, originals, reviews, the chain of every log, the feeds.
    assert_eq!(summary.wrong, Vec::<String>::new());
    let all = plan.visits().count() as u64;
    assert_eq!((summary.inspected, summary.synced), (all, all));
    assert_eq!(summary.waiting, LAST_DAY as u64);
    assert!(summary.returned >= 1);

    let morning = xunji_tests::market::past::midnight(plan.first_day).unwrap() + 8 * 3_600_000;
    let program = stage.programs.join("xunji-server");
    let server = Server::start(&program, &folder.path().join("county"), morning)
        .await
        .unwrap();
    let data = folder.path().join("new-phone");
    let mut phone = Phone::start("new", &stage.programs.join("xunji-headless"), &data)
        .await
        .unwrap();
    phone.set_clock(morning).await.unwrap();
    let code = server.enrol_code(MAIN_STATION).await.unwrap();
    let url = format!("http://{}", server.address);
    phone
        .call(json!({"cmd": "enrol", "server_url": url, "code": code}))
        .await
        .unwrap();
    sync(&mut phone, "pulled").await.unwrap();
    let failed: Vec<&PastVisit> = plan.visits().filter(|v| !v.findings().is_empty()).collect();
    for visit in failed {
        let seen = phone
            .call(json!({"cmd": "operator", "id": visit.operator.id}))
            .await
            .unwrap();
        let last = js::list(&seen, "/last").unwrap();
        assert!(!last.is_empty(), "{}", visit.operator.name);
    }
}
