//! 冲突: the values of one field side by side, each with who wrote it and when. A person decides.

mod resolve;
mod typed;

pub(super) use resolve::resolve;

use super::rows::Names;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::console::writers::{self, Writer};
use crate::storage::console::{Scope, conflicts};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use xunji_domain::ids::OperatorId;
use xunji_domain::operator::Operator;
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_protocol::kinds::{CONFLICT_RESOLVED, INSPECTION_SIGNED, OPERATOR_REGISTERED};
use xunji_protocol::state::ConflictState;

/// All open conflicts of one field of one entry.
struct Case {
    operator: Operator,
    conflicts: Vec<ConflictState>,
}

/// `GET /api/console/conflicts`.
pub(super) async fn conflicts(
    State(app): State<AppState>,
    reader: SignedIn,
) -> Answer<Json<Value>> {
    let may_resolve = reader.may_resolve().is_ok();
    let rows = app
        .blocking(move |app| rows(app, reader.scope, None))
        .await?;
    Ok(Json(json!({ "rows": rows, "may_resolve": may_resolve })))
}

/// What waits to be decided, a row a field; of one operator where one is given.
pub(super) fn rows(app: &App, scope: Scope, operator: Option<OperatorId>) -> Answer<Vec<Value>> {
    let names = Names::load(app)?;
    let found = conflicts::open(&app.store, scope, operator)?;
    by_field(found)
        .iter()
        .map(|case| row(app, case, &names))
        .collect()
}

/// What was decided about an operator's fields, newest first.
pub(super) fn decided(app: &App, scope: Scope, operator: OperatorId) -> Answer<Vec<Value>> {
    let mut found = conflicts::decided(&app.store, scope, operator)?;
    found.sort_by_key(|conflict| {
        conflict
            .resolution
            .as_ref()
            .map(|made| (made.at, made.change))
    });
    // One decision closes several conflicts of a field: it is told once.
    found.dedup_by_key(|conflict| conflict.resolution.as_ref().map(|made| made.change));
    let rows = found.iter().rev().filter_map(|conflict| {
        let made = conflict.resolution.as_ref()?;
        Some(json!({
            "id": conflict.id,
            "field": conflict.field,
            "standing": conflict.standing,
            "written": conflict.written,
            "value": made.value,
            "reason": made.reason,
            "by_name": made.by_name,
            "at_text": made.at.minute_text(CHINA_OFFSET_MIN),
        }))
    });
    Ok(rows.collect())
}

fn by_field(found: Vec<(ConflictState, Operator)>) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (conflict, operator) in found {
        let same = |case: &&mut Case| {
            case.operator.id == operator.id
                && case.conflicts.iter().any(|c| c.field == conflict.field)
        };
        match cases.iter_mut().find(same) {
            Some(case) => case.conflicts.push(conflict),
            None => cases.push(Case {
                operator,
                conflicts: vec![conflict],
            }),
        }
    }
    cases
}

fn row(app: &App, case: &Case, names: &Names) -> Answer<Value> {
    let Some((first, last)) = case.conflicts.first().zip(case.conflicts.last()) else {
        return Ok(Value::Null);
    };
    let operator = &case.operator;
    let field = first.field.clone();
    let now = operator.field(&field).unwrap_or(Value::Null);
    let wrote = writers::of_field(&app.store, app.bureau, operator.id, field.clone())?;
    let values: Vec<Value> = values(&case.conflicts, &now)
        .into_iter()
        .map(|value| {
            let by = wrote.iter().filter(|writer| writer.value == value);
            json!({
                "now": value == now,
                "before": value == first.seen,
                "writers": by.map(told).collect::<Vec<_>>(),
                "value": value,
            })
        })
        .collect();
    let ids: Vec<_> = case.conflicts.iter().map(|conflict| conflict.id).collect();
    Ok(json!({
        "id": first.id,
        "conflicts": ids,
        "operator": operator.id,
        "operator_name": operator.name,
        "operator_kind": operator.kind,
        "station_name": names.station(operator.station).unwrap_or_default(),
        "field": field,
        "now": now,
        "values": values,
        "at_text": last.at.minute_text(CHINA_OFFSET_MIN),
    }))
}

/// The values to choose from, each once: those that met, in the order in which they came, then the one
/// that stood before all of them.
fn values(conflicts: &[ConflictState], now: &Value) -> Vec<Value> {
    let met = conflicts.iter().flat_map(|c| [&c.standing, &c.written]);
    let before = conflicts.first().map(|conflict| &conflict.seen);
    let mut values: Vec<Value> = Vec::new();
    for value in met.chain([now]).chain(before) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values
}

fn told(writer: &Writer) -> Value {
    let captured = &writer.captured_at;
    let how = match writer.kind.as_str() {
        OPERATOR_REGISTERED => "新登记",
        INSPECTION_SIGNED => "检查时核对",
        CONFLICT_RESOLVED => "裁定",
        _ => "修改登记",
    };
    let record = writer.record.as_ref();
    json!({
        "change": writer.change,
        "name": writer.name,
        "how": how,
        "phone": writer.phone,
        "record": record.map(|(id, no)| json!({"id": id, "record_no": no})),
        "captured_text": captured.wall.minute_text(captured.zone),
        "stored_text": writer.stored_at.minute_text(CHINA_OFFSET_MIN),
    })
}
