//! 统计: rates with both their counts, and for every number the list that opens exactly its rows. A
//! rate over nothing has no value; it is never 0 %.

mod counted;
mod figures;
mod shares;
mod weeks;

use super::body::Params;
use super::chosen::{date, word};
use super::desk::Desk;
use super::queue::narrowed;
use super::register::today;
use super::rows::Names;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::problem::Answer;
use crate::storage::console::Scope;
use axum::extract::State;
use axum::{Extension, Json};
use chrono::{Datelike, Days, NaiveDate};
use counted::Counted;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use xunji_domain::words::OperatorKind;
use xunji_protocol::problem::Code;

/// Weeks that are shown where no days are asked for.
const USUAL_WEEKS: u64 = 13;
/// More days are not counted at once.
const MOST_DAYS: i64 = 400;

/// Which days, whose.
#[derive(Deserialize)]
pub(super) struct Asked {
    from: Option<String>,
    to: Option<String>,
    station: Option<String>,
    kind: Option<String>,
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: NaiveDate,
    to: NaiveDate,
    kind: Option<OperatorKind>,
    scope: Scope,
    /// All that the reader sees, wherever the page looks.
    sees: Scope,
}

/// `GET /api/console/statistics`.
pub(super) async fn statistics(
    State(app): State<AppState>,
    reader: SignedIn,
    Extension(desk): Extension<Arc<Desk>>,
    Params(asked): Params<Asked>,
) -> Answer<Json<Value>> {
    let scope = narrowed(reader.scope, asked.station.as_deref())?;
    let page = app
        .blocking(move |app| page(app, &desk, &span(app, (scope, reader.scope), asked)?))
        .await?;
    Ok(Json(page))
}

fn span(app: &App, (scope, sees): (Scope, Scope), asked: Asked) -> Answer<Span> {
    let to = match date(asked.to)? {
        Some(to) => to,
        None => today(app)?,
    };
    let from = date(asked.from)?.unwrap_or_else(|| {
        let back = monday(to).checked_sub_days(Days::new(7 * (USUAL_WEEKS - 1)));
        back.unwrap_or(to)
    });
    if from > to || (to - from).num_days() > MOST_DAYS {
        return Err(Code::BadRequest.into());
    }
    Ok(Span {
        from,
        to,
        kind: word(asked.kind)?,
        scope,
        sees,
    })
}

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    let past = u64::from(day.weekday().num_days_from_monday());
    day.checked_sub_days(Days::new(past)).unwrap_or(day)
}

fn page(app: &App, desk: &Desk, span: &Span) -> Answer<Value> {
    let entries = desk.register.entries(app)?;
    let counted = Counted::load(app, span, &entries)?;
    let names = Names::load(app)?;
    Ok(json!({
        "from": span.from,
        "to": span.to,
        "visits": counted.records("visits", "检查户次", &[])?,
        "pending": counted.records("pending", "待审", &[("state", "pending")])?,
        "not_inspected": counted.records("not_inspected", "未能检查", &[("conclusion", "not_inspected")])?,
        "rates": figures::rates(&counted, span.kind)?,
        "weeks": weeks::weeks(&counted, span.from, span.to)?,
        "conclusions": figures::conclusions(&counted, &[])?,
        "grades": figures::grades(&counted)?,
        "sections": shares::sections(&counted)?,
        "items": shares::items(&counted)?,
        "stations": figures::stations(&counted, &names.in_scope(span.scope))?,
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 10, d).unwrap();
        assert_eq!([12, 14, 18].map(|d| monday(day(d))), [day(12); 3]);
        assert_eq!(monday(day(19)), day(19));
    }
}
