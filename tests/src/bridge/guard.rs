//! Who may ask: the page that was opened with the token, from this machine, under this address. Another page of the same
//! browser, a name that was bent to 127.0.0.1, and whoever only knows the port may not.

use super::TOKEN;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::SocketAddr;
use std::sync::Arc;

/// What a request is held against.
pub struct Guard {
    host: String,
    origin: String,
    token: String,
    rules: String,
}

impl Guard {
    /// For a bridge at an address.
    pub fn new(address: SocketAddr, token: String, rules: String) -> Arc<Self> {
        Arc::new(Self {
            host: address.to_string(),
            origin: format!("http://{address}"),
            token,
            rules,
        })
    }

    /// Whether host, origin and, for all but the files of the page, token are right.
    fn lets(&self, request: &Request) -> bool {
        let said = |name: HeaderName| request.headers().get(name).map(HeaderValue::as_bytes);
        let here = said(header::HOST) == Some(self.host.as_bytes());
        let own = said(header::ORIGIN).is_none_or(|origin| origin == self.origin.as_bytes());
        let page = !request.uri().path().starts_with("/bridge/");
        here && own && (page || self.knows(request))
    }

    /// In the header; pictures and events, which come without headers of ours, have it at the end of their path.
    fn knows(&self, request: &Request) -> bool {
        let in_header = request.headers().get(TOKEN).map(HeaderValue::as_bytes);
        let at_the_end = request.uri().path().rsplit('/').next();
        let said = in_header.or_else(|| at_the_end.map(str::as_bytes));
        said == Some(self.token.as_bytes())
    }
}

/// Refuses what is not the page's, and gives every answer the rules of the app's page.
pub async fn hold(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if !guard.lets(&request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut answer = next.run(request).await;
    if let Ok(rules) = HeaderValue::from_str(&guard.rules) {
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, rules);
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
    }
    answer
}
