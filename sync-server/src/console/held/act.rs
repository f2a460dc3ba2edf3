//! What a person does about a change that was held back: try it now, let it count, or close it with a reason.

use crate::app::{App, AppState};
use crate::console::body::Body;
use crate::console::signed_in::SignedIn;
use crate::decide::{Snapshot, Stopped, acceptable};
use crate::problem::{Answer, Refusal, internal};
use crate::redrive;
use crate::storage::stopped;
use crate::write::append_bureau_change;
use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};
use xunji_domain::text::typed;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{CHANGE_SETTLED, ChangeSettled, Settled};
use xunji_protocol::limits::MAX_TEXT;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::state::change_id;
use xunji_protocol::verdict::{Verdict, VerdictRow};

/// Body of a decision about one change.
#[derive(Deserialize)]
pub(in crate::console) struct Decided {
    decision: Settled,
    reason: String,
}

/// `POST /api/console/held/{hash}/retry`.
pub(in crate::console) async fn retry(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(hash): Path<String>,
) -> Answer<Json<Value>> {
    reader.may_resolve()?;
    let hash = Digest::from_hex(&hash).ok_or(Code::NotFound)?;
    app.blocking(move |app| {
        within(app, &reader, hash)?;
        redrive::one(app, hash)?;
        answer(app, &reader, hash)
    })
    .await
}

/// `POST /api/console/held/{hash}/settle`.
pub(in crate::console) async fn settle(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(hash): Path<String>,
    Body(asked): Body<Decided>,
) -> Answer<Json<Value>> {
    reader.may_resolve()?;
    let hash = Digest::from_hex(&hash).ok_or(Code::NotFound)?;
    app.blocking(move |app| {
        let found = within(app, &reader, hash)?;
        let said = said(app, &reader, hash, &asked)?;
        if !done_so(app, &found, &said)? {
            write(app, &reader, &said)?;
        }
        if said.decision == Settled::Accepted {
            redrive::one(app, hash)?;
        }
        answer(app, &reader, hash)
    })
    .await
}

fn said(app: &App, reader: &SignedIn, hash: Digest, asked: &Decided) -> Answer<ChangeSettled> {
    let reason = typed(&asked.reason);
    if reason.is_empty() || reason.chars().count() > MAX_TEXT {
        return Err(Problem::new(Code::BadRequest)
            .saying("须写明理由，没有写入，内容都还在；请写上理由再点一次")
            .into());
    }
    Ok(ChangeSettled {
        change: hash,
        decision: asked.decision,
        reason,
        settler: reader.person.id,
        settler_name: reader.person.name.clone(),
        at: app.clock.now(),
    })
}

/// The change, when the reader sees the station of its phone.
fn within(app: &App, reader: &SignedIn, hash: Digest) -> Answer<Stopped> {
    let found = stopped::by_hash(&app.store, app.bureau, hash)?;
    let seen = found.filter(|row| match (reader.scope.station, row.station) {
        (None, _) => true,
        (Some(own), station) => station == Some(own),
    });
    Ok(seen.ok_or(Code::NotFound)?)
}

/// The same request again, whose answer was lost.
fn done_so(app: &App, found: &Stopped, said: &ChangeSettled) -> Answer<bool> {
    Ok(match said.decision {
        Settled::Accepted => stopped::is_accepted(&app.store, app.bureau, said.change)?,
        Settled::Closed => found.last.closed.as_ref().is_some_and(|closed| {
            closed.by_name == said.settler_name && closed.reason == said.reason
        }),
    })
}

fn write(app: &App, reader: &SignedIn, said: &ChangeSettled) -> Answer<()> {
    let row = append_bureau_change(
        app,
        CHANGE_SETTLED,
        said,
        vec![change_id(said.change)],
        reader.person.id,
        |snapshot| still_waits(snapshot, said),
    )?;
    match row.verdict {
        Verdict::Applied => Ok(()),
        Verdict::Held | Verdict::Quarantined => {
            Err(internal(&format!("a settlement was answered {row:?}")))
        }
    }
}

/// Asked on the rows the decision rests on.
fn still_waits(snapshot: &Snapshot, said: &ChangeSettled) -> Answer<()> {
    let last = &snapshot
        .stopped
        .get(&said.change)
        .ok_or(Code::NotFound)?
        .last;
    if last.verdict == Verdict::Applied {
        return Err(stale("这一条已经入账，刚才的处理没有写入；请刷新后再看"));
    }
    if let Some(closed) = &last.closed {
        let sentence = format!(
            "这一条已由{}处理过，刚才的处理没有写入；请刷新后再看",
            closed.by_name
        );
        return Err(stale(sentence));
    }
    if said.decision == Settled::Accepted && !acceptable(last) {
        return Err(stale(
            "这一条不是因为手机停用而没有入账的，不能这样收下；内容都还在，请刷新后再看",
        ));
    }
    Ok(())
}

fn stale(sentence: impl Into<String>) -> Refusal {
    Problem::new(Code::Stale).saying(sentence).into()
}

/// How the change stands now.
fn answer(app: &App, reader: &SignedIn, hash: Digest) -> Answer<Json<Value>> {
    let last: VerdictRow = within(app, reader, hash)?.last;
    Ok(Json(json!({
        "verdict": last.verdict,
        "sentence": sentence(&last),
    })))
}

fn sentence(last: &VerdictRow) -> String {
    match (&last.closed, last.verdict) {
        (Some(_), Verdict::Held) => "不再列出；等的到了仍自动入账，手机上会看到理由".to_owned(),
        (Some(_), _) => "已处理，不再列出；内容原样留存，手机上会看到理由".to_owned(),
        (None, Verdict::Applied) => "已入账，手机下次同步后更新".to_owned(),
        (None, _) => format!("还不能入账：{}", super::words::reason(last)),
    }
}
