//! 日检查情况汇总: versions of a station's day. A version is made on demand and never changed; what
//! arrives later marks the day and goes into the next one.

mod compose;
mod day;
mod figures;
mod findings;
mod fonts;
mod make;

pub(super) use fonts::Fonts;

use super::body::{Body, Params};
use super::desk::{Desk, Drawn};
use super::queue::narrowed;
use super::rows::waits;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::{Answer, internal};
use crate::storage::console::records::{self, Filter};
use crate::storage::console::reports::{self, ReportRow};
use crate::storage::console::{Scope, parse_id, places};
use crate::storage::{backups, epochs};
use axum::extract::{Extension, Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Read as _;
use std::sync::Arc;
use xunji_domain::ids::{ReportId, StationId};
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_domain::words::InspectionState;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::Code;

/// How long a phone may take to bring back what a store that was put back lacks.
const PUT_BACK_MS: i64 = 30 * 24 * 3_600_000;

/// Routes under `/api/console/reports`.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/console/reports", get(list).post(create))
        .route("/api/console/reports/preview", post(draw_preview))
        .route("/api/console/reports/preview/{n}", get(preview_page))
        .route("/api/console/reports/{id}/pdf", get(pdf))
        .route("/api/console/reports/{id}/pages/{n}", get(page))
}

/// Station and day; the station is the reader's own where none is named.
#[derive(Deserialize)]
struct Wanted {
    station: Option<String>,
    day: String,
}

impl Wanted {
    fn read(&self, scope: Scope) -> Answer<(StationId, NaiveDate)> {
        let station = narrowed(scope, self.station.as_deref())?
            .station
            .ok_or(Code::BadRequest)?;
        let day = self.day.parse().map_err(|_| Code::BadRequest)?;
        Ok((station, day))
    }
}

