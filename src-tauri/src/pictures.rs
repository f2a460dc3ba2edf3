//! The scheme `photo://`: pictures decrypted by the core, one at a time, never kept by the window.
//! `photo://localhost/<photo>/thumbnail` and `…/large`.

use std::sync::Arc;
use tauri::http::{HeaderValue, Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};
use xunji_device::door::Door;

/// Answers a request of the page on a worker thread.
pub fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let door = Arc::clone(&context.app_handle().state::<Arc<Door>>());
    let path = request.uri().path().to_owned();
    tauri::async_runtime::spawn_blocking(move || {
        responder.respond(match door.picture(&path) {
            Some(bytes) => response(StatusCode::OK, bytes),
            None => response(StatusCode::NOT_FOUND, Vec::new()),
        });
    });
}

fn response(status: StatusCode, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let jpeg = HeaderValue::from_static("image/jpeg");
    headers.insert(header::CONTENT_TYPE, jpeg);
    let unkept = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, unkept);
    response
}
