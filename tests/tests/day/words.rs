//! What is refused, and in which words.

use serde_json::json;
use xunji_tests::market::json as js;
use xunji_tests::market::script::Whom;
use xunji_tests::market::small::{SmallDay, choose_inspectors};
use xunji_tests::photos::bad;

#[tokio::test(flavor = "multi_thread")]
async fn one_inspector_and_bad_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let day = SmallDay::begin(folder.path(), 14, 0).await.unwrap();
    let mut phone = day.phone("team1", &["检查员甲"]).await.unwrap().phone;
    choose_inspectors(&mut phone, &["检查员甲"]).await.unwrap();
    let Whom::Known(operator) = &day.script.visits[0].whom else {
        panic!("known")
    };
    phone.set_clock(day.script.visits[0].start).await.unwrap();
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": operator.id}))
        .await
        .unwrap();
    let id = js::text(&draft, "/id").unwrap();
    let blockers = js::list(&draft, "/blockers").unwrap();
    assert!(
        blockers.iter().any(|b| b["code"] == "too_few_inspectors"),
        "{blockers:?}"
    );
    let refused = phone
        .refused(json!({"cmd": "finish", "inspection": id}))
        .await
        .unwrap();
    assert_eq!(refused["code"], "blocked");

    let pictures = [
        ("empty.jpg", bad::zero_bytes(), Err("photo_empty")),
        ("text.jpg", bad::not_an_image(), Err("photo_not_picture")),
        ("cut.jpg", bad::truncated(), Ok("sealed")),
        ("huge.jpg", bad::huge_header(), Ok("sealed")),
    ];
    for (name, bytes, outcome) in pictures {
        let expect =
            json!({"cmd": "expect_photo", "inspection": id, "purpose": {"kind": "storefront"}});
        let expected = phone.call(expect).await.unwrap();
        let path = std::path::Path::new(js::text(&expected, "/folder").unwrap()).join(name);
        std::fs::write(&path, bytes).unwrap();
        let photo = js::text(&expected, "/photo").unwrap();
        let take = json!({"cmd": "take_over", "photo": photo, "path": path, "origin": "camera"});
        match outcome {
            Err(code) => {
                let refused = phone.refused(take).await.unwrap();
                assert_eq!(refused["code"], code, "{name}: {refused}");
            }
            Ok(state) => {
                let taken = phone.call(take).await.unwrap();
                assert_eq!(taken["state"], state, "{name}: {taken}");
            }
        }
    }
    // The record goes on.
    let item = xunji_domain::checklist::for_kind(operator.kind)
        .unwrap()
        .items[0]
        .code
        .clone();
    let tap = json!({"cmd": "answer", "inspection": id, "item": item.as_str(), "answer": "pass",
        "shown_ms": 1, "answered_by": "card"});
    phone.call(tap).await.unwrap();
}
