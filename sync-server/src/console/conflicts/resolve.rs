//! 裁定: a decision between values is a change in the bureau's own log, decided like any other.

use super::{typed, values};
use crate::app::{App, AppState};
use crate::console::body::Body;
use crate::console::signed_in::SignedIn;
use crate::decide::Snapshot;
use crate::problem::{Answer, Refusal, internal};
use crate::storage::console::conflicts;
use crate::write::append_bureau_change;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use xunji_domain::ids::{ConflictId, OperatorId};
use xunji_domain::operator::Operator;
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_protocol::kinds::{CONFLICT_RESOLVED, ConflictResolved};
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::state::{ConflictState, Resolution};
use xunji_protocol::verdict::Verdict;

/// Conflicts that one decision closes: more never stand on one field.
const MOST: usize = 500;

/// Body of a decision.
#[derive(Deserialize)]
pub(in crate::console) struct Decided {
    operator: OperatorId,
    field: String,
    /// The conflicts that were on the page.
    conflicts: Vec<ConflictId>,
    /// The value that was shown as standing.
    seen: Value,
    value: Value,
    #[serde(default)]
    reason: String,
}

/// `POST /api/console/conflicts/resolve`.
pub(in crate::console) async fn resolve(
    State(app): State<AppState>,
    reader: SignedIn,
    Body(asked): Body<Decided>,
) -> Answer<Json<Value>> {
    reader.may_resolve()?;
    app.blocking(move |app| {
        let said = said(app, &reader, asked)?;
        match write(app, &reader, &said) {
            Ok(()) => Ok(Json(json!({ "value": said.value }))),
            // The answer to the same request was lost, and it comes again.
            Err(refusal) if is_stale(&refusal) && done_so(app, &reader, &said)? => {
                Ok(Json(json!({ "value": said.value })))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}

/// What is going to be written, read from the request. A value of one's own is cleaned like any typed text
/// and needs a reason.
fn said(app: &App, reader: &SignedIn, asked: Decided) -> Answer<ConflictResolved> {
    let (scope, ids) = (reader.scope, asked.conflicts.clone());
    if ids.is_empty() || ids.len() > MOST {
        return Err(Code::BadRequest.into());
    }
    let (entry, met) =
        conflicts::named(&app.store, scope, asked.operator, ids)?.ok_or(Code::NotFound)?;
    let reason = typed::reason(&asked.reason)?;
    let now = entry.field(&asked.field).map_err(|_| Code::BadRequest)?;
    let value = if values(&met, &now).contains(&asked.value) {
        asked.value
    } else {
        if reason.is_empty() {
            return Err(Problem::new(Code::BadRequest)
                .saying("另填的值须写明理由，没有写入；请写上理由再定")
                .into());
        }
        typed::value(app, &entry, &asked.field, &asked.value)?
    };
    Ok(ConflictResolved {
        operator: asked.operator,
        field: asked.field,
        conflicts: asked.conflicts,
        seen: asked.seen,
        value,
        reason,
        resolver: reader.person.id,
        resolver_name: reader.person.name.clone(),
        at: app.clock.now(),
    })
}

fn write(app: &App, reader: &SignedIn, said: &ConflictResolved) -> Answer<()> {
    let row = append_bureau_change(
        app,
        CONFLICT_RESOLVED,
        said,
        vec![said.operator.0],
        reader.person.id,
        |snapshot| still_open(snapshot, reader, said),
    )?;
    match row.verdict {
        Verdict::Applied => Ok(()),
        Verdict::Held | Verdict::Quarantined => {
            Err(internal(&format!("a decision was answered {row:?}")))
        }
    }
}

/// Asked on the rows the decision rests on: what somebody decided meanwhile, and a value that changed
/// since it was shown, are left alone, and nothing is written.
fn still_open(snapshot: &Snapshot, reader: &SignedIn, said: &ConflictResolved) -> Answer<()> {
    let entry: &Operator = snapshot
        .operators
        .get(&said.operator)
        .filter(|entry| reader.scope.sees(entry.station))
        .ok_or(Code::NotFound)?;
    for id in &said.conflicts {
        let conflict = snapshot.conflicts.get(id).ok_or(Code::NotFound)?;
        if conflict.operator != said.operator || conflict.field != said.field {
            return Err(Code::NotFound.into());
        }
        if conflict.resolved {
            return Err(decided_already(conflict.resolution.as_ref()));
        }
    }
    let now = entry.field(&said.field).map_err(|_| Code::BadRequest)?;
    if now != said.seen {
        return Err(Problem::new(Code::Stale)
            .saying("这一项在打开之后又有人改过，刚才的裁定没有写入；请看过新的值再定")
            .with("now", now)
            .into());
    }
    entry
        .with_field(&said.field, &said.value)
        .map_err(|_| typed::unfit())?;
    Ok(())
}

fn decided_already(made: Option<&Resolution>) -> Refusal {
    let sentence = made.map_or_else(
        || "这处冲突已经有人裁定过，刚才的裁定没有写入；请刷新后再看".to_owned(),
        |made| {
            format!(
                "这处冲突已由{}在 {} 裁定，刚才的裁定没有写入；请刷新后再看",
                made.by_name,
                made.at.minute_text(CHINA_OFFSET_MIN)
            )
        },
    );
    Problem::new(Code::Stale).saying(sentence).into()
}

fn is_stale(refusal: &Refusal) -> bool {
    refusal.0.code == Code::Stale
}

/// Whether this very decision of this person stands already.
fn done_so(app: &App, reader: &SignedIn, said: &ConflictResolved) -> Answer<bool> {
    let ids = said.conflicts.clone();
    let found = conflicts::named(&app.store, reader.scope, said.operator, ids)?;
    let same = |conflict: &ConflictState| {
        conflict.resolution.as_ref().is_some_and(|made| {
            made.by == said.resolver && made.value == said.value && made.reason == said.reason
        })
    };
    Ok(found.is_some_and(|(_, met)| met.len() == said.conflicts.len() && met.iter().all(same)))
}
