//! Rows 3 and 4: the real server ends while two phones send: by SIGKILL, or because the power goes and what
//! it had not synced is lost.

use super::phone_play::runtime;
use super::power::Power;
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
    trials: 250,
    whole: 500,
    short: 30,
    run: |plan| runtime()?.block_on(play(plan, false)),
};

/// The row in which the disk loses what was not synced.
pub const POWER: Row = Row {
    key: "4",
    fault: "server loses power: what was not synced is gone or torn",
    trials: 120,
    whole: 500,
    short: 15,
    run: |plan| runtime()?.block_on(play(plan, true)),
};

#[derive(Default)]
struct Made {
    photos: Vec<String>,
    records: Vec<Value>,
}

async fn play(plan: &Plan, loses: bool) -> Step<Count> {
    let mut day = SmallDay::begin(&plan.out, plan.seed, 0).await?;
    let mut random = SplitMix::new(plan.seed);
    let mut one = day.phone("team1", &["检查员甲", "检查员乙"]).await?;
    let mut two = day.phone("team2", &["检查员丙", "检查员丁"]).await?;
    let mut made = Made::default();
    let mut power = if loses {
        day.server.kill().await?;
        let power = Power::watch(&day.out.join("county"), &plan.out.join("disk"))?;
        day.server.env = power.env();
        start(&mut day, &mut one, &mut two).await?;
        Some(power)
    } else {
        None
    };
    // A short form that stands still is red soon.
    let patience_ms = 120_000 + plan.trials * 1_000;
    for trial in 0..plan.trials {
        for line in [&mut one, &mut two] {
            visit(line, trial, &mut random, &mut made).await?;
            let sync =
                json!({"cmd": "sync_run", "until": "all", "max_ms": 1_500, "originals_now": true});
            line.phone.send(sync).await?;
        }
        tokio::time::sleep(Duration::from_millis(random.between(0, 400))).await;
        day.server.kill().await?;
        if let Some(power) = &mut power {
            let cut = power.cut()?;
            power.put_last(&cut, &mut random)?;
        }
        start(&mut day, &mut one, &mut two).await?;
    }
    for line in [&mut one, &mut two] {
        line.phone
            .call(json!({"cmd": "sync_run", "until": "all", "max_ms": patience_ms, "originals_now": true}))
            .await?;
        line.phone.kill().await?;
    }
    if let Some(power) = &power {
        power.until_idle().await?;
    }
    day.server.kill().await?;
    // Before the comparison opens the databases, and by that changes them.
    let mut missed = None;
    if let Some(power) = &mut power {
        missed = power.saw_everything()?;
        // Once more, and nobody mends it: after a cut in the middle the phones offer again what the server
        // lost, which would hide that it had been promised.
        let cut = power.cut()?;
        power.put_last(&cut, &mut random)?;
    }
    let taken = json!({"photos": made.photos, "records": made.records});
    let homes = [one.phone.data.clone(), two.phone.data.clone()];
    let mut count = super::disks::compared(&taken, &day.out.join("county"), &homes)?;
    count.trials = plan.trials;
    count.wrong.extend(missed);
    Ok(count)
}

async fn start(day: &mut SmallDay, one: &mut OnLine, two: &mut OnLine) -> Step<()> {
    day.server.open().await?;
    one.link.set_upstream(day.server.address);
    two.link.set_upstream(day.server.address);
    Ok(())
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
