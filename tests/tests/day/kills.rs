//! SIGKILL at twenty seeded points: between taps, within 30 ms after one, and inside each step of
//! the photo pipeline. Every answer whose control had changed is there afterwards, and a photo
//! whose app was killed during take-over is found again.

use serde_json::json;
use std::time::Duration;
use xunji_device::photos::steps::Step;
use xunji_domain::checklist::for_kind;
use xunji_domain::words::OperatorKind;
use xunji_tests::link::schedule::SplitMix;
use xunji_tests::market::json as js;
use xunji_tests::market::phone::Phone;
use xunji_tests::market::script::{Whom, pick};
use xunji_tests::market::small::SmallDay;

async fn draft_on(day: &SmallDay, phone: &mut Phone) -> (String, OperatorKind) {
    let visit = &day.script.visits[0];
    phone.set_clock(visit.start).await.unwrap();
    let Whom::Known(operator) = &visit.whom else {
        panic!("visit 0 goes to somebody known")
    };
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": operator.id}))
        .await
        .unwrap();
    (js::text(&draft, "/id").unwrap().to_owned(), operator.kind)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_answer_is_lost_at_twenty_points() {
    let folder = tempfile::tempdir().unwrap();
    let day = SmallDay::begin(folder.path(), 12, 0).await.unwrap();
    let mut phone = day
        .phone("team1", &["检查员甲", "检查员乙"])
        .await
        .unwrap()
        .phone;
    let (id, kind) = draft_on(&day, &mut phone).await;
    let items = &for_kind(kind).unwrap().items;
    let mut random = SplitMix::new(12);
    let answers = ["pass", "fail", "not_applicable", "unchecked"];
    let mut acknowledged = std::collections::BTreeMap::new();
    for point in 0..20 {
        for _ in 0..=pick(&mut random, 4) {
            let item = &items[usize::try_from(pick(&mut random, items.len() as u64)).unwrap()].code;
            let answer = answers[usize::try_from(pick(&mut random, 4)).unwrap()];
            let tap = json!({"cmd": "answer", "inspection": id, "item": item.as_str(), "answer": answer,
                "shown_ms": 900, "answered_by": "card"});
            phone.call(tap).await.unwrap();
            acknowledged.insert(item.as_str().to_owned(), answer);
        }
        // One more tap, whose answer nobody waits for: the kill comes 0 to 30 ms after it.
        let item = &items[usize::try_from(pick(&mut random, items.len() as u64)).unwrap()].code;
        let tap = json!({"cmd": "answer", "inspection": id, "item": item.as_str(), "answer": "pass",
            "shown_ms": 900, "answered_by": "card"});
        phone.send(tap).await.unwrap();
        tokio::time::sleep(Duration::from_millis(
            u64::try_from(pick(&mut random, 31)).unwrap(),
        ))
        .await;
        phone.kill().await.unwrap();
        phone.open().await.unwrap();
        let draft = phone.call(json!({"cmd": "draft", "id": id})).await.unwrap();
        for (code, answer) in &acknowledged {
            let found = draft["answers"][code]["answer"].as_str();
            let undecided = code == item.as_str() && found == Some("pass");
            assert!(
                found == Some(answer) || undecided,
                "point {point}: {code} is {found:?}, was {answer}"
            );
        }
        if draft["answers"][item.as_str()]["answer"] == "pass" {
            acknowledged.insert(item.as_str().to_owned(), "pass");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_killed_inside_any_step_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = SmallDay::begin(folder.path(), 13, Step::ALL.len() as u64)
        .await
        .unwrap();
    let mut phone = day
        .phone("team1", &["检查员甲", "检查员乙"])
        .await
        .unwrap()
        .phone;
    let (id, _) = draft_on(&day, &mut phone).await;
    for step in Step::ALL {
        let name = serde_json::to_value(step).unwrap();
        phone.kill().await.unwrap();
        phone.open_to_stop_at(name.as_str().unwrap()).await.unwrap();
        shoot_until_the_kill(&mut day, &mut phone, &id, step).await;
        phone.open().await.unwrap();
        let draft = phone.call(json!({"cmd": "draft", "id": id})).await.unwrap();
        let found: Vec<_> = js::list(&draft, "/photos")
            .unwrap()
            .iter()
            .map(|p| p["sha256"].clone())
            .collect();
        for sha in &day.roll.taken {
            assert!(
                found.contains(&json!(sha)),
                "killed at {step:?}: {sha} is not among {found:?}"
            );
        }
    }
}

/// One photo of the storefront, cut short by SIGKILL after `step`. Before the camera opens there is no
/// photo yet to lose: that one is only expected.
async fn shoot_until_the_kill(day: &mut SmallDay, phone: &mut Phone, id: &str, step: Step) {
    let expect =
        json!({"cmd": "expect_photo", "inspection": id, "purpose": {"kind": "storefront"}});
    if step == Step::Expected {
        phone.send(expect).await.unwrap();
        phone.kill_where_it_stops().await.unwrap();
        return;
    }
    let expected = phone.call(expect).await.unwrap();
    let camera = js::text(&expected, "/folder").unwrap();
    let path = day.roll.shoot(std::path::Path::new(camera)).unwrap();
    let photo = js::text(&expected, "/photo").unwrap();
    let take = json!({"cmd": "take_over", "photo": photo, "path": path, "origin": "camera"});
    phone.send(take).await.unwrap();
    phone.kill_where_it_stops().await.unwrap();
}
