//! The device's side of the protocol, one file per step, in the order a phone meets them: [`enrol`] once, [`hello`] for a
//! token and who is who, [`push`] for changes (`decide` judges them, `write` commits them and signs the receipt),
//! [`files`] for the photos they name, [`pull`] for what became of everything, [`compare`] for whether the mirror holds
//! it, [`drafts`] for copies of visits in work. [`request`](self::read_json) is what they share: limits and versions.

pub mod compare;
pub mod drafts;
pub mod enrol;
pub mod files;
pub mod hello;
pub mod pull;
pub mod push;
mod request;

pub use request::{read_body, read_json};

use crate::app::AppState;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::post;
use xunji_protocol::steps as wire;

/// The routes of all steps.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(wire::enrol::PATH, post(enrol::enrol))
        .route(wire::hello::PATH, post(hello::hello))
        .route(wire::push::PATH, post(push::push))
        .route(wire::pull::PATH, post(pull::pull))
        .route(wire::compare::PATH, post(compare::compare))
        .route(wire::compare::RECORDS_PATH, post(compare::records))
        .route(wire::drafts::PATH, post(drafts::keep))
        .route(wire::drafts::OFFERED_PATH, post(drafts::offered))
        .route(wire::drafts::FETCH_PATH, post(drafts::fetch))
        .route_layer(from_fn(request::check_version))
        .merge(files::routes())
}
