//! What the head's search box finds: a few operators, records and inspectors; and the choices of the
//! lists' filters.

use super::body::Params;
use super::desk::Desk;
use super::rows::state_text;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::{Answer, internal};
use crate::storage::console::{Scope, places, visits};
use axum::extract::State;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use xunji_domain::review::return_reasons;
use xunji_domain::text::{matches, search_keys};

/// Of each kind.
const SHOWN: usize = 6;

/// What is typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    query: Option<String>,
}

/// `GET /api/console/search`.
pub(super) async fn search(
    State(app): State<AppState>,
    reader: SignedIn,
    Extension(desk): Extension<Arc<Desk>>,
    Params(typed): Params<Typed>,
) -> Answer<Json<Value>> {
    let query = typed.query.unwrap_or_default().trim().to_owned();
    if query.is_empty() {
        return Ok(Json(
            json!({"operators": [], "records": [], "inspectors": []}),
        ));
    }
    let found = app
        .blocking(move |app| {
            Ok(json!({
                "operators": operators(app, reader.scope, &desk, &query)?,
                "records": records(app, reader.scope, &query)?,
                "inspectors": inspectors(app, reader.scope, &query)?,
            }))
        })
        .await?;
    Ok(Json(found))
}

fn operators(app: &App, scope: Scope, desk: &Desk, query: &str) -> Answer<Vec<Value>> {
    let entries = desk.register.entries(app)?;
    let found = entries
        .iter()
        .filter(|entry| scope.sees(entry.operator.station) && entry.found_by(query))
        .take(SHOWN)
        .map(|entry| {
            let operator = &entry.operator;
            json!({"id": operator.id, "name": operator.name, "kind": operator.kind,
                "place": operator.slot.as_ref().map(|slot| &slot.slot)})
        });
    Ok(found.collect())
}

/// By record number or its end: names lead to operators.
fn records(app: &App, scope: Scope, query: &str) -> Answer<Vec<Value>> {
    let found = visits::by_number(&app.store, scope, query.to_uppercase(), SHOWN)?;
    let row = |summary: &xunji_protocol::state::InspectionSummary| {
        json!({"id": summary.id, "record_no": summary.record_no, "operator_name": summary.operator_name,
            "day": summary.day, "state_text": state_text(summary.state)})
    };
    Ok(found.iter().map(row).collect())
}

fn inspectors(app: &App, scope: Scope, query: &str) -> Answer<Vec<Value>> {
    let stations = places::stations(&app.store, app.bureau)?;
    let found = visits::inspectors(&app.store, scope)?
        .into_iter()
        .filter(|row| {
            let card = row.person.card_no.as_deref().unwrap_or_default();
            matches(query, &search_keys(&row.person.name).with_numbers([card]))
        })
        .take(SHOWN)
        .map(|row| {
            let station = stations.iter().find(|s| Some(s.id) == row.person.station);
            json!({"id": row.person.id, "name": row.person.name, "station_name": station.map(|s| &s.name),
                "records": row.records})
        });
    Ok(found.collect())
}

/// `GET /api/console/filters`.
pub(super) async fn filters(State(app): State<AppState>, reader: SignedIn) -> Answer<Json<Value>> {
    let found = app
        .blocking(move |app| {
            let mut markets = places::markets(&app.store, app.bureau)?;
            markets.retain(|market| reader.scope.sees(market.station));
            let markets: Vec<Value> = markets
                .iter()
                .map(|market| json!({"id": market.id, "name": market.name}))
                .collect();
            let inspectors: Vec<Value> = visits::inspectors(&app.store, reader.scope)?
                .iter()
                .map(|row| json!({"id": row.person.id, "name": row.person.name}))
                .collect();
            Ok(json!({"markets": markets, "inspectors": inspectors}))
        })
        .await?;
    Ok(Json(found))
}

/// `GET /api/console/reasons`: ready reasons for 退回.
pub(super) async fn reasons(_: SignedIn) -> Answer<Json<Value>> {
    let reasons = return_reasons().map_err(|e| internal(&e))?;
    Ok(Json(json!({ "rows": reasons })))
}
