//! Signing in and out.

use super::accounts::{closed_until, password};
use super::signed_in::{COOKIE, SignedIn, token};
use crate::app::AppState;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::console::{accounts, places, sessions};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use xunji_domain::calendar::{Market, MarketCalendar, full_text, is_market_day};
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::Code;

/// A session ends after one working day, whatever happens in it.
const LASTS_MS: i64 = 12 * 60 * 60 * 1000;
/// Longest password looked at: argon2 would take any length, for a price.
const MAX_PASSWORD: usize = 200;

/// What is typed at sign-in.
#[derive(Deserialize)]
pub(super) struct Login {
    account: String,
    password: String,
}

type Cookie = [(HeaderName, String); 1];

/// `POST /api/console/login`.
pub(super) async fn login(
    State(app): State<AppState>,
    headers: HeaderMap,
    super::body::Body(typed): super::body::Body<Login>,
) -> Answer<(Cookie, Json<Value>)> {
    let name = typed.account.trim().to_owned();
    if typed.password.len() > MAX_PASSWORD {
        return Err(Code::Login.into());
    }
    let found = {
        let name = name.clone();
        app.blocking(move |app| Ok(accounts::find(&app.store, app.bureau, name)?))
            .await?
    };
    let stored = found.as_ref().map(|row| row.password.clone());
    let right = password::fits(typed.password, stored).await?;
    let Some(row) = found else {
        return Err(Code::Login.into());
    };
    let now = app.clock.now();
    let let_in = app
        .blocking(move |app| {
            Ok(accounts::settle_attempt(
                &app.store,
                app.bureau,
                name,
                right,
                now,
                closed_until,
            )?)
        })
        .await?;
    if !let_in {
        return Err(Code::Login.into());
    }
    let value = hex::encode(random::bytes::<32>().map_err(|e| internal(&e))?);
    let digest = Digest::of(value.as_bytes());
    let until = xunji_domain::time::Millis(now.0 + LASTS_MS);
    let session = app
        .blocking(move |app| {
            sessions::open(&app.store, app.bureau, digest, row.account, now, until)?;
            Ok(sessions::find(&app.store, app.bureau, digest, now)?)
        })
        .await?
        .ok_or(Code::Login)?;
    let about = about(&app, &session.person).await?;
    Ok((cookie(&headers, &value, LASTS_MS / 1000), Json(about)))
}

/// `GET /api/console/about`: whose console this is, before anybody signs in.
pub(super) async fn county(State(app): State<AppState>) -> Json<Value> {
    Json(json!({ "bureau": app.county.name, "demo": app.county.demo }))
}

/// `GET /api/console/me`.
pub(super) async fn me(State(app): State<AppState>, signed_in: SignedIn) -> Answer<Json<Value>> {
    Ok(Json(about(&app, &signed_in.person).await?))
}

/// `POST /api/console/logout`.
pub(super) async fn logout(
    State(app): State<AppState>,
    headers: HeaderMap,
) -> Answer<(Cookie, Json<Value>)> {
    if let Some(token) = token(&headers) {
        app.blocking(move |app| Ok(sessions::close(&app.store, app.bureau, token)?))
            .await?;
        // Streams of this session look, and end.
        app.live.changed();
    }
    Ok((cookie(&headers, "", 0), Json(json!({}))))
}

/// Who is signed in, and what the page's head says.
async fn about(app: &AppState, person: &xunji_domain::org::Person) -> Answer<Value> {
    let (stations, markets) = Arc::clone(app)
        .blocking(|app| {
            let stations = places::stations(&app.store, app.bureau)?;
            Ok((stations, places::markets(&app.store, app.bureau)?))
        })
        .await?;
    let own = stations.iter().find(|s| Some(s.id) == person.station);
    let today = app
        .clock
        .now()
        .date(own.map_or(CHINA_OFFSET_MIN, |s| s.zone));
    // A market that is held every day is no news.
    let held = |m: &&Market| {
        own.is_none_or(|s| s.id == m.station)
            && m.rule.calendar != MarketCalendar::Daily
            && today.is_some_and(|day| is_market_day(&m.rule, day))
    };
    let name = |s: &xunji_domain::org::Station| json!({"id": s.id, "name": s.name});
    Ok(json!({
        "name": person.name,
        "role": person.role,
        "station": own.map(name),
        "stations": stations.iter().map(name).collect::<Vec<_>>(),
        "bureau": app.county.name,
        "demo": app.county.demo,
        "today": today,
        "today_text": today.map(full_text),
        "markets": markets.iter().filter(held).map(|m| &m.name).collect::<Vec<_>>(),
    }))
}

/// Strict: the cookie never goes along with a request that another site caused. Behind a proxy that
/// speaks TLS it never goes over plain HTTP either.
fn cookie(headers: &HeaderMap, value: &str, seconds: i64) -> Cookie {
    let tls = headers
        .get("x-forwarded-proto")
        .is_some_and(|v| v.as_bytes() == b"https");
    let secure = if tls { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}{secure}");
    [(header::SET_COOKIE, text)]
}
