//! One request to the server's router, on the caller's thread.

use axum::Router;
use axum::body::{Body, to_bytes};
use tower::ServiceExt as _;
use xunji_device::transport::{Answer, Failure, Request};

/// Hands a request over, its body cut after so many bytes; `None` gives all of it.
///
/// # Errors
/// What cannot be said in HTTP is a cut connection.
pub async fn ask(
    router: &Router,
    request: Request,
    bytes: Option<usize>,
) -> Result<Answer, Failure> {
    let mut builder = axum::http::Request::builder()
        .method(request.method)
        .uri(request.path);
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    let mut body = request.body;
    body.truncate(bytes.unwrap_or(usize::MAX));
    let request = builder.body(Body::from(body)).map_err(|_| Failure::Cut)?;
    // The router's own error type has no values.
    let Ok(response) = router.clone().oneshot(request).await;
    let (head, body) = response.into_parts();
    let headers = head
        .headers
        .iter()
        .filter_map(|(n, v)| Some((n.to_string(), v.to_str().ok()?.to_owned())))
        .collect();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Failure::Cut)?;
    Ok(Answer {
        status: head.status.as_u16(),
        headers,
        body: body.to_vec(),
    })
}
