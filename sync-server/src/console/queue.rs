//! 待审: one row per record, what looks wrong first.

use super::approval::objection;
use super::body::Params;
use super::signals::{Tone, failed, minutes, signals};
use super::signed_in::SignedIn;
use crate::app::AppState;
use crate::problem::Answer;
use crate::storage::console::records::{self, Filter, Listed};
use crate::storage::console::{Scope, parse_id, reports};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use xunji_domain::ids::StationId;
use xunji_domain::words::{Conclusion, InspectionState};
use xunji_protocol::problem::Code;

/// Parameters of the list.
#[derive(Deserialize)]
pub(super) struct Wanted {
    station: Option<String>,
    day: Option<String>,
    state: Option<String>,
}

/// `GET /api/console/queue`.
pub(super) async fn queue(
    State(app): State<AppState>,
    reader: SignedIn,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<Value>> {
    let scope = narrowed(reader.scope, wanted.station.as_deref())?;
    let pending = match wanted.state.as_deref() {
        None | Some("pending") => true,
        Some("all") => false,
        Some(_) => return Err(Code::BadRequest.into()),
    };
    let filter = Filter {
        day: day(wanted.day)?,
        pending,
    };
    let (listed, late) = app
        .blocking(move |app| {
            let listed = records::list(&app.store, scope, filter)?;
            Ok((listed, reports::late(&app.store, scope)?))
        })
        .await?;
    let mut rows: Vec<(u8, Value)> = listed
        .iter()
        .map(|listed| row(&reader, listed, &late))
        .collect();
    // Stable: within a rank the order stays that of the visits.
    rows.sort_by_key(|(rank, _)| *rank);
    let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Json(json!({ "rows": rows })))
}

/// The scope a request asks for; a station outside it does not exist.
pub(super) fn narrowed(scope: Scope, station: Option<&str>) -> Answer<Scope> {
    let station = match station.filter(|s| !s.is_empty()) {
        None => None,
        Some(text) => Some(StationId(parse_id(text).ok_or(Code::NotFound)?)),
    };
    Ok(scope.narrowed(station).ok_or(Code::NotFound)?)
}

/// A day as `2026-10-21`; empty is none.
pub(super) fn day(text: Option<String>) -> Answer<Option<String>> {
    let Some(text) = text.filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    text.parse::<chrono::NaiveDate>()
        .map_err(|_| Code::BadRequest)?;
    Ok(Some(text))
}

fn row(
    reader: &SignedIn,
    listed: &Listed,
    late: &BTreeSet<xunji_domain::ids::InspectionId>,
) -> (u8, Value) {
    let summary = &listed.summary;
    let zone = listed.content.zone;
    let flags = signals(listed);
    let objection = objection(reader, summary, &listed.photos);
    let rank = rank(
        summary.state,
        summary.conclusion,
        flags.iter().map(|f| f.tone).min(),
    );
    let row = json!({
        "id": summary.id,
        "record_no": summary.record_no,
        "operator": summary.operator,
        "operator_name": summary.operator_name,
        "place": listed.content.operator.operator.slot.as_ref().map(|s| &s.slot),
        "kind": summary.operator_kind,
        "day": summary.day,
        "started_text": summary.started_at.clock_text(zone),
        "ended_text": summary.ended_at.clock_text(zone),
        "minutes": minutes(listed),
        "conclusion": summary.conclusion,
        "grade": summary.graded.letter,
        "score_permille": summary.score_permille,
        "failed": failed(listed),
        "inspectors": summary.inspectors.iter().map(|(_, name)| name).collect::<Vec<_>>(),
        "state": summary.state,
        "state_text": state_text(summary.state),
        "version": summary.version,
        "flags": flags,
        "photos": {
            "thumbnails": listed.photos.iter().filter(|p| p.thumbnail.is_some()).count(),
            "copies": listed.photos.iter().filter(|p| p.copy.is_some()).count(),
            "originals": listed.photos.iter().filter(|p| p.original.is_some()).count(),
            "total": listed.photos.len(),
        },
        "approvable": objection.is_none(),
        "why_not": objection.map(|(_, sentence)| sentence),
        "late": late.contains(&summary.id),
    });
    (rank, row)
}

/// 待审 for what waits, the state's own word for the rest.
pub(super) fn state_text(state: InspectionState) -> &'static str {
    match state {
        InspectionState::Signed => "待审",
        InspectionState::Amended => "已补正，待审",
        other => other.label(),
    }
}

/// What waits comes before what does not; then the loudest signal, then 不符合.
fn rank(state: InspectionState, conclusion: Conclusion, loudest: Option<Tone>) -> u8 {
    let waits = matches!(state, InspectionState::Signed | InspectionState::Amended);
    let within = match (loudest, conclusion) {
        (Some(Tone::Fail), _) => 0,
        (Some(Tone::Warn), _) => 1,
        (_, Conclusion::Nonconforming) => 2,
        (_, Conclusion::MostlyConforming | Conclusion::NotInspected) => 3,
        (_, Conclusion::Conforming) => 4,
    };
    if waits { within } else { within + 10 }
}
