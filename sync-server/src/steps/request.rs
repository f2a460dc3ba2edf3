//! What every step does with a request: version, size, time, JSON.

use crate::problem::{Answer, Refusal};
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use std::time::Duration;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::version;

/// How long a request may take to arrive: four times what the slowest phone aims at, and some.
const ARRIVAL: Duration = Duration::from_secs(60);

/// Refuses other protocol versions before anything is read.
pub(super) async fn check_version(request: Request, next: Next) -> Answer<Response> {
    let header = request
        .headers()
        .get(version::HEADER)
        .and_then(|v| v.to_str().ok());
    let spoken = header.and_then(|v| v.parse::<u32>().ok());
    if spoken.is_none_or(|v| !(version::OLDEST..=version::CURRENT).contains(&v)) {
        let problem = Problem::new(Code::Version)
            .with("oldest", version::OLDEST)
            .with("current", version::CURRENT);
        return Err(problem.into());
    }
    Ok(next.run(request).await)
}

/// The body's bytes, when they come in time and are not more than `limit`.
///
/// # Errors
/// `too_large` beyond the limit; `bad_request` when the body was cut or never ended.
pub async fn read_body(body: Body, limit: usize) -> Answer<Vec<u8>> {
    match tokio::time::timeout(ARRIVAL, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().to_vec()),
        Ok(Err(e)) if e.is::<LengthLimitError>() => {
            Err(Problem::new(Code::TooLarge).with("limit", limit).into())
        }
        Ok(Err(_)) | Err(_) => Err(Refusal::from(Code::BadRequest)),
    }
}

/// A JSON body.
///
/// # Errors
/// As [`read_body`]; `bad_request` for anything that does not read.
pub async fn read_json<T: DeserializeOwned>(body: Body, limit: usize) -> Answer<T> {
    let bytes = read_body(body, limit).await?;
    serde_json::from_slice(&bytes).map_err(|_| Code::BadRequest.into())
}
