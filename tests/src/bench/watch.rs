//! How long a page takes from an action until what was asked for is on the screen, measured inside
//! the page: the driver's own way to it is not part of the figure.

use crate::market::{Step, Stopped};
use crate::window::Page;
use serde_json::Value;
use std::time::Duration;

/// Longest wait for one figure.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(15);

/// Does something and waits until a condition holds in a drawn frame; gives the milliseconds. Both are
/// JavaScript: `action` statements, `condition` an expression. `$(id)` finds by `data-testid`,
/// `$$(prefix)` all that begin so.
///
/// # Errors
/// When the condition does not come true, or the script fails.
pub async fn until(page: &Page, action: &str, condition: &str) -> Step<f64> {
    let script = format!(
        "const $ = (id) => document.querySelector(`[data-testid=\"${{id}}\"]`);
         const $$ = (start) => [...document.querySelectorAll(`[data-testid^=\"${{start}}\"]`)];
         const seen = () => {{ try {{ return {condition} }} catch {{ return false }} }};
         window.__measured = null;
         const began = performance.now();
         const look = () => requestAnimationFrame(() => {{
           if (!seen()) return look();
           // The frame in which it holds is drawn when the next task runs.
           setTimeout(() => {{ window.__measured = performance.now() - began }});
         }});
         {action};
         look();"
    );
    page.script(&script, Vec::new()).await?;
    let ends = tokio::time::Instant::now() + PATIENCE;
    loop {
        let said = page.script("return window.__measured", Vec::new()).await?;
        if let Some(ms) = said.as_f64() {
            return Ok(ms);
        }
        if tokio::time::Instant::now() > ends {
            let path = page.path().await?;
            return Err(Stopped(format!("{path}: not seen: {condition}")));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A JavaScript string.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
