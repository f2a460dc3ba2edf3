//! The console's page and its files, from inside the program. Nothing is loaded from elsewhere.

use crate::app::AppState;
use crate::problem::Refusal;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use rust_embed::{EmbeddedFile, RustEmbed};
use xunji_protocol::problem::Code;

#[derive(RustEmbed)]
#[folder = "../ui/console/dist"]
struct Page;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NOT_BUILT: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>巡集</title>\
    <p>控制台尚未构建：请在 ui 目录运行 npm run build -w console，再重新编译服务器。</p></html>";

/// The page under every address of the console, and its files under theirs.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/", any(answer))
        .route("/{*path}", any(answer))
}

async fn answer(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || path == "api" || path.starts_with("api/") {
        return Refusal::from(Code::NotFound).into_response();
    }
    if let Some(file) = Page::get(path) {
        return file_answer(path, file);
    }
    // A file that is not there is not the page: a script that answers HTML breaks without a word.
    if path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
    {
        return Refusal::from(Code::NotFound).into_response();
    }
    match Page::get("index.html") {
        Some(page) => file_answer("index.html", page),
        None => with_headers(
            (StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response(),
            "text/html; charset=utf-8",
            false,
        ),
    }
}

fn file_answer(path: &str, file: EmbeddedFile) -> Response {
    // Names under assets/ carry a hash of their content.
    let lasting = path.starts_with("assets/");
    with_headers(
        file.data.into_owned().into_response(),
        content_type(path),
        lasting,
    )
}

fn with_headers(mut response: Response, kind: &'static str, lasting: bool) -> Response {
    let cache = if lasting {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let rows = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in rows {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
