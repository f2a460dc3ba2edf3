//! pull: one page into the mirror in one transaction, then what it confirms.

use super::engine::Engine;
use super::{confirm, heal, hello};
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::{contact, outbox};
use crate::store::mirror::{self, cursor, records};
use crate::sync::errors::{self, Fault};
use crate::sync::pull::{MirrorPlan, plan_page};
use crate::transport::gzip::gunzip;
use std::collections::BTreeSet;
use uuid::Uuid;
use xunji_protocol::guard::Guard;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::pull::{CONTENT_TYPE, PullRequest, read_page};

pub(super) async fn act(
    device: &Device,
    engine: &mut Engine,
    max_bytes: usize,
) -> Result<(), Fault> {
    if !engine.caught_up {
        confirm::catch_up(device)?;
        engine.caught_up = true;
    }
    let (at, known) = device.mirror().read(|read| -> Result<_, StoreError> {
        Ok((cursor::cursor(read)?, cursor::passed(read)?))
    })?;
    let body = serde_json::to_vec(&PullRequest {
        cursor: at,
        max_bytes,
    })
    .map_err(|e| Fault::Local(e.to_string()))?;
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let answer = engine
        .trip(body.len(), max_bytes, transport.pull(&token, body))
        .await?;
    let answer = match errors::ours(answer, Some(CONTENT_TYPE)) {
        Err(Fault::Told(problem)) if problem.code == Code::CursorHistory => {
            return heal::begin_mirror_anew(device, engine);
        }
        read => read?,
    };
    let bytes = match answer.header("content-encoding") {
        Some("gzip") => gunzip(&answer.body).map_err(|_| Fault::BadAnswer("page"))?,
        _ => answer.body,
    };
    let mut page = read_page(&bytes).map_err(|_| Fault::BadAnswer("page"))?;
    let heads = page.end.heads.take();
    let server_time = page.header.server_time;
    let pinned = device.local()?.read(outbox::pinned)?;
    let plan = plan_page(page, &known, &pinned);
    // Until the later words are in the other file too: the cursor will not bring them again.
    engine.caught_up = plan.verdicts.is_empty();
    device
        .mirror()
        .write(|write| apply(write, &plan, &pinned))?;
    confirm::later(device, &plan.verdicts)?;
    engine.caught_up = true;
    engine.pull_due = plan.more;
    if !plan.more {
        let heard = hello::contact_of(device, server_time);
        device.local()?.write(|write| contact::put(write, &heard))?;
        heal::keep_heads(device, engine, heads)?;
    }
    confirm::run(device)?;
    let_go(device)
}

/// What left the scope goes when nothing here names it any more.
fn let_go(device: &Device) -> Result<(), Fault> {
    let gone = device.mirror().read(records::gone)?;
    if gone.is_empty() {
        return Ok(());
    }
    let pinned = device.local()?.read(outbox::pinned)?;
    device.mirror().write(|write| -> Result<(), StoreError> {
        for (feed, kind, id) in gone.iter().filter(|(_, _, id)| !pinned.contains(id)) {
            records::remove(write, feed, kind, *id)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn apply(
    write: &mirror::Write<'_>,
    plan: &MirrorPlan,
    pinned: &BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    for (entry, state) in &plan.upserts {
        records::put(write, entry, state)?;
    }
    for entry in &plan.removals {
        records::remove(write, &entry.feed, &entry.kind, entry.id)?;
    }
    for entry in &plan.pinned {
        records::mark_gone(write, &entry.feed, &entry.kind, entry.id)?;
    }
    for feed in &plan.lost_feeds {
        for (kind, id) in records::of_feed(write, feed)? {
            if pinned.contains(&id) && Guard::Pinned.stands() {
                records::mark_gone(write, feed, &kind, id)?;
            } else {
                records::remove(write, feed, &kind, id)?;
            }
        }
        cursor::forget_feed(write, feed)?;
    }
    if !plan.more {
        cursor::end_anew(write)?;
    }
    cursor::set_passed(write, &plan.passed)?;
    cursor::set_cursor(write, &plan.cursor)
}
