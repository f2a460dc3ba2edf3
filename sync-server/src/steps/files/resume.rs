//! `HEAD`: where does an upload stand? `PATCH`: the next bytes. `POST` with another method in a header
//! is that method.

use super::checksum::Checksum;
use super::receive::Piece;
use super::{
    Standing, check_log, check_tus, is_offset_type, number, parse_id, receive, terminate, whole,
    with_status,
};
use crate::app::AppState;
use crate::auth_device;
use crate::blobs::Turn;
use crate::problem::{Answer, Refusal};
use crate::storage::enrolment::Device;
use crate::storage::uploads;
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
    let device = auth_device::device(app, headers).await?;
    let (_turn, standing) = stand(app, device, id).await?;
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
    let checksum = Checksum::of(&headers)?;
    let device = auth_device::device(&app, &headers).await?;
    let (turn, standing) = stand(&app, device, &id).await?;
    if offset != standing.offset {
        return Err(Problem::new(Code::OffsetMismatch)
            .with("offset", standing.offset)
            .into());
    }
    let standing = match standing.receipt {
        Some(_) => standing,
        None => {
            let piece = Piece {
                skip: 0,
                checksum,
                body,
            };
            receive::receive(&app, standing, turn, piece).await?
        }
    };
    standing.answer(StatusCode::NO_CONTENT)
}

/// The handler of `POST` on an upload: clients behind proxies that know no `PATCH` name it in a header.
pub async fn overridden(
    state: State<AppState>,
    path: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match headers.get("x-http-method-override").map(AsRef::as_ref) {
        Some(b"PATCH") => patch(state, path, headers, body).await.into_response(),
        Some(b"HEAD") => head(state, path, headers).await,
        Some(b"DELETE") => terminate::delete(state, path, headers)
            .await
            .into_response(),
        _ => Refusal::from(Code::MethodNotAllowed).into_response(),
    }
}

/// Fences off and ends an older request on this upload and sees where it left off.
pub(super) async fn stand(app: &AppState, device: Device, id: &str) -> Answer<(Turn, Standing)> {
    let id = parse_id(id)?;
    app.blocking(move |app| {
        let upload = uploads::by_id(&app.store, app.bureau, id)?.ok_or(Code::NotFound)?;
        // Another device's upload is as good as none.
        check_log(app, &device, upload.meta.log).map_err(|_| Code::NotFound.into())
    })
    .await?;
    let turn = app.uploads.take(id).await;
    let standing = app
        .blocking(move |app| {
            let upload = uploads::fence(&app.store, app.bureau, id)?.ok_or(Code::NotFound)?;
            whole::stand(app, upload)
        })
        .await?;
    if standing.receipt.is_none() && standing.upload.is_over(app.clock.now()) {
        return Err(with_status(Code::NotFound, StatusCode::GONE));
    }
    Ok((turn, standing))
}