async fn list(
    State(app): State<AppState>,
    reader: SignedIn,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<Value>> {
    let (station, day) = wanted.read(reader.scope)?;
    app.blocking(move |app| overview(app, station, day).map(Json))
        .await
}

fn overview(app: &App, station: StationId, day: NaiveDate) -> Answer<Value> {
    let scope = Scope {
        bureau: app.bureau,
        station: Some(station),
    };
    let station = places::stations(&app.store, app.bureau)?
        .into_iter()
        .find(|s| s.id == station)
        .ok_or(Code::NotFound)?;
    let versions = reports::versions(&app.store, app.bureau, station.id, day.to_string())?;
    let filter = Filter {
        day: Some(day.to_string()),
        ..Filter::default()
    };
    let mut records = records::list(&app.store, scope, filter)?;
    records.retain(|r| r.summary.state != InspectionState::Voided);
    let late = reports::late(&app.store, scope)?;
    let in_state = |taken: fn(InspectionState) -> bool| {
        records.iter().filter(|r| taken(r.summary.state)).count()
    };
    Ok(json!({
        "station": {"id": station.id, "name": station.name},
        "day": day,
        "day_text": xunji_domain::calendar::full_text(day),
        "versions": versions.iter().map(|v| version(v, station.zone)).collect::<Vec<_>>(),
        "records": records.len(),
        "approved": in_state(|s| s == InspectionState::Approved),
        "pending": in_state(waits),
        "returned": in_state(|s| s == InspectionState::Returned),
        "late_since": records.iter().filter(|r| late.contains(&r.summary.id)).count(),
        "backup": backup(app, station.zone)?,
        "put_back": put_back(app, station.zone)?,
    }))
}

/// What would be left if this server's disk were lost tonight, and whether somebody has to act.
fn backup(app: &App, zone: i32) -> Answer<Value> {
    let last = backups::last(&app.store, app.bureau)?;
    let waived = backups::waived(&app.store, app.bureau)?;
    let mut text = match last {
        Some(last) => format!(
            "{} 前收到的都在备份里，{} 核对无误",
            last.through.minute_text(zone),
            last.finished_at.minute_text(zone)
        ),
        None => "还没有核对过的异地备份；服务器磁盘损坏会丢失数据，请管理员备份".to_owned(),
    };
    if waived {
        text.push_str("。已设定手机不等备份，到期的原片和记录照样移出手机，丢了就没有第二份");
    }
    Ok(json!({ "text": text, "alarm": waived || last.is_none() }))
}

/// That the store stood at an earlier state than it had signed, and nobody said so beforehand; for as long as phones may
/// still bring back what is missing.
fn put_back(app: &App, zone: i32) -> Answer<Option<String>> {
    let noticed = epochs::noticed(&app.store, app.bureau)?;
    let recent = noticed.filter(|at| app.clock.now().0 - at.0 < PUT_BACK_MS);
    Ok(recent.map(|at| {
        format!(
            "{} 发现数据退回到了更早的状态，手机会补报缺少的内容，两边的签名都已留存；不是管理员恢复备份的，请立即报告并运行 verify 核对",
            at.minute_text(zone)
        )
    }))
}

fn version(row: &ReportRow, zone: i32) -> Value {
    let data: Option<Value> = serde_json::from_slice(&row.data).ok();
    json!({
        "id": row.id,
        "version": row.version,
        "number": data.as_ref().and_then(|d| d.pointer("/head/number")),
        "created_text": row.created_at.minute_text(zone),
        "sha256": row.pdf,
        "pages": row.pages,
        "late": row.late,
        "data_hash": row.data_hash,
        "erased": row.data.is_empty(),
    })
}

async fn create(
    State(app): State<AppState>,
    Extension(desk): Extension<Arc<Desk>>,
    reader: SignedIn,
    Body(wanted): Body<Wanted>,
) -> Answer<Json<Value>> {
    reader.may_report()?;
    let (station, day) = wanted.read(reader.scope)?;
    let turn = desk.turn().await?;
    let row = app
        .blocking(move |app| {
            let _turn = turn;
            make::make(app, &desk, &reader, station, day)
        })
        .await?;
    Ok(Json(version(&row, CHINA_OFFSET_MIN)))
}

async fn pdf(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(id): Path<String>,
) -> Answer<Response> {
    let row = find(&app, &reader, &id).await?;
    let (digest, name) = (row.pdf, format!("report-{}-v{}.pdf", row.day, row.version));
    let bytes = app
        .blocking(move |app| {
            let mut file = app
                .blobs
                .open(digest)
                .map_err(|e| internal(&e))?
                .ok_or(Code::NotFound)?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(|e| internal(&e))?;
            if Digest::of(&bytes) == digest {
                Ok(bytes)
            } else {
                Err(Code::DigestMismatch.into())
            }
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

async fn page(
    State(app): State<AppState>,
    Extension(desk): Extension<Arc<Desk>>,
    reader: SignedIn,
    Path((id, n)): Path<(String, String)>,
) -> Answer<Response> {
    let n = n.parse().map_err(|_| Code::NotFound)?;
    let row = find(&app, &reader, &id).await?;
    let drawn = Drawn::Version(row.id);
    if let Some(bytes) = desk.page(&drawn, n) {
        return Ok(png(bytes));
    }
    let turn = desk.turn().await?;
    let bytes = app
        .blocking(move |app| {
            let _turn = turn;
            // Drawn meanwhile for another page of the same document.
            if desk.page(&drawn, 1).is_none() {
                desk.keep(drawn.clone(), make::pages(app, &desk, &row)?);
            }
            Ok(desk.page(&drawn, n).ok_or(Code::NotFound)?)
        })
        .await?;
    Ok(png(bytes))
}

async fn draw_preview(
    State(app): State<AppState>,
    Extension(desk): Extension<Arc<Desk>>,
    reader: SignedIn,
    Body(wanted): Body<Wanted>,
) -> Answer<Json<Value>> {
    let (station, day) = wanted.read(reader.scope)?;
    let drawn = Drawn::Preview(reader.person.id, station, day);
    let turn = desk.turn().await?;
    let count = app
        .blocking(move |app| {
            let _turn = turn;
            let pages = make::preview(app, &desk, &reader, station, day)?;
            let count = pages.len();
            desk.keep(drawn, pages);
            Ok(count)
        })
        .await?;
    Ok(Json(json!({ "pages": count })))
}

async fn preview_page(
    Extension(desk): Extension<Arc<Desk>>,
    reader: SignedIn,
    Path(n): Path<String>,
    Params(wanted): Params<Wanted>,
) -> Answer<Response> {
    let n = n.parse().map_err(|_| Code::NotFound)?;
    let (station, day) = wanted.read(reader.scope)?;
    let drawn = Drawn::Preview(reader.person.id, station, day);
    Ok(png(desk.page(&drawn, n).ok_or(Code::NotFound)?))
}

async fn find(app: &AppState, reader: &SignedIn, id: &str) -> Answer<ReportRow> {
    let id = ReportId(parse_id(id).ok_or(Code::NotFound)?);
    let scope = reader.scope;
    app.blocking(move |app| {
        let row = reports::find(&app.store, scope, id)?.ok_or(Code::NotFound)?;
        if row.data.is_empty() {
            return Err(Code::Erased.into());
        }
        Ok(row)
    })
    .await
}

fn png(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "image/png")], bytes).into_response()
}
