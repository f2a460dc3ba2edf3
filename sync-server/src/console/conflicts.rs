//! Two values of one field: both are shown, a person decides.

use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::console::Scope;
use crate::storage::console::records;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use uuid::Uuid;
use xunji_domain::time::CHINA_OFFSET_MIN;

/// `GET /api/console/conflicts`.
pub(super) async fn conflicts(
    State(app): State<AppState>,
    reader: SignedIn,
) -> Answer<Json<Value>> {
    let rows = app
        .blocking(move |app| rows(app, reader.scope, None))
        .await?;
    Ok(Json(json!({ "rows": rows })))
}

/// Open conflicts as the page shows them; of one operator where one is given.
pub(super) fn rows(app: &App, scope: Scope, operator: Option<Uuid>) -> Answer<Vec<Value>> {
    let found = records::conflicts(&app.store, scope, operator)?;
    Ok(found
        .into_iter()
        .map(|(author, conflict, operator_name)| {
            json!({
                "id": conflict.id,
                "operator": conflict.operator,
                "operator_name": operator_name,
                "field": conflict.field,
                "seen": conflict.seen,
                "standing": conflict.standing,
                "written": conflict.written,
                "author": author,
                "at_text": conflict.at.minute_text(CHINA_OFFSET_MIN),
            })
        })
        .collect())
}
