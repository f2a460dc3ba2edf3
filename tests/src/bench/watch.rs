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
    let begin = format!("const began = performance.now(); {action}; look(began);");
    page.script(&watching(condition, &begin), Vec::new())
        .await?;
    measured(page, condition).await
}

/// Touches a control with a finger and waits likewise; counted from the moment the finger leaves the glass.
///
/// # Errors
/// As [`until`]; when what arrives in the page is no touch.
pub async fn touched(page: &Page, id: &str, condition: &str) -> Step<f64> {
    let begin = "const once = { once: true, capture: true, passive: true };
         window.__finger = null;
         addEventListener('pointerdown', (event) => { window.__finger = event.pointerType }, once);
         addEventListener('touchend', (event) => look(event.timeStamp), once);";
    page.script(&watching(condition, begin), Vec::new()).await?;
    page.touch(id).await?;
    let ms = measured(page, condition).await?;
    let finger = page.script("return window.__finger", Vec::new()).await?;
    if finger != "touch" {
        return Err(Stopped(format!("{id} was met by {finger}, not by a touch")));
    }
    Ok(ms)
}

/// A script that begins somehow and calls `look(began)`, which waits for the condition.
fn watching(condition: &str, begin: &str) -> String {
    format!(
        "const $ = (id) => document.querySelector(`[data-testid=\"${{id}}\"]`);
         const $$ = (start) => [...document.querySelectorAll(`[data-testid^=\"${{start}}\"]`)];
         const seen = () => {{ try {{ return {condition} }} catch {{ return false }} }};
         window.__measured = null;
         const look = (began) => requestAnimationFrame(() => {{
           if (!seen()) return look(began);
           // The frame in which it holds is drawn when the next task runs.
           setTimeout(() => {{ window.__measured = performance.now() - began }});
         }});
         {begin}"
    )
}

async fn measured(page: &Page, condition: &str) -> Step<f64> {
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
