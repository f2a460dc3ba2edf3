//! What every call of the interface passes: no request of another site changes anything, and no
//! answer stays in a cache.

use crate::problem::Refusal;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use xunji_protocol::problem::Code;

/// Sent by our own page with every change. Another site cannot add it without asking first.
const MARK: &str = "x-xunji-console";

/// Refuses changes that do not come from our own page.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let ours = marked(request.headers()) && same_origin(request.headers());
    if !safe && !ours {
        return Refusal::from(Code::Forbidden).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

fn marked(headers: &HeaderMap) -> bool {
    headers.get(MARK).is_some_and(|v| v.as_bytes() == b"1")
}

/// A browser names the page that asks. Without `Origin` it is no browser, and the mark alone
/// decides; with one it has to be the address the request was sent to.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if matches!(text("sec-fetch-site"), Some(site) if site != "same-origin") {
        return false;
    }
    let Some(origin) = text("origin") else {
        return true;
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && [text("host"), text("x-forwarded-host")].contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &'static str)]) -> HeaderMap {
        rows.iter()
            .map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn another_site_is_refused() {
        let ours = [
            ("host", "127.0.0.1:8080"),
            ("origin", "http://127.0.0.1:8080"),
        ];
        assert!(same_origin(&headers(&ours)));
        assert!(same_origin(&headers(&ours[..1])));
        for other in ["http://evil.example", "null", "http://127.0.0.1:8081"] {
            assert!(
                !same_origin(&headers(&[ours[0], ("origin", other)])),
                "{other}"
            );
        }
        let cross = [ours[0], ours[1], ("sec-fetch-site", "cross-site")];
        assert!(!same_origin(&headers(&cross)));
    }
}
