//! 台账: the register, read-only, with search by name, pinyin and numbers.

use super::body::Params;
use super::queue::narrowed;
use super::signed_in::SignedIn;
use crate::app::AppState;
use crate::problem::Answer;
use crate::storage::console::register;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use xunji_domain::operator::Operator;
use xunji_domain::text::{matches, search_keys};

/// Rows of a page at most.
const MOST: usize = 200;

/// Parameters of the list.
#[derive(Deserialize)]
pub(super) struct Wanted {
    query: Option<String>,
    station: Option<String>,
    limit: Option<usize>,
    offset: Option<usize>,
}

/// `GET /api/console/operators`.
pub(super) async fn operators(
    State(app): State<AppState>,
    reader: SignedIn,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<Value>> {
    let scope = narrowed(reader.scope, wanted.station.as_deref())?;
    let entries = app
        .blocking(move |app| Ok(register::operators(&app.store, scope)?))
        .await?;
    let query = wanted.query.unwrap_or_default();
    let found: Vec<_> = entries
        .into_iter()
        .filter(|e| finds(query.trim(), &e.operator))
        .collect();
    let total = found.len();
    let rows: Vec<Value> = found
        .into_iter()
        .skip(wanted.offset.unwrap_or(0))
        .take(wanted.limit.unwrap_or(50).min(MOST))
        .map(|entry| {
            json!({
                "operator": entry.operator,
                "station_name": entry.station,
                "market_name": entry.market,
                "last": entry.last.map(|l| json!({"day": l.day, "conclusion": l.conclusion, "id": l.inspection})),
            })
        })
        .collect();
    Ok(Json(json!({ "rows": rows, "total": total })))
}

fn finds(query: &str, operator: &Operator) -> bool {
    let numbers = operator.licences.iter().map(|l| l.number.as_str());
    let others = [operator.phone.as_str(), operator.owner.as_str()];
    matches(
        query,
        &search_keys(&operator.name).with_numbers(numbers.chain(others)),
    )
}
