#![allow(clippy::unwrap_used)]
use super::phone::{Phone, put};
use serde_json::json;
use std::time::Instant;
use xunji_protocol::state;
#[test]
#[ignore]
fn measure() {
    let phone = Phone::on_duty();
    let id = phone.all_passed(&phone.stall(0).clone());
    let codes: Vec<String> = phone.call(json!({"cmd": "draft", "id": id}))["answers"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let mut t = vec![];
    for n in 0..600 {
        let at = Instant::now();
        phone.tap(
            &id,
            &codes[n % codes.len()],
            if n % 3 == 0 { "fail" } else { "pass" },
        );
        t.push(at.elapsed().as_micros());
    }
    t.sort();
    eprintln!(
        "tap median {} us, p95 {} us, max {}",
        t[300], t[570], t[599]
    );
    let base = phone.stall(1).clone();
    let at = Instant::now();
    phone
        .device
        .mirror()
        .write(|m| -> Result<(), crate::store::StoreError> {
            for n in 0..20_000 {
                let mut o = base.clone();
                o.id = xunji_domain::ids::OperatorId(phone.device.new_id().unwrap());
                o.name = format!("柳汀谷家石磨煎饼坊{n}");
                put(m, state::OPERATOR, o.id.0, &o)?;
            }
            Ok(())
        })
        .unwrap();
    eprintln!("20k operators in {:?}", at.elapsed());
    for q in ["", "柳汀", "ltgj", "煎饼坊19999", "zzzz"] {
        let at = Instant::now();
        let r = phone.call(json!({"cmd": "operators", "query": q, "limit": 30, "offset": 0}));
        eprintln!("search {q:?}: {:?} total {}", at.elapsed(), r["total"]);
    }
    let at = Instant::now();
    phone.call(json!({"cmd": "today"}));
    eprintln!("today {:?}", at.elapsed());
    eprintln!(
        "mirror {} bytes",
        std::fs::metadata(phone.home.path().join("mirror.db"))
            .unwrap()
            .len()
    );
    let at = Instant::now();
    let phone = phone.reopened();
    eprintln!("reopen clean {:?}", at.elapsed());
    crate::store::quarantine::doubt(&phone.home.path().join("mirror.db"));
    let at = Instant::now();
    let _p = phone.reopened();
    eprintln!("reopen with check {:?}", at.elapsed());
}
