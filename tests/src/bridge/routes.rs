//! What the page asks: the shell's three commands, pictures, the one event, and the files of the page.

use super::guard::{self, Guard};
use crate::looks::site;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse as _, Response, Sse};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use futures_core::Stream;
use serde_json::Value;
use std::convert::Infallible;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{mpsc, watch};
use xunji_device::api::ApiError;
use xunji_device::door::{Body, Door, Piece};
use xunji_domain::ids::PhotoId;

#[derive(Clone)]
struct Shared {
    door: Arc<Door>,
    changes: watch::Receiver<u64>,
}

/// Everything that is served.
pub fn router(
    door: Arc<Door>,
    changes: watch::Receiver<u64>,
    page: PathBuf,
    guard: Arc<Guard>,
) -> Router {
    let bridge = Router::new()
        .route("/bridge/call", post(call))
        .route("/bridge/photo_chunk", post(photo_chunk))
        .route("/bridge/take_photo", post(take_photo))
        .route("/bridge/photo/{photo}/{rendition}/{token}", get(picture))
        .route("/bridge/events/{token}", get(events))
        .with_state(Shared { door, changes });
    let files = Router::new().fallback(site::file).with_state(page);
    files
        .merge(bridge)
        .layer(middleware::from_fn_with_state(guard, guard::hold))
}

async fn call(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let command = body.get("cmd").cloned().unwrap_or(Value::Null);
    on_worker(move || shared.door.call(command)).await
}

async fn photo_chunk(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    on_worker(move || {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let piece = Piece::read(said)?;
        let text = said(header::CONTENT_TYPE.as_str()) == Some("application/json");
        let read = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let body = if text {
            Body::Text(&read)
        } else {
            Body::Raw(&body)
        };
        shared.door.piece(&piece, &body.bytes()?)
    })
    .await
}

#[derive(serde::Deserialize)]
struct Wanted {
    photo: PhotoId,
}

async fn take_photo(State(shared): State<Shared>, Json(wanted): Json<Wanted>) -> Response {
    on_worker(move || shared.door.photograph(wanted.photo)).await
}

/// As Tauri answers: the value, or the coded error with which the page's promise is rejected.
async fn on_worker(work: impl FnOnce() -> Result<Value, ApiError> + Send + 'static) -> Response {
    let done = tokio::task::spawn_blocking(work).await;
    match done.unwrap_or_else(|_| Err(ApiError::no_answer())) {
        Ok(value) => Json(value).into_response(),
        Err(error) => (StatusCode::CONFLICT, Json(error)).into_response(),
    }
}

async fn picture(
    State(shared): State<Shared>,
    Path((photo, rendition, _)): Path<(String, String, String)>,
) -> Response {
    let path = format!("{photo}/{rendition}");
    let read = tokio::task::spawn_blocking(move || shared.door.picture(&path)).await;
    match read.ok().flatten() {
        Some(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, "image/jpeg"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Events on their way to one page.
struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}

async fn events(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // One at a time: what a slow page does not take is replaced by the next.
    let (out, events) = mpsc::channel(1);
    let mut changes = shared.changes;
    changes.mark_unchanged();
    tokio::spawn(async move {
        while changes.changed().await.is_ok() {
            if out.send(Event::default().data("changed")).await.is_err() {
                return;
            }
        }
    });
    Sse::new(Events(events)).keep_alive(KeepAlive::default())
}
