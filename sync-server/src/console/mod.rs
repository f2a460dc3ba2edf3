//! The supervisors' console: its HTTP interface under `/api/console`, and its page.
//!
//! Everything asks for a session first and looks at the county through that session's [`Scope`]:
//! what belongs to another station is answered as if it did not exist.

pub mod accounts;
mod approval;
mod batch;
mod blob;
mod body;
mod carried;
mod chosen;
mod conflicts;
mod desk;
mod events;
mod files;
mod guard;
mod held;
pub(crate) mod integrity;
mod judged;
mod operator;
mod queue;
mod record;
mod records;
mod register;
mod reports;
mod review;
mod rows;
mod search;
mod session;
mod signed_in;
mod statistics;

use crate::app::AppState;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use std::sync::Arc;
use tower_http::CompressionLevel;
use tower_http::compression::predicate::{NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, DefaultPredicate};

pub use crate::storage::console::Scope;
pub use signed_in::SignedIn;

/// The routes of the console: interface and page.
pub fn routes() -> Router<AppState> {
    let interface = Router::new()
        .route("/api/console/login", post(session::login))
        .route("/api/console/logout", post(session::logout))
        .route("/api/console/about", get(session::county))
        .route("/api/console/me", get(session::me))
        .route("/api/console/queue", get(queue::queue))
        .route("/api/console/reasons", get(search::reasons))
        .route("/api/console/filters", get(search::filters))
        .route("/api/console/search", get(search::search))
        .route("/api/console/events", get(events::events))
        .route("/api/console/statistics", get(statistics::statistics))
        .route("/api/console/records", get(records::records))
        .route("/api/console/records/{id}", get(record::record))
        .route("/api/console/records/{id}/approve", post(review::approve))
        .route("/api/console/records/{id}/return", post(review::send_back))
        .route("/api/console/batches/{batch}/approve", post(batch::approve))
        .route("/api/console/blobs/{sha256}", get(blob::blob))
        .route("/api/console/bundles", post(carried::import))
        .route("/api/console/conflicts", get(conflicts::conflicts))
        .route("/api/console/conflicts/resolve", post(conflicts::resolve))
        .route("/api/console/held", get(held::held))
        .route("/api/console/held/{hash}/retry", post(held::retry))
        .route("/api/console/held/{hash}/settle", post(held::settle))
        .route("/api/console/operators", get(register::operators))
        .route("/api/console/operators/{id}", get(operator::operator))
        .merge(reports::routes())
        .layer(from_fn(guard::guard));
    Router::new()
        .merge(interface)
        .merge(files::routes())
        .layer(compressed())
        .layer(axum::Extension(Arc::new(desk::Desk::default())))
}

/// A queue of 200 records is a megabyte of JSON and a tenth of it as gzip, which is what a county's line to
/// its server feels. Pictures and PDFs are as small as they get; events go out one by one.
fn compressed() -> CompressionLayer<impl Predicate> {
    let worth = DefaultPredicate::new().and(NotForContentType::const_new("application/pdf"));
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(worth)
}
