//! Row 3: SIGKILL of the real server while two phones send.

use crate::link::schedule::SplitMix;
use crate::market::json as js;
use crate::market::noon::OnLine;
use crate::market::small::SmallDay;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::deeds::{PEN, picture};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::time::Duration;

/// The row.
pub const ROW: Row = Row {
    key: "3",
    fault: "server killed (-9) while it takes changes and photos",
    trials: 500,
    short: 30,
    run,
};

fn run(plan: &Plan) -> Step<Count> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Stopped::at("runtime", e))?;
    runtime.block_on(play(plan))
}

#[derive(Default)]
struct Made {
    photos: Vec<String>,
    records: Vec<Value>,
}

async fn play(plan: &Plan) -> Step<Count> {
    let mut day = SmallDay::begin(&plan.out, plan.seed, 0).await?;
    let mut random = SplitMix::new(plan.seed);
    let mut one = day.phone("team1", &["检查员甲", "检查员乙"]).await?;
    let mut two = day.phone("team2", &["检查员丙", "检查员丁"]).await?;
    let mut made = Made::default();
    for trial in 0..plan.trials {
        for line in [&mut one, &mut two] {
            visit(line, trial, &mut random, &mut made).await?;
            let sync =
                json!({"cmd": "sync_run", "until": "all", "max_ms": 1_500, "originals_now": true});
            line.phone.send(sync).await?;
        }
        tokio::time::sleep(Duration::from_millis(random.between(0, 400))).await;
        day.server.kill().await?;
        day.server.open().await?;
        one.link.set_upstream(day.server.address);
        two.link.set_upstream(day.server.address);
    }
    for line in [&mut one, &mut two] {
        line.phone
            .call(json!({"cmd": "sync_run", "until": "all", "max_ms": 600_000, "originals_now": true}))
            .await?;
        line.phone.kill().await?;
    }
    day.server.kill().await?;
    let taken = json!({"photos": made.photos, "records": made.records});
    let homes = [one.phone.data.clone(), two.phone.data.clone()];
    let mut count = super::disks::compared(&taken, &day.out.join("county"), &homes)?;
    count.trials = plan.trials;
    Ok(count)
}

/// A stall of its own, found closed: a new entry, a photo and a record to send.
async fn visit(line: &mut OnLine, trial: u64, random: &mut SplitMix, made: &mut Made) -> Step<()> {
    let phone = &mut line.phone;
    let markets = phone.call(json!({"cmd": "markets"})).await?;
    let market = js::list(&markets, "")?.first().map(|m| m["id"].clone());
    let name = format!("{}摊{trial:05}", phone.name);
    let stall = phone
        .call(
            json!({"cmd": "register_operator", "kind": "stall", "name": name, "owner": "经营者甲",
            "market": market, "slot": "东排", "varieties": ["烧饼"]}),
        )
        .await?;
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": stall["id"]}))
        .await?;
    let id = js::text(&draft, "/id")?.to_owned();
    let bytes = picture(random.next_u64())?;
    let expected = phone
        .call(json!({"cmd": "expect_photo", "inspection": id, "purpose": {"kind": "storefront"}}))
        .await?;
    let path = Path::new(js::text(&expected, "/folder")?).join("IMG.jpg");
    std::fs::write(&path, &bytes).map_err(|e| Stopped::at("camera", e))?;
    phone
        .call(json!({"cmd": "take_over", "photo": expected["photo"], "path": path, "origin": "camera"}))
        .await?;
    for command in [
        json!({"cmd": "notice", "inspection": id, "given": true}),
        json!({"cmd": "not_inspected", "inspection": id, "reason": "未营业"}),
        json!({"cmd": "party_absent", "inspection": id}),
    ] {
        phone.call(command).await?;
    }
    for person in js::list(&draft, "/inspectors")? {
        let sign = json!({"cmd": "sign_inspector", "inspection": id, "person": person["id"], "strokes": PEN});
        phone.call(sign).await?;
    }
    phone
        .call(json!({"cmd": "finish", "inspection": id}))
        .await?;
    made.photos.push(hex::encode(Sha256::digest(&bytes)));
    made.records
        .push(json!({"id": id, "record_no": draft["record_no"]}));
    Ok(())
}
