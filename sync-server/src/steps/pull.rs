//! `POST /api/v1/sync/pull`: states of the device's feeds, paged; also the first filling.

use super::read_json;
use crate::app::{App, AppState};
use crate::auth_device::{self, feeds_of};
use crate::problem::{Answer, internal};
use crate::storage::enrolment::{self, Device};
use crate::storage::pages::{self, Page, PageRequest, Paged};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use xunji_domain::time::Millis;
use xunji_protocol::feed::{Cursor, FeedHeads, HEADS_CONTEXT};
use xunji_protocol::frame::{BODY, ENTRY, FrameWriter, HEADER};
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::limits::PULL_PAGE;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::steps::pull::{CONTENT_TYPE, PageEnd, PageHeader, PullRequest};
use xunji_protocol::verdict::Effect;
use xunji_protocol::version;

/// Bytes of a request: a cursor grows with the feeds.
const LIMIT: usize = 64 * 1024;

/// The handler.
pub async fn pull(State(app): State<AppState>, headers: HeaderMap, body: Body) -> Answer<Response> {
    let device = auth_device::device(&app, &headers).await?;
    if !device.active {
        return Err(Code::Forbidden.into());
    }
    let request: PullRequest = read_json(body, LIMIT).await?;
    let bytes = app.blocking(move |app| run(app, &device, &request)).await?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], bytes).into_response())
}

fn run(app: &App, device: &Device, request: &PullRequest) -> Answer<Vec<u8>> {
    let cursor = match request.cursor.as_str() {
        "" => Cursor::default(),
        text => Cursor::decode(text).ok_or(Code::BadRequest)?,
    };
    let logs = enrolment::logs(&app.store, app.bureau, device.device)?;
    let feeds = feeds_of(device, &logs);
    let asked = PageRequest {
        feeds: feeds.clone(),
        cursor,
        max_bytes: request.max_bytes.min(PULL_PAGE),
    };
    let page = match pages::page(&app.store, app.bureau, app.epoch(), asked)? {
        Paged::Page(page) => page,
        Paged::OtherHistory(feed) => {
            return Err(Problem::new(Code::CursorHistory).with("feed", feed).into());
        }
    };
    let head = PageHeader {
        protocol: version::CURRENT,
        feeds,
        server_time: app.clock.now(),
    };
    let heads = if page.more {
        None
    } else {
        Some(signed(app, &page, head.server_time)?)
    };
    encode(&head, page, heads).map_err(|e| internal(&e))
}

/// What this server says of its own history, for the phone to keep: a server that was put back is shown it.
fn signed(app: &App, page: &Page, server_time: Millis) -> Answer<SignedStatement> {
    let said = FeedHeads {
        epoch: app.epoch(),
        server_time,
        feeds: page.cursor.feeds.clone(),
    };
    SignedStatement::make(&app.keys.receipts, HEADS_CONTEXT, &said).map_err(|e| internal(&e))
}

fn encode(
    head: &PageHeader,
    page: Page,
    heads: Option<SignedStatement>,
) -> Result<Vec<u8>, serde_json::Error> {
    let mut frame = FrameWriter::default();
    frame.line(HEADER, &serde_json::to_vec(head)?);
    for (entry, state) in &page.entries {
        frame.line(ENTRY, &serde_json::to_vec(entry)?);
        if let Some(state) = state {
            frame.line(BODY, state);
        }
    }
    let passed = page
        .cursor
        .feeds
        .iter()
        .map(|h| Effect {
            feed: h.feed.clone(),
            pos: h.pos,
        })
        .collect();
    frame.finish(PageEnd {
        cursor: page.cursor.encode()?,
        more: page.more,
        passed,
        heads,
    })
}
