//! The afternoon at the station: review, one record sent back and amended, the report, and the
//! record that comes late.

use super::console::Console;
use super::morning::{Visited, photo};
use super::noon::{OnLine, sync};
use super::roll::Roll;
use super::{Step, Stopped, json as js};
use crate::link::{Line, Profile};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Approves every pending record except those named.
pub async fn approve_all_but(console: &Console, day: &str, except: &[&str]) -> Step<u64> {
    let queue = console
        .get(&format!("/api/console/queue?state=pending&day={day}"))
        .await?;
    let mut approved = 0;
    for row in js::list(&queue, "/rows")? {
        let id = js::text(row, "/id")?;
        if except.contains(&id) {
            continue;
        }
        if row.get("approvable").and_then(Value::as_bool) != Some(true) {
            return Err(Stopped(format!(
                "{} cannot be approved: {}",
                row["record_no"], row["why_not"]
            )));
        }
        console.approve(id).await?;
        approved += 1;
    }
    Ok(approved)
}

/// The return reaches the phone with the next pull, is read without signal, and is answered by an
/// amendment with a new photo; the signed record stays.
pub async fn amend(line: &mut OnLine, roll: &mut Roll, returned: &Visited, item: &str) -> Step<()> {
    sync(&mut line.phone, "pulled").await?;
    line.link.set(Line::Down);
    let record = line
        .phone
        .call(json!({"cmd": "record", "id": returned.id}))
        .await?;
    let open = js::list(&record, "/open")?;
    if open
        .iter()
        .filter_map(|o| o.get("item").and_then(Value::as_str))
        .ne([item])
    {
        return Err(Stopped(format!(
            "the phone shows {open:?} as sent back, not {item}"
        )));
    }
    let draft = line
        .phone
        .call(json!({"cmd": "start_amendment", "inspection": returned.id}))
        .await?;
    let id = js::text(&draft, "/id")?.to_owned();
    line.phone
        .call(json!({"cmd": "amend_item", "amendment": id, "item": item,
            "problem": "经补充查看：问题位于操作台左侧，范围约半米，已拍近照"}))
        .await?;
    photo(
        &mut line.phone,
        roll,
        &id,
        json!({"kind": "items", "items": [item]}),
    )
    .await?;
    line.phone
        .call(json!({"cmd": "amend_reason", "amendment": id, "reason": "按退回意见补拍近照并写明位置"}))
        .await?;
    let pen = json!([[120, 400, 30, -60, 25, 70]]);
    for inspector in js::list(&draft, "/inspectors")? {
        let person = inspector
            .get("person")
            .or_else(|| inspector.get("id"))
            .cloned()
            .unwrap_or(Value::Null);
        line.phone
            .call(
                json!({"cmd": "sign_amendment", "amendment": id, "person": person, "strokes": pen}),
            )
            .await?;
    }
    line.phone
        .call(json!({"cmd": "finish_amendment", "amendment": id}))
        .await?;
    line.link.set(Line::Up(Profile::STATION_WIFI));
    sync(&mut line.phone, "all").await?;
    Ok(())
}

/// Makes the next version of the day report, keeps its PDF and gives id, path and version.
pub async fn report(console: &Console, day: &str, out: &Path) -> Step<(String, PathBuf, i64)> {
    let made = console
        .post("/api/console/reports", json!({"day": day}))
        .await?;
    let id = js::text(&made, "/id")?.to_owned();
    let version = js::int(&made, "/version")?;
    let path = out.join(format!("日检查情况汇总-{day}-第{version}版.pdf"));
    let bytes = console
        .bytes(&format!("/api/console/reports/{id}/pdf"))
        .await?;
    std::fs::write(&path, bytes).map_err(|e| Stopped::at("keep the report", e))?;
    Ok((id, path, version))
}
