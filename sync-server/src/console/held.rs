//! 未入账: what phones handed in and the register could not take, each with why, since when, what it waits
//! for, and what a person can do about it.

mod act;
mod words;

pub(super) use act::{retry, settle};

use super::body::Params;
use super::rows::Names;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::decide::acceptable;
use crate::problem::Answer;
use crate::storage::console::Scope;
use crate::storage::console::held::{self, HeldBack};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_protocol::kinds::Payload;
use xunji_protocol::problem::Code;
use xunji_protocol::verdict::{Cause, VerdictRow};

/// Parameters of the list.
#[derive(Deserialize)]
pub(super) struct Wanted {
    state: Option<String>,
}

/// `GET /api/console/held`.
pub(super) async fn held(
    State(app): State<AppState>,
    reader: SignedIn,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<Value>> {
    let closed = match wanted.state.as_deref() {
        None | Some("open") => false,
        Some("closed") => true,
        Some(_) => return Err(Code::BadRequest.into()),
    };
    let may_settle = reader.may_resolve().is_ok();
    app.blocking(move |app| {
        let rows = rows(app, reader.scope, closed)?;
        let waiting = held::count(&app.store, reader.scope)?;
        Ok(Json(
            json!({ "rows": rows, "waiting": waiting, "may_settle": may_settle }),
        ))
    })
    .await
}

fn rows(app: &App, scope: Scope, closed: bool) -> Answer<Vec<Value>> {
    let names = Names::load(app)?;
    let found = held::list(&app.store, scope, closed)?;
    Ok(found.iter().map(|row| told(row, &names)).collect())
}

fn told(row: &HeldBack, names: &Names) -> Value {
    let last = &row.last;
    let captured = &row.envelope.captured_at;
    let closed = last.closed.as_ref().map(|closed| {
        json!({"reason": closed.reason, "by_name": closed.by_name, "at_text": closed.at.minute_text(CHINA_OFFSET_MIN)})
    });
    json!({
        "hash": row.hash,
        "verdict": last.verdict,
        "kind_text": words::kind(&row.envelope.kind),
        "about": about(row),
        "operator": row.operator_name.as_ref().and(row.operator()),
        "record": row.record_no.as_ref().and(row.inspection()),
        "phone": row.phone,
        "station_name": row.station.and_then(|id| names.station(id)).unwrap_or_default(),
        "author": row.author,
        "captured_text": captured.wall.minute_text(captured.zone),
        "stored_text": row.stored_at.minute_text(CHINA_OFFSET_MIN),
        "sentence": last.cause.map_or("服务器已收到，尚未入账，内容没有丢失", Cause::sentence),
        "reason": words::reason(last),
        "waits": row.waits_for.as_deref().map(|waits_for| words::waits(waits_for, row)),
        "may_retry": may_retry(last),
        "may_accept": acceptable(last),
        "closed": closed,
    })
}

/// Whom or what it is about, in the words of the change itself where the server has none.
fn about(row: &HeldBack) -> String {
    let known = row.operator_name.clone();
    match row.payload.as_ref() {
        Some(Payload::OperatorRegistered(entry)) => entry.name.clone(),
        Some(Payload::OperatorEdited(_)) => known.unwrap_or_else(|| "还没有收到的主体".to_owned()),
        Some(Payload::InspectionSigned(signed)) => {
            let content = &signed.content;
            format!("{}　{}", content.operator.operator.name, content.record_no)
        }
        Some(Payload::InspectionAmended(_)) => row
            .record_no
            .clone()
            .unwrap_or_else(|| "还没有收到的检查记录".to_owned()),
        _ => "内容还读不出来".to_owned(),
    }
}

/// Whether trying again can change anything: what has left its trace already is not judged a second time.
fn may_retry(last: &VerdictRow) -> bool {
    last.effects.is_empty()
}
