//! The live queue: server-sent events that say how many records wait. Each stream has its own task;
//! it ends with the client, with the session, and with the server.

use super::signed_in::{SignedIn, token};
use crate::app::AppState;
use crate::live::Tick;
use crate::problem::Answer;
use crate::storage::console::{sessions, visits};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_core::Stream;
use serde_json::json;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant, sleep_until};
use xunji_protocol::digest::Digest;

/// A burst of commits is told once: an evening's push brings dozens a second.
const CALM: Duration = Duration::from_millis(150);
/// How often a silent stream asks whether its session still stands.
const ASK: Duration = Duration::from_secs(15);

/// Events on their way to one client.
pub(super) struct Events(Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}

/// `GET /api/console/events`.
pub(super) async fn events(
    State(app): State<AppState>,
    reader: SignedIn,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let token = token(&headers).ok_or(xunji_protocol::problem::Code::Unauthorized)?;
    // One event at a time: what a slow client does not take is replaced by what is true later.
    let (out, events) = mpsc::channel(1);
    tokio::spawn(tell(app, reader, token, out));
    Ok(Sse::new(Events(events)).keep_alive(KeepAlive::new().interval(ASK)))
}

/// Tells one client until somebody leaves.
async fn tell(app: AppState, reader: SignedIn, token: Digest, out: Sender<Event>) {
    let mut ticks = app.live.watch();
    let mut told = None;
    loop {
        let Tick { change, closing } = *ticks.borrow_and_update();
        if closing {
            return;
        }
        let Ok(state) = look(&app, &reader, token).await else {
            return;
        };
        let Some(pending) = state else {
            let _ = out.send(Event::default().event("end").data("{}")).await;
            return;
        };
        if told != Some(change) {
            let data = json!({"pending": pending, "change": change}).to_string();
            if out
                .send(Event::default().event("queue").data(data))
                .await
                .is_err()
            {
                return;
            }
            told = Some(change);
        }
        let calm = Instant::now() + CALM;
        tokio::select! {
            changed = ticks.changed() => if changed.is_err() { return },
            () = out.closed() => return,
            () = tokio::time::sleep(ASK) => {}
        }
        tokio::select! {
            () = sleep_until(calm) => {}
            () = out.closed() => return,
        }
    }
}

/// Records that wait within the reader's scope; `None` when the session has ended.
async fn look(app: &AppState, reader: &SignedIn, token: Digest) -> Answer<Option<u64>> {
    let scope = reader.scope;
    app.blocking(move |app| {
        let now = app.clock.now();
        if sessions::find(&app.store, app.bureau, token, now)?.is_none() {
            return Ok(None);
        }
        Ok(Some(visits::pending(&app.store, scope)?))
    })
    .await
}
