//! What the separate checker says of a played day.

use super::summary::Summary;
use super::{Step, Stopped, json as js};
use serde_json::Value;
use std::path::Path;

/// What the separate checker finds in a folder with `county/`, `phones/*/` and `taken.json`.
pub async fn audit_of(programs: &Path, out: &Path) -> Step<Value> {
    audit_against(programs, out, &out.join("county")).await
}

/// The same where the server's folder lies elsewhere.
///
/// # Errors
/// As [`audit_of`].
pub async fn audit_against(programs: &Path, out: &Path, county: &Path) -> Step<Value> {
    let done = tokio::process::Command::new(programs.join("market-audit"))
        .arg(out)
        .arg("--county")
        .arg(county)
        .output()
        .await
        .map_err(|e| Stopped::at("market-audit", e))?;
    serde_json::from_slice(&done.stdout)
        .map_err(|e| Stopped::at(&String::from_utf8_lossy(&done.stderr), e))
}

/// Takes what the audit found into the summary of a whole day, and says where it is not what the day was to be.
///
/// # Errors
/// The audit's answer does not read.
pub(super) fn take_over(summary: &mut Summary, found: &Value, shown: usize) -> Step<()> {
    let count = |pointer: &str| {
        js::int(found, pointer).and_then(|n| u64::try_from(n).map_err(|e| Stopped::at(pointer, e)))
    };
    summary.synced = count("/synced")?;
    summary.lost = count("/lost")?;
    summary.doubled = count("/doubled")?;
    summary.photos_received = count("/photos_received")?;
    summary.approved = count("/approved")?;
    summary.returned = count("/returned")?;
    summary.amended = count("/amended")?;
    summary.conflicts = count("/conflicts")?;
    summary.bytes_sent_twice = summary.bytes_sent.saturating_sub(count("/payload_bytes")?);
    for wrong in js::list(found, "/wrong")? {
        summary
            .wrong
            .push(wrong.as_str().unwrap_or_default().to_owned());
    }
    let mut expect = |what: &str, found: u64, wanted: u64| {
        if found != wanted {
            summary
                .wrong
                .push(format!("{what}：应为 {wanted}，实为 {found}"));
        }
    };
    expect("已同步记录", count("/synced")?, summary.inspected);
    expect("已收原片", count("/photos_received")?, summary.photos_taken);
    expect("已通过", count("/approved")?, summary.inspected);
    expect("退回", count("/returned")?, 1);
    expect("补正", count("/amended")?, 1);
    expect("待裁定的冲突", count("/conflicts")?, 1);
    expect("控制台所列冲突", shown as u64, 1);
    Ok(())
}
