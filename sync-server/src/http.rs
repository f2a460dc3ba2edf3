//! The router: device steps, files and console side by side, problem documents for what none of
//! them knows, one log line per request.

use crate::app::AppState;
use crate::problem::{Answer, Refusal};
use crate::{console, steps, storage};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::time::Instant;
use xunji_protocol::problem::Code;
use xunji_protocol::version;

/// Everything the server answers. Parts add their routes with `merge`, and set no fallback.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .merge(steps::routes())
        .merge(console::routes())
        .fallback(|| async { Refusal::from(Code::NotFound) })
        .method_not_allowed_fallback(|| async { Refusal::from(Code::MethodNotAllowed) })
        .layer(from_fn(note))
        .with_state(state)
}

async fn healthz(State(app): State<AppState>) -> Answer<&'static str> {
    app.blocking(|app| Ok(storage::meta::alive(&app.store)?))
        .await?;
    Ok("ok\n")
}

/// What the library refuses by itself (an address that is no text) it says in words of its own; a
/// phone and a page look for the code.
fn in_our_words(response: Response) -> Response {
    let own_words = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !own_words || !response.status().is_client_error() {
        return response;
    }
    let code = match response.status() {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        _ => Code::BadRequest,
    };
    Refusal::from(code).into_response()
}

/// Names the protocol version in every answer and writes one log line: the route's pattern, never
/// the address itself, a body, or who asked.
async fn note(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|p| p.as_str().to_owned());
    let asked = request.headers().get(version::HEADER);
    let asked = asked.and_then(|v| v.to_str().ok()?.parse().ok());
    let mut response = in_our_words(next.run(request).await);
    response
        .headers_mut()
        .insert(version::HEADER, HeaderValue::from(version::answered(asked)));
    let status = response.status();
    let ms = started.elapsed().as_millis();
    let route = route.as_deref().unwrap_or("-");
    if status >= StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%method, route, status = status.as_u16(), ms, "answered");
    } else {
        tracing::info!(%method, route, status = status.as_u16(), ms, "answered");
    }
    response
}
