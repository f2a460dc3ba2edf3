//! Who a device request comes from: the bearer token that hello gave.

use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::enrolment::{self, Device};
use axum::http::{HeaderMap, header};
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::Code;
use xunji_protocol::state::{bureau_feed, log_feed, station_feed};

/// The device that holds the request's token.
///
/// # Errors
/// `unauthorized` without a token or with one that is wrong or over: hello gives a new one.
pub async fn device(app: &AppState, headers: &HeaderMap) -> Answer<Device> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok());
    let token = value
        .and_then(|v| v.strip_prefix("Bearer "))
        .ok_or(Code::Unauthorized)?;
    let token = Digest::of(token.as_bytes());
    app.blocking(move |app| by_token(app, token)).await
}

fn by_token(app: &App, token: Digest) -> Answer<Device> {
    let found = enrolment::by_token(&app.store, app.bureau, token, app.clock.now())?;
    found.ok_or_else(|| Code::Unauthorized.into())
}

/// The feeds a device reads, in the order in which a first filling brings them.
pub fn feeds_of(device: &Device, logs: &[LogId]) -> Vec<String> {
    let mut feeds = vec![bureau_feed(), station_feed(device.station)];
    feeds.extend(logs.iter().map(|log| log_feed(*log)));
    feeds
}
