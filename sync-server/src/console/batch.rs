//! 批量通过: only 符合 without any 疑点, only after the drawn records were opened by the one who
//! approves, never a record he stands on. All or nothing.

use super::approval::{objection, originals_missing};
use super::judged::Judged;
use super::queue::judged;
use super::record::{open, stands_against};
use super::review::{Decided, write};
use super::rows::waits;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::{Answer, internal};
use crate::storage::console::batches::{self, BatchRow};
use crate::storage::console::places;
use crate::storage::console::records::{Filter, Listed};
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use xunji_domain::ids::{InspectionId, StationId};
use xunji_domain::review::{Draw, draw};
use xunji_domain::signals::Group;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::ReviewDecision;
use xunji_protocol::problem::{Code, Problem};

/// More are approved in a second batch: every record is read and hashed again before it is approved.
const MOST: usize = 60;

/// The records that one person can approve together today, and their draw.
struct Batch<'a> {
    records: Vec<&'a Listed>,
    draw: Draw,
    day: String,
    station: StationId,
    /// Drawn records that were not opened yet, at the version that stands.
    unopened: Vec<InspectionId>,
}

/// What the queue says of the batch among all waiting records of the reader's station; `None` where
/// there is nothing to approve.
pub(super) fn offered(
    app: &App,
    reader: &SignedIn,
    waiting: &[(Listed, Judged)],
) -> Answer<Option<Value>> {
    let batch = find(app, reader, waiting)?;
    if batch.records.is_empty() {
        return Ok(None);
    }
    let sample = batch
        .records
        .iter()
        .filter(|r| batch.draw.sample.contains(&r.summary.id));
    let sample = sample.map(|r| {
        let summary = &r.summary;
        json!({"id": summary.id, "record_no": summary.record_no, "operator_name": summary.operator_name,
            "opened": !batch.unopened.contains(&summary.id)})
    });
    let ids: Vec<InspectionId> = batch.records.iter().map(|r| r.summary.id).collect();
    Ok(Some(json!({
        "id": batch.draw.batch,
        "records": ids,
        "sample": sample.collect::<Vec<_>>(),
        "ready": batch.unopened.is_empty(),
        "why_not": (!batch.unopened.is_empty()).then(|| unopened_text(&batch)),
    })))
}

fn unopened_text(batch: &Batch<'_>) -> String {
    format!(
        "抽中 {} 份，还有 {} 份没有打开",
        batch.draw.sample.len(),
        batch.unopened.len()
    )
}

/// `POST /api/console/batches/{batch}/approve`.
pub(super) async fn approve(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(named): Path<String>,
) -> Answer<Json<Value>> {
    let approved = app
        .blocking(move |app| {
            reader.may_review()?;
            approve_all(app, &reader, &named)
        })
        .await?;
    Ok(Json(json!({ "approved": approved })))
}

fn approve_all(app: &App, reader: &SignedIn, named: &str) -> Answer<usize> {
    let waiting = waiting(app, reader)?;
    let batch = find(app, reader, &waiting)?;
    let digest = Digest::from_hex(named).ok_or(Code::NotFound)?;
    // Another list than the one on the reader's page: something came, went or was amended.
    if batch.records.is_empty() || batch.draw.batch != named {
        return Err(Code::Stale.into());
    }
    if !batch.unopened.is_empty() {
        let problem = Problem::new(Code::SampleUnopened);
        return Err(problem.with("why", unopened_text(&batch)).into());
    }
    let mut decided = Vec::with_capacity(batch.records.len());
    for listed in &batch.records {
        decided.push(checked(app, reader, listed)?);
    }
    batches::keep(
        &app.store,
        app.bureau,
        BatchRow {
            batch: digest,
            station: batch.station,
            day: batch.day,
            records: batch
                .records
                .iter()
                .map(|r| (r.summary.id, r.summary.version))
                .collect(),
            sample: batch.draw.sample,
            reviewer: reader.person.id,
            at: app.clock.now(),
        },
    )?;
    write(app, reader, &decided)?;
    Ok(decided.len())
}

/// A record as its page would open it: what stands against one approval stands against the batch.
fn checked(app: &App, reader: &SignedIn, listed: &Listed) -> Answer<Decided> {
    let opened = open(app, reader.scope, listed.summary.id)?;
    if opened.summary.version != listed.summary.version {
        return Err(Code::Stale.into());
    }
    if let Some((code, sentence)) = stands_against(reader, &opened) {
        let why = format!("{}：{sentence}", opened.summary.record_no);
        return Err(Problem::new(code).with("why", why).into());
    }
    Ok(Decided {
        inspection: opened.summary.id,
        seen: opened.summary.version.to_hex(),
        decision: ReviewDecision::Approved {
            originals_missing: originals_missing(&opened.photos),
        },
    })
}

/// Every record that waits for the reader.
pub(super) fn waiting(app: &App, reader: &SignedIn) -> Answer<Vec<(Listed, Judged)>> {
    let filter = Filter {
        pending: true,
        ..Filter::default()
    };
    judged(app, reader.scope, filter)
}

fn find<'a>(app: &App, reader: &SignedIn, waiting: &'a [(Listed, Judged)]) -> Answer<Batch<'a>> {
    let station = reader.person.station.ok_or(Code::Forbidden)?;
    let mut records: Vec<&Listed> = waiting
        .iter()
        .filter(|(_, judged)| judged.group == Group::Plain)
        .map(|(listed, _)| listed)
        .filter(|r| waits(r.summary.state) && objection(reader, &r.summary, &r.photos).is_none())
        .collect();
    records.truncate(MOST);
    let day = today(app, station)?;
    let list: Vec<_> = records
        .iter()
        .map(|r| (r.summary.id, r.summary.version.to_hex()))
        .collect();
    let draw = draw(day, station, &list);
    let opened = batches::opened(&app.store, app.bureau, reader.person.id, &draw.sample)?;
    let seen = |id: &InspectionId| {
        let version = records
            .iter()
            .find(|r| r.summary.id == *id)
            .map(|r| r.summary.version);
        version.is_some_and(|version| opened.contains(&(*id, version)))
    };
    Ok(Batch {
        unopened: draw.sample.iter().copied().filter(|id| !seen(id)).collect(),
        day: day.to_string(),
        records,
        draw,
        station,
    })
}

/// Today in the station's zone.
fn today(app: &App, station: StationId) -> Answer<chrono::NaiveDate> {
    let stations = places::stations(&app.store, app.bureau)?;
    let zone = stations.iter().find(|s| s.id == station).map(|s| s.zone);
    let today = zone.and_then(|zone| app.clock.now().date(zone));
    today.ok_or_else(|| internal(&"a day outside the calendar"))
}
