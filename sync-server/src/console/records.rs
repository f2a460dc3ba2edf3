//! 检查 as a list: behind every figure, and for looking something up.

use super::body::Params;
use super::chosen::{Asked, Chosen, FailedBefore};
use super::queue::narrowed;
use super::rows::{Names, Row, row};
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::console::{Scope, visits};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use xunji_domain::ids::InspectionId;
use xunji_protocol::state::InspectionSummary;

/// Rows of a page where none are asked for, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// Which rows of a list.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Paging {
    limit: Option<usize>,
    offset: Option<usize>,
}

impl Paging {
    /// The rows of the page.
    pub(super) fn cut<T>(self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter()
            .skip(self.offset.unwrap_or(0))
            .take(self.limit.unwrap_or(USUAL).min(MOST))
            .collect()
    }
}

/// `GET /api/console/records`: newest first.
pub(super) async fn records(
    State(app): State<AppState>,
    reader: SignedIn,
    Params(asked): Params<Asked>,
    Params(paging): Params<Paging>,
) -> Answer<Json<Value>> {
    let scope = narrowed(reader.scope, asked.station.as_deref())?;
    let chosen = asked.read()?;
    let page = app
        .blocking(move |app| {
            let found = find(app, scope, &chosen)?;
            let total = found.len();
            let rows = page(app, scope, paging.cut(found))?;
            Ok(json!({ "rows": rows, "total": total }))
        })
        .await?;
    Ok(Json(page))
}

/// The records that conditions choose, newest first.
pub(super) fn find(app: &App, scope: Scope, chosen: &Chosen) -> Answer<Vec<InspectionSummary>> {
    let mut found = visits::summaries(&app.store, scope, chosen.range.clone())?;
    let before = match chosen.follow {
        Some(_) => visits::failed_before(&app.store, scope, chosen.range.clone())?,
        None => FailedBefore::default(),
    };
    found.retain(|record| chosen.takes(record, &before));
    Ok(found)
}

/// Rows of some records. One whose content does not read any more is named by its integrity check
/// and left out here.
pub(super) fn page(app: &App, scope: Scope, summaries: Vec<InspectionSummary>) -> Answer<Vec<Row>> {
    let ids: Vec<InspectionId> = summaries.iter().map(|summary| summary.id).collect();
    let contents = visits::contents(&app.store, scope, &ids)?;
    let names = Names::load(app)?;
    Ok(summaries
        .iter()
        .filter_map(|summary| Some(row(summary, contents.get(&summary.id)?, &names)))
        .collect())
}
