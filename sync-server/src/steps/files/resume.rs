//! `HEAD`: where does an upload stand? `PATCH`: the next bytes.

use super::{
    Standing, check_log, check_tus, is_offset_type, number, parse_id, receive, whole, with_status,
};
use crate::app::AppState;
use crate::auth_device;
use crate::blobs::Turn;
use crate::problem::{Answer, Refusal};
use crate::storage::files;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::steps::files::{LENGTH, METADATA, OFFSET};

/// The handler of `HEAD`. Its refusals have no body, so they name no content type either.
pub async fn head(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match ask(&app, &id, &headers).await {
        Ok(response) => response,
        Err(Refusal(problem)) => StatusCode::from_u16(problem.status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
    }
}

async fn ask(app: &AppState, id: &str, headers: &HeaderMap) -> Answer<Response> {
    check_tus(headers)?;
    let (_turn, standing) = stand(app, id, headers).await?;
    let mut response = standing.answer(StatusCode::OK)?;
    let found = response.headers_mut();
    found.insert(LENGTH, HeaderValue::from(standing.upload.size));
    found.insert(METADATA, super::value(&standing.upload.meta.to_header())?);
    Ok(response)
}

/// The handler of `PATCH`.
pub async fn patch(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    check_tus(&headers)?;
    if !is_offset_type(&headers) {
        return Err(with_status(
            Code::BadRequest,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ));
    }
    let offset = number(&headers, OFFSET).ok_or(Code::BadRequest)?;
    let (turn, standing) = stand(&app, &id, &headers).await?;
    if offset != standing.offset {
        return Err(Problem::new(Code::OffsetMismatch)
            .with("offset", standing.offset)
            .into());
    }
    let standing = match standing.receipt {
        Some(_) => standing,
        None => receive::receive(&app, standing, turn, 0, body).await?,
    };
    standing.answer(StatusCode::NO_CONTENT)
}

/// Ends an older request on this upload and sees where it left off.
async fn stand(app: &AppState, id: &str, headers: &HeaderMap) -> Answer<(Turn, Standing)> {
    let device = auth_device::device(app, headers).await?;
    let id = parse_id(id)?;
    let upload = app
        .blocking(move |app| {
            let upload = files::by_id(&app.store, app.bureau, id)?.ok_or(Code::NotFound)?;
            // Another device's upload is as good as none.
            check_log(app, &device, upload.meta.log).map_err(|_| Refusal::from(Code::NotFound))?;
            Ok(upload)
        })
        .await?;
    let turn = app.uploads.take(id).await;
    let standing = app.blocking(move |app| whole::stand(app, upload)).await?;
    Ok((turn, standing))
}
