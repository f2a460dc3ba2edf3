//! The record's page: what was signed, what came after, what the bytes say of it.

use super::approval::{Objection, objection};
use super::integrity::{self, Integrity, Rebuilt, rebuild};
use super::judged::{Against, Judged, trace};
use super::rows::{shown_state, waits};
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::console::files::PhotoFiles;
use crate::storage::console::raw::{self, RawRecord};
use crate::storage::console::records::{self, Filter, Listed};
use crate::storage::console::{Scope, parse_id};
use crate::storage::console::{batches, compare};
use crate::storage::drafts::{self, Takeover};
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use xunji_domain::checklist::edition;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::InspectionContent;
use xunji_domain::mask::Audience;
use xunji_domain::time::GeoFix;
use xunji_protocol::kinds::Review;
use xunji_protocol::problem::Code;
use xunji_protocol::state::InspectionSummary;

/// A record as it was opened: read, hashed and compared at this moment.
pub(super) struct Opened {
    pub(super) summary: InspectionSummary,
    pub(super) content: InspectionContent,
    pub(super) rebuilt: Option<Rebuilt>,
    pub(super) photos: Vec<PhotoFiles>,
    pub(super) integrity: Integrity,
}

/// `GET /api/console/records/{id}`.
pub(super) async fn record(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let id = InspectionId(parse_id(&id).ok_or(Code::NotFound)?);
    let page = app
        .blocking(move |app| {
            let opened = open(app, reader.scope, id)?;
            note_opening(app, &reader, &opened)?;
            page(app, &reader, &opened)
        })
        .await?;
    Ok(Json(page))
}

/// Opens a record: bytes first, lists second. What lies outside the scope does not exist.
pub(super) fn open(app: &App, scope: Scope, id: InspectionId) -> Answer<Opened> {
    let raw = raw::record(&app.store, scope, id)?.ok_or(Code::NotFound)?;
    let rebuilt = rebuild(&raw);
    // What is shown is what was signed; only where that does not read, what the lists still say.
    let content = match (&rebuilt, &raw.content) {
        (Ok(rebuilt), _) => rebuilt.content.clone(),
        (Err(_), Some(content)) => content.clone(),
        (Err(_), None) => return Err(unreadable()),
    };
    let summary = shown_summary(&raw, rebuilt.as_ref().ok()).ok_or_else(unreadable)?;
    let photos = records::photos(&app.store, scope, content.clone())?;
    let integrity = integrity::of(&raw, &rebuilt, &photos, app.blobs.as_ref())?;
    Ok(Opened {
        summary,
        content,
        rebuilt: rebuilt.ok(),
        photos,
        integrity,
    })
}

/// The register's summary carries flags and reviewer; where it does not read, the rebuilt one does.
fn shown_summary(raw: &RawRecord, rebuilt: Option<&Rebuilt>) -> Option<InspectionSummary> {
    raw.summary
        .clone()
        .or_else(|| rebuilt.map(|r| r.summary.clone()))
}

fn unreadable() -> crate::problem::Refusal {
    xunji_protocol::problem::Problem::new(Code::Internal)
        .saying("这份记录在服务器上无法读取，手机和备份中的原件不受影响；请联系管理员核对")
        .into()
}

fn page(app: &App, reader: &SignedIn, opened: &Opened) -> Answer<Value> {
    let summary = &opened.summary;
    let zone = opened.content.zone;
    let reviews = records::reviews(&app.store, app.bureau, summary.id)?;
    let conflicts = super::conflicts::rows(app, reader.scope, Some(summary.operator))?;
    let only = Filter {
        only: Some(summary.id),
        ..Filter::default()
    };
    let against = Against::load(app, reader.scope, only)?;
    let judged = match summary.erased {
        // Nothing is left to look at twice.
        Some(_) => Judged::nothing(summary.conclusion),
        None => against.judge(&listed(opened)),
    };
    let previous = against
        .earlier(summary.id)
        .filter(|before| before.erased.is_none())
        .map(|before| previous(app, reader, before))
        .transpose()?;
    let objection = stands_against(reader, opened);
    Ok(json!({
        "summary": summary,
        "state_text": shown_state(summary),
        "started_text": summary.started_at.clock_text(zone),
        "ended_text": summary.ended_at.clock_text(zone),
        "received_text": summary.received_at.minute_text(zone),
        "version_no": summary.amendments + 1,
        "content": opened.content,
        "position_text": position_text(&opened.content),
        "position_marks": opened.content.position.as_ref().map(GeoFix::marks).unwrap_or_default(),
        "signed": opened.rebuilt.as_ref().map(|r| &r.signed),
        "checklist": checklist(&opened.content),
        "amendments": opened.rebuilt.as_ref().map(amendments).unwrap_or_default(),
        "others": others(app, reader, opened)?,
        "taken_over": taken_over(app, summary.id, zone)?,
        "reviews": reviews.iter().map(|r| review(r, zone)).collect::<Vec<_>>(),
        "conflicts": conflicts,
        "flags": judged.signals,
        "points": judged.points,
        "trace": trace(&opened.content),
        "photos": opened.photos.iter().map(photo).collect::<Vec<_>>(),
        "previous": previous,
        "integrity": opened.integrity,
        "approvable": objection.is_none(),
        "why_not": objection.map(|(_, sentence)| sentence),
        "may_review": summary.erased.is_none() && reader.may_review().is_ok() && !super::approval::own(reader, summary),
    }))
}

