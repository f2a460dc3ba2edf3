//! 通过 and 退回: a review is a change in the bureau's own log, decided like any other.

use super::approval::{originals_missing, own};
use super::body::Body;
use super::record::{open, stands_against};
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::decide::Snapshot;
use crate::problem::{Answer, internal};
use crate::storage::console::parse_id;
use crate::{random, write};
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
    id: InspectionId,
    seen: String,
    decision: ReviewDecision,
) -> Answer<Json<Value>> {
    let now = app.clock.now();
    let returns = matches!(decision, ReviewDecision::Returned { .. });
    let review = Review {
        id: ReviewId(random::id(now).map_err(|e| internal(&e))?),
        inspection: id,
        seen: seen.clone(),
        reviewer: reader.person.id,
        reviewer_name: reader.person.name.clone(),
        at: now,
        decision,
    };
    let allowed = |snapshot: &Snapshot| still_as_seen(snapshot, id, &seen, returns);
    let row = write::append_bureau_change(
        app,
        INSPECTION_REVIEWED,
        &review,
        vec![id.0],
        reader.person.id,
        allowed,
    )?;
    if row.verdict != Verdict::Applied || !row.flags.is_empty() {
        return Err(internal(&format!("review answered {row:?}")));
    }
    let state = if returns {
        InspectionState::Returned
    } else {
        InspectionState::Approved
    };
    Ok(Json(json!({ "state": state })))
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
