//! One operator's page: what the register knows, its certificates, every visit of the reader's scope.

use super::conflicts;
use super::desk::Desk;
use super::records;
use super::register::today;
use super::rows::Names;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::console::visits::{self, Range};
use crate::storage::console::{parse_id, places};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::sync::Arc;
use xunji_domain::checklist;
use xunji_domain::ids::OperatorId;
use xunji_domain::licence::validity::{Validity, days_left, validity};
use xunji_domain::operator::{Licence, Operator};
use xunji_domain::words::InspectionState;
use xunji_protocol::problem::Code;
use xunji_protocol::state::InspectionSummary;

/// Visits that are shown; older ones are found by the list of records.
const SHOWN: usize = 100;

/// `GET /api/console/operators/{id}`.
pub(super) async fn operator(
    State(app): State<AppState>,
    reader: SignedIn,
    Extension(desk): Extension<Arc<Desk>>,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let id = OperatorId(parse_id(&id).ok_or(Code::NotFound)?);
    let page = app
        .blocking(move |app| page(app, &reader, &desk, id))
        .await?;
    Ok(Json(page))
}

fn page(app: &App, reader: &SignedIn, desk: &Desk, id: OperatorId) -> Answer<Value> {
    let entries = desk.register.entries(app)?;
    let operator: &Operator = entries
        .iter()
        .map(|entry| &entry.operator)
        .find(|operator| operator.id == id && reader.scope.sees(operator.station))
        .ok_or(Code::NotFound)?;
    let range = Range {
        operator: Some(id),
        ..Range::default()
    };
    let mut visits = visits::summaries(&app.store, reader.scope, range)?;
    visits.retain(|visit| visit.state != InspectionState::Voided);
    visits.truncate(SHOWN);
    let grids = places::grids(&app.store, app.bureau)?;
    let names = Names::load(app)?;
    let on = today(app)?;
    let problems: Vec<Value> = visits.iter().flat_map(problems).collect();
    Ok(json!({
        "station_name": names.station(operator.station).unwrap_or_default(),
        "market_name": operator.slot.as_ref().and_then(|slot| names.market(slot.market)),
        "grid_name": grids.iter().find(|grid| grid.id == operator.grid).map(|grid| &grid.name),
        "licences": operator.licences.iter().map(|l| licence(l, on)).collect::<Vec<_>>(),
        "problems": problems,
        "visits": records::page(app, reader.scope, visits)?,
        "conflicts": conflicts::rows(app, reader.scope, Some(id))?,
        "decided": conflicts::decided(app, reader.scope, id)?,
        "operator": operator,
    }))
}

/// What failed at a visit, with the words of the item: a list of codes tells a reviewer nothing.
fn problems(visit: &InspectionSummary) -> impl Iterator<Item = Value> {
    visit.failed.iter().map(|failed| {
        let lists = checklist::all().unwrap_or_default();
        let item = lists.iter().find_map(|list| list.item(&failed.item));
        json!({"record": visit.id, "day": visit.day, "item": failed.item, "problem": failed.problem,
            "text": item.map(|i| &i.text), "severity": item.map(|i| i.severity)})
    })
}

fn licence(licence: &Licence, on: NaiveDate) -> Value {
    let state = validity(licence.valid_to, on);
    let days = licence.valid_to.map(|last| days_left(last, on));
    let text = match (state, days) {
        (Validity::Expiring, Some(0)) => "今天到期".to_owned(),
        (Validity::Expiring, Some(days)) => format!("剩 {days} 天"),
        (Validity::Expired, Some(days)) => format!("过期 {} 天", -days),
        (state, _) => state.label().to_owned(),
    };
    let mut row = json!(licence);
    if let Value::Object(row) = &mut row {
        row.insert("days_left".to_owned(), json!(days));
        row.insert("state".to_owned(), json!(state));
        row.insert("state_text".to_owned(), json!(text));
    }
    row
}
