//! 通过 and 退回: a review is a change in the bureau's own log, decided like any other.

use super::approval::{originals_missing, own};
use super::body::Body;
use super::record::{open, stands_against};
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::decide::Snapshot;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::console::parse_id;
use crate::write::{Draft, append_bureau_changes};
use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};
use xunji_domain::ids::{InspectionId, ReviewId};
use xunji_domain::inspection::OpenItem;
use xunji_domain::text::nfc;
use xunji_domain::words::InspectionState;
use xunji_protocol::kinds::{INSPECTION_REVIEWED, Review, ReviewDecision};
use xunji_protocol::limits::MAX_TEXT;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::verdict::Verdict;

/// Body of an approval.
#[derive(Deserialize)]
pub(super) struct Approve {
    seen: String,
}

/// Body of a return.
#[derive(Deserialize)]
pub(super) struct SendBack {
    seen: String,
    items: Vec<OpenItem>,
}

/// `POST /api/console/records/{id}/approve`.
pub(super) async fn approve(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(id): Path<String>,
    Body(body): Body<Approve>,
) -> Answer<Json<Value>> {
    let id = InspectionId(parse_id(&id).ok_or(Code::NotFound)?);
    app.blocking(move |app| {
        let opened = open(app, reader.scope, id)?;
        reader.may_review()?;
        if opened.summary.version.to_hex() != body.seen {
            return Err(Code::Stale.into());
        }
        if let Some((code, sentence)) = stands_against(&reader, &opened) {
            return Err(Problem::new(code).with("why", sentence).into());
        }
        let decision = ReviewDecision::Approved {
            originals_missing: originals_missing(&opened.photos),
        };
        decide(app, &reader, id, body.seen, decision)
    })
    .await
}

/// `POST /api/console/records/{id}/return`.
pub(super) async fn send_back(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(id): Path<String>,
    Body(body): Body<SendBack>,
) -> Answer<Json<Value>> {
    let id = InspectionId(parse_id(&id).ok_or(Code::NotFound)?);
    app.blocking(move |app| {
        let opened = open(app, reader.scope, id)?;
        reader.may_review()?;
        if opened.summary.erased.is_some() {
            return Err(Code::Erased.into());
        }
        if own(&reader, &opened.summary) {
            return Err(Code::OwnRecord.into());
        }
        let items = checked(body.items, &opened.summary.answers)?;
        decide(
            app,
            &reader,
            id,
            body.seen,
            ReviewDecision::Returned { items },
        )
    })
    .await
}

/// Items of the record, each once, each with a reason.
fn checked<A>(
    items: Vec<OpenItem>,
    answers: &[(xunji_domain::checklist::ItemCode, A)],
) -> Answer<Vec<OpenItem>> {
    let mut kept: Vec<OpenItem> = Vec::with_capacity(items.len());
    for OpenItem { item, reason } in items {
        let reason = nfc(reason.trim());
        let known = answers.iter().any(|(code, _)| *code == item);
        if !known
            || reason.is_empty()
            || reason.chars().count() > MAX_TEXT
            || kept.iter().any(|k| k.item == item)
        {
            return Err(Problem::new(Code::BadRequest)
                .with("item", item.as_str())
                .into());
        }
        kept.push(OpenItem { item, reason });
    }
    if kept.is_empty() {
        Err(Code::BadRequest.into())
    } else {
        Ok(kept)
    }
}

fn decide(
    app: &App,
    reader: &SignedIn,
    inspection: InspectionId,
    seen: String,
    decision: ReviewDecision,
) -> Answer<Json<Value>> {
    let state = match decision {
        ReviewDecision::Returned { .. } => InspectionState::Returned,
        ReviewDecision::Approved { .. } => InspectionState::Approved,
    };
    let decided = Decided {
        inspection,
        seen,
        decision,
    };
    write(app, reader, &[decided])?;
    Ok(Json(json!({ "state": state })))
}

/// One decision on one version.
pub(super) struct Decided {
    pub(super) inspection: InspectionId,
    pub(super) seen: String,
    pub(super) decision: ReviewDecision,
}

impl Decided {
    fn returns(&self) -> bool {
        matches!(self.decision, ReviewDecision::Returned { .. })
    }
}

/// Writes reviews in one transaction: all of them or none.
pub(super) fn write(app: &App, reader: &SignedIn, decided: &[Decided]) -> Answer<()> {
    let drafts = decided
        .iter()
        .map(|decided| draft(app, reader, decided))
        .collect::<Answer<Vec<_>>>()?;
    let rows = append_bureau_changes(app, &drafts, |snapshot| {
        decided
            .iter()
            .try_for_each(|d| still_as_seen(snapshot, d.inspection, &d.seen, d.returns()))
    })?;
    match rows
        .iter()
        .find(|row| row.verdict != Verdict::Applied || !row.flags.is_empty())
    {
        Some(row) => Err(internal(&format!("review answered {row:?}"))),
        None => Ok(()),
    }
}

fn draft(app: &App, reader: &SignedIn, decided: &Decided) -> Answer<Draft> {
    let now = app.clock.now();
    let review = Review {
        id: ReviewId(random::id(now).map_err(|e| internal(&e))?),
        inspection: decided.inspection,
        seen: decided.seen.clone(),
        reviewer: reader.person.id,
        reviewer_name: reader.person.name.clone(),
        at: now,
        decision: decided.decision.clone(),
    };
    let records = vec![decided.inspection.0];
    Draft::new(INSPECTION_REVIEWED, &review, records, reader.person.id)
}

/// Asked on the rows the decision rests on: a record that moved on since it was opened is left
/// alone, and no review is written.
fn still_as_seen(snapshot: &Snapshot, id: InspectionId, seen: &str, returns: bool) -> Answer<()> {
    let record = snapshot.inspections.get(&id).ok_or(Code::NotFound)?;
    let state = record.summary.state;
    let waits = matches!(state, InspectionState::Signed | InspectionState::Amended);
    let open = waits || (returns && state == InspectionState::Approved);
    if !open || record.summary.version.to_hex() != seen {
        return Err(Code::Stale.into());
    }
    Ok(())
}
