//! `DELETE`: the phone takes an upload back. What was unfinished goes; a whole file, its row and its
//! receipt stay, because a receipt is a promise.

use super::{check_tus, refuse, resume};
use crate::app::AppState;
use crate::auth_device;
use crate::problem::Answer;
use crate::storage::uploads;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use xunji_protocol::problem::Code;

/// The handler.
pub async fn delete(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    check_tus(&headers)?;
    let device = auth_device::device(&app, &headers).await?;
    // One that was revoked hands in what it holds, and takes nothing back.
    if !device.active {
        return Err(Code::Forbidden.into());
    }
    // Bytes that are all here become a file before the question is answered.
    let (_turn, standing) = resume::stand(&app, device, &id).await?;
    app.blocking(move |app| {
        if !uploads::remove(&app.store, app.bureau, &standing.upload)? {
            return Err(Code::OffsetMismatch.into());
        }
        // The row first: a staging without a row is swept, a row without a staging would be taken for
        // a file that has got its name.
        if standing.receipt.is_none() {
            app.blobs
                .discard(standing.upload.id)
                .map_err(|e| refuse(&e))?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
