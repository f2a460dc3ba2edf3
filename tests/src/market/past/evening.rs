//! The evening at the station: everything goes to the server, the supervisor looks at each record, and
//! what he sends back is amended.

use super::camera::Camera;
use super::on_site::person;
use super::pen;
use super::visit::{PastVisit, Review};
use super::words::ReturnWords;
use crate::market::console::Console;
use crate::market::json as js;
use crate::market::morning::{Visited, photo_by};
use crate::market::noon::{OnLine, sync_within};
use crate::market::{Step, Stopped};
use serde_json::json;

/// Longest time a phone may take at the station. A slow machine makes the county slowly, but whole.
pub const PATIENCE_MS: u64 = 900_000;

/// What the evenings came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// Records approved.
    pub approved: u64,
    /// Records sent back, amended and then approved.
    pub returned: u64,
    /// Records that wait.
    pub waiting: u64,
}

/// Reviews one team's records of the day as planned.
///
/// # Errors
/// What phone or server refuse.
pub async fn review(
    console: &Console,
    line: &mut OnLine,
    camera: &mut Camera,
    done: &[(&PastVisit, Visited)],
) -> Step<Reviewed> {
    let mut count = Reviewed::default();
    for (plan, visited) in done {
        match &plan.review {
            Review::Waits => count.waiting += 1,
            Review::Approved => {
                console.approve(&visited.id).await?;
                count.approved += 1;
            }
            Review::Returned(words) => {
                let found = plan.findings().first();
                let found = found.ok_or_else(|| Stopped("nothing to send back".into()))?;
                console
                    .send_back(&visited.id, &found.item, &words.reason)
                    .await?;
                let problem = format!("{}{}", found.problem, words.addition);
                let amended = Amended {
                    item: &found.item,
                    problem,
                    words,
                    pen: plan.pen,
                };
                amend(line, camera, &visited.id, &amended).await?;
                console.approve(&visited.id).await?;
                count.returned += 1;
            }
        }
    }
    Ok(count)
}

struct Amended<'a> {
    item: &'a str,
    problem: String,
    words: &'a ReturnWords,
    pen: u64,
}

/// The return reaches the phone, both inspectors answer it with a photo and sign, and it goes back.
async fn amend(line: &mut OnLine, camera: &mut Camera, id: &str, new: &Amended<'_>) -> Step<()> {
    sync_within(&mut line.phone, "pulled", PATIENCE_MS).await?;
    let phone = &mut line.phone;
    let draft = phone
        .call(json!({"cmd": "start_amendment", "inspection": id}))
        .await?;
    let amendment = js::text(&draft, "/id")?.to_owned();
    phone
        .call(
            json!({"cmd": "amend_item", "amendment": amendment, "item": new.item,
            "problem": new.problem}),
        )
        .await?;
    let purpose = json!({"kind": "items", "items": [new.item]});
    let now = js::int(&draft, "/started_at/wall").unwrap_or(0);
    photo_by(phone, &amendment, purpose, |folder| {
        camera.shoot(folder, now)
    })
    .await?;
    phone
        .call(json!({"cmd": "amend_reason", "amendment": amendment, "reason": new.words.answer}))
        .await?;
    for (at, inspector) in (11_u64..).zip(js::list(&draft, "/inspectors")?) {
        phone
            .call(
                json!({"cmd": "sign_amendment", "amendment": amendment, "person": person(inspector),
                "strokes": pen::signature(new.pen.wrapping_add(at))}),
            )
            .await?;
    }
    phone
        .call(json!({"cmd": "finish_amendment", "amendment": amendment}))
        .await?;
    sync_within(phone, "all", PATIENCE_MS).await?;
    Ok(())
}
