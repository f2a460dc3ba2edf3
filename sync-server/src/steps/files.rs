//! `/api/v1/files`: tus 1.0 (core, creation, creation-with-upload, checksum, expiration, termination),
//! bound to SHA-256, size, kind and log; `/api/v1/blobs/{sha256}`: whole files, within the caller's
//! scope.
//!
//! Bytes first, then the row, then the receipt. Metadata and the change that names a file may come in
//! either order; nothing here asks whether a record knows the file.

mod blob;
mod checksum;
mod chunk;
mod create;
mod deliver;
mod inflow;
mod receive;
mod resume;
mod sweep;
mod terminate;
#[cfg(test)]
mod tests;
mod whole;

pub use deliver::{Delivered, Undelivered, deliver};
pub(in crate::steps) use sweep::is_healing;
pub use sweep::{keep_sweeping, sweep};

use crate::app::{App, AppState};
use crate::blobs::{BlobError, UploadId};
use crate::decide::Owner;
use crate::problem::{Answer, Refusal, internal};
use crate::storage::enrolment::{self, Device};
use crate::storage::uploads::Upload;
use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, head, options};
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::limits::MAX_FILE;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::receipt::RECEIPT_HEADER;
use xunji_protocol::steps::files as wire;

/// When an unfinished upload is given up.
const EXPIRES: &str = "upload-expires";

/// Where whole files are read.
pub const BLOBS: &str = "/api/v1/blobs";

/// What of tus is spoken here beyond its core.
const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";

/// The routes of files.
pub fn routes() -> Router<AppState> {
    let all = || options(capabilities).post(create::create);
    let one = head(resume::head)
        .patch(resume::patch)
        .delete(terminate::delete)
        .post(resume::overridden)
        .options(capabilities);
    Router::new()
        .route(wire::PATH, all())
        .route(&format!("{}/", wire::PATH), all())
        .route(&format!("{}/{{id}}", wire::PATH), one)
        .layer(map_response(speak_tus))
        .route(&format!("{BLOBS}/{{sha256}}"), get(blob::blob))
}

async fn capabilities() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-version", HeaderValue::from_static(wire::TUS.1));
    headers.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    headers.insert(
        "tus-checksum-algorithm",
        HeaderValue::from_static(checksum::ALGORITHMS),
    );
    headers.insert("tus-max-size", HeaderValue::from(MAX_FILE));
    response
}

async fn speak_tus(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(wire::TUS.0, HeaderValue::from_static(wire::TUS.1));
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response
            .headers_mut()
            .insert("tus-version", HeaderValue::from_static(wire::TUS.1));
    }
    response
}

/// Where an upload stands after a request.
#[derive(Clone, Debug)]
struct Standing {
    upload: Upload,
    offset: u64,
    receipt: Option<SignedStatement>,
}

impl Standing {
    fn answer(&self, status: StatusCode) -> Answer<Response> {
        let mut response = status.into_response();
        let headers = response.headers_mut();
        headers.insert(wire::OFFSET, HeaderValue::from(self.offset));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let location = format!("{}/{}", wire::PATH, self.upload.id);
        headers.insert(header::LOCATION, value(&location)?);
        match &self.receipt {
            Some(receipt) => {
                headers.insert(HeaderName::from_static(RECEIPT_HEADER), value(&receipt.0)?);
            }
            // What is whole does not expire.
            None => {
                let until = http_date(self.upload.expires_at())?;
                headers.insert(HeaderName::from_static(EXPIRES), until);
            }
        }
        Ok(response)
    }
}

/// An instant as HTTP writes it (RFC 9110, 5.6.7), to the second.
fn http_date(at: Millis) -> Answer<HeaderValue> {
    let at = chrono::DateTime::from_timestamp_millis(at.0)
        .ok_or_else(|| internal(&"a time beyond the calendar"))?;
    value(&at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

fn value(text: &str) -> Answer<HeaderValue> {
    HeaderValue::from_str(text).map_err(|e| internal(&e))
}

/// Refuses other versions of tus: 412, as tus asks.
fn check_tus(headers: &HeaderMap) -> Answer<()> {
    if headers.get(wire::TUS.0).is_some_and(|v| v == wire::TUS.1) {
        return Ok(());
    }
    Err(with_status(Code::Version, StatusCode::PRECONDITION_FAILED))
}

fn with_status(code: Code, status: StatusCode) -> Refusal {
    let mut problem = Problem::new(code);
    problem.status = status.as_u16();
    problem.into()
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?;
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn is_offset_type(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v == wire::OFFSET_TYPE)
}

/// A device delivers for its own logs only.
fn check_log(app: &App, device: &Device, log: LogId) -> Answer<()> {
    match enrolment::log(&app.store, app.bureau, log)?.map(|row| row.owner) {
        Some(Owner::Device { device: owner, .. }) if owner == device.device => Ok(()),
        _ => Err(Code::Forbidden.into()),
    }
}

fn parse_id(text: &str) -> Answer<UploadId> {
    text.parse().map_err(|_| Code::NotFound.into())
}

fn refuse(error: &BlobError) -> Refusal {
    match error {
        BlobError::Full => Code::StorageFull.into(),
        BlobError::Mismatch => Code::DigestMismatch.into(),
        BlobError::Fenced => Code::OffsetMismatch.into(),
        BlobError::Io(e) => internal(e),
    }
}