/// Where the visit began, with what measured it and how exactly.
fn position_text(content: &InspectionContent) -> String {
    let fix = content.position.as_ref();
    fix.and_then(|fix| fix.text(Audience::Device))
        .unwrap_or_else(|| "没有定位".to_owned())
}

/// Whoever may decide on it has it before his eyes now: a batch asks for that.
fn note_opening(app: &App, reader: &SignedIn, opened: &Opened) -> Answer<()> {
    let summary = &opened.summary;
    if reader.may_review().is_err() || !waits(summary.state) {
        return Ok(());
    }
    let seen = (summary.id, summary.version);
    let now = app.clock.now();
    Ok(batches::open(
        &app.store,
        app.bureau,
        seen,
        reader.person.id,
        now,
    )?)
}

/// The visit before, at whatever station: a record of another station is shown as answers only.
fn previous(app: &App, reader: &SignedIn, before: &InspectionSummary) -> Answer<Value> {
    let content = compare::content(&app.store, app.bureau, before.id)?;
    let names: Vec<&String> = before.inspectors.iter().map(|(_, name)| name).collect();
    Ok(json!({
        "id": reader.scope.sees(before.station).then_some(before.id),
        "record_no": before.record_no,
        "day": before.day,
        "conclusion": before.conclusion,
        "inspectors": names,
        "answers": before.answers,
        "failed": before.failed,
        "trace": content.as_ref().map(trace).unwrap_or_default(),
    }))
}

/// What stands against approving an opened record: the list's rule, and then the bytes.
pub(super) fn stands_against(reader: &SignedIn, opened: &Opened) -> Option<Objection> {
    objection(reader, &opened.summary, &opened.photos).or_else(|| {
        (opened.integrity.badge == integrity::Badge::Mismatch).then(|| {
            (
                Code::NotComplete,
                "数据核对不符，查明之前不能通过".to_owned(),
            )
        })
    })
}

fn listed(opened: &Opened) -> Listed {
    Listed {
        summary: opened.summary.clone(),
        content: opened.content.clone(),
        party: opened.rebuilt.as_ref().map(|r| r.signed.party.clone()),
        photos: Vec::new(),
    }
}

fn checklist(content: &InspectionContent) -> Option<Value> {
    let list = edition(&content.checklist)?;
    let items: Vec<Value> = list
        .items
        .iter()
        .map(|item| {
            json!({"code": item.code, "section": item.section, "text": item.text, "severity": item.severity,
                "readings": item.readings, "basis_text": xunji_domain::checklist::basis_text(&item.basis, &list.province)})
        })
        .collect();
    Some(
        json!({"id": list.id, "version": list.version, "name": list.name, "sections": list.sections, "items": items}),
    )
}

fn amendments(rebuilt: &Rebuilt) -> Vec<Value> {
    rebuilt
        .amendments
        .iter()
        .map(|(version, amendment)| json!({"version": version, "amendment": amendment}))
        .collect()
}

/// Versions that were signed beside the one that stands, each with its own photos.
fn others(app: &App, reader: &SignedIn, opened: &Opened) -> Answer<Vec<Value>> {
    let all = opened.rebuilt.iter().flat_map(|rebuilt| &rebuilt.others);
    all.map(|other| {
        let content = &other.signed.content;
        let photos = records::photos(&app.store, reader.scope, content.clone())?;
        Ok(json!({
            "version": other.version,
            "received_text": other.received_at.minute_text(content.zone),
            "ended_text": content.ended_at.as_ref().map(|at| at.time().minute_text(content.zone)),
            "signed": other.signed,
            "photos": photos.iter().map(photo).collect::<Vec<_>>(),
        }))
    })
    .collect()
}

/// The visit went on on another phone before it was signed: who took it over, from whom, when.
fn taken_over(app: &App, inspection: InspectionId, zone: i32) -> Answer<Vec<Value>> {
    let all = drafts::takeovers(&app.store, app.bureau, inspection)?;
    let row = |takeover: &Takeover| {
        json!({
            "by_name": takeover.said.taker_name,
            "from_name": takeover.said.from_author_name,
            "at_text": takeover.at.minute_text(zone),
            "photos_left": takeover.said.photos_left,
        })
    };
    Ok(all.iter().map(row).collect())
}

fn review(review: &Review, zone: i32) -> Value {
    json!({"review": review, "at_text": review.at.minute_text(zone)})
}

fn photo(files: &PhotoFiles) -> Value {
    let photo = &files.photo;
    json!({
        "id": photo.id,
        "sha256": photo.sha256,
        "purpose": photo.purpose,
        "thumbnail": files.thumbnail,
        "copy": files.copy,
        "original": files.original,
        "origin": photo.origin,
        "damaged": photo.damaged,
        "at": photo.at.time(),
    })
}
