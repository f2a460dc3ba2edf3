//! The supervisors' console: its HTTP interface under `/api/console`, and its page.
//!
//! Everything asks for a session first and looks at the county through that session's [`Scope`]:
//! what belongs to another station is answered as if it did not exist.

pub mod accounts;
mod body;
mod desk;
mod files;
mod guard;
mod session;
mod signed_in;

use crate::app::AppState;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use std::sync::Arc;

pub use crate::storage::console::Scope;
pub use signed_in::SignedIn;

/// The routes of the console: interface and page.
pub fn routes() -> Router<AppState> {
    let interface = Router::new()
        .route("/api/console/login", post(session::login))
        .route("/api/console/logout", post(session::logout))
        .route("/api/console/me", get(session::me))
        .layer(from_fn(guard::guard));
    Router::new()
        .merge(interface)
        .merge(files::routes())
        .layer(axum::Extension(Arc::new(desk::Desk::default())))
}
