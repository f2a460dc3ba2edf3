//! What every step does with a request: version, size, time, JSON.

use crate::problem::{Answer, Refusal};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use std::io::Read as _;
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

/// Whether a body comes gzipped.
///
/// # Errors
/// `bad_request` for another encoding.
pub(super) fn is_gzip(headers: &HeaderMap) -> Answer<bool> {
    match headers.get(header::CONTENT_ENCODING).map(|v| v.as_bytes()) {
        None | Some(b"identity") => Ok(false),
        Some(b"gzip") => Ok(true),
        Some(_) => Err(Code::BadRequest.into()),
    }
}

/// Unpacks at most so many bytes: a small request must not become a large one.
///
/// # Errors
/// `segment_broken` for what is not gzip to its end; `too_large` beyond the limit.
pub(super) fn unzip(bytes: &[u8], limit: usize) -> Answer<Vec<u8>> {
    let mut unpacked = Vec::new();
    let read = flate2::read::GzDecoder::new(bytes)
        .take(limit as u64 + 1)
        .read_to_end(&mut unpacked);
    if read.is_err() {
        return Err(Code::SegmentBroken.into());
    }
    if unpacked.len() > limit {
        return Err(Problem::new(Code::TooLarge).with("limit", limit).into());
    }
    Ok(unpacked)
}
