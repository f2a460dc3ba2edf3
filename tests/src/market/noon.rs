//! Noon: a bar of signal. Every phone's line is slow and torn until all records and thumbnails are
//! in; then the station's Wi-Fi carries copies and originals. A phone and the server are killed on the way.

use super::phone::Phone;
use super::server::Server;
use super::{Step, Stopped};
use crate::link::Link;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Longest time one goal may take before the day is called lost.
const PATIENCE_MS: u64 = 150_000;

/// A phone with its line.
pub struct OnLine {
    /// The phone.
    pub phone: Phone,
    /// Its line.
    pub link: Link,
}

/// Runs a phone's sync until a goal; the answer is its sync state.
pub async fn sync(phone: &mut Phone, until: &str) -> Step<Value> {
    sync_within(phone, until, PATIENCE_MS).await
}

/// The same with another longest time, in milliseconds: for what must be made however slow a machine is.
pub async fn sync_within(phone: &mut Phone, until: &str, most_ms: u64) -> Step<Value> {
    let command =
        json!({"cmd": "sync_run", "until": until, "max_ms": most_ms, "originals_now": false});
    let state = phone.call(command).await?;
    if state.get("reached").and_then(Value::as_bool) == Some(false) {
        return Err(Stopped(format!(
            "{} did not reach {until} in time: {state}",
            phone.name
        )));
    }
    Ok(state)
}

/// Syncs both teams at once until a goal and gives the seconds.
pub async fn both(one: &mut OnLine, two: &mut OnLine, until: &str) -> Step<f64> {
    let start = Instant::now();
    let (first, second) = tokio::join!(sync(&mut one.phone, until), sync(&mut two.phone, until));
    first?;
    second?;
    Ok(start.elapsed().as_secs_f64())
}

/// Syncs both teams while one phone and the server are killed in the middle; gives their pids.
pub async fn both_with_kills(
    one: &mut OnLine,
    two: &mut OnLine,
    server: &mut Server,
) -> Step<[u32; 2]> {
    one.phone
        .send(json!({"cmd": "sync_run", "until": "records", "max_ms": PATIENCE_MS}))
        .await?;
    two.phone
        .send(json!({"cmd": "sync_run", "until": "records", "max_ms": PATIENCE_MS}))
        .await?;
    tokio::time::sleep(Duration::from_millis(3_500)).await;
    let phone = one.phone.kill().await?;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let server_pid = server.kill().await?;
    server.open().await?;
    one.link.set_upstream(server.address);
    two.link.set_upstream(server.address);
    one.phone.open().await?;
    Ok([phone, server_pid])
}
