//! `POST /api/v1/sync/push`: one segment in; verdicts and a receipt out. The same request twice
//! gets the same bytes.

use super::read_body;
use super::request::{is_gzip, unzip};
use crate::app::{App, AppState};
use crate::auth_device;
use crate::decide::Owner;
use crate::problem::{Answer, Refusal};
use crate::storage::enrolment::{self, Device};
use crate::{redrive, write};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use xunji_protocol::limits::{MAX_REQUEST, MAX_SEGMENT};
use xunji_protocol::problem::Code;
use xunji_protocol::segment::{Segment, SegmentError, read_segment};
use xunji_protocol::steps::push::PushAnswer;

/// The handler.
pub async fn push(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<PushAnswer>> {
    let device = auth_device::device(&app, &headers).await?;
    let gzip = is_gzip(&headers)?;
    let bytes = read_body(body, MAX_REQUEST).await?;
    app.blocking(move |app| take(app, &device, &bytes, gzip))
        .await
        .map(Json)
}

/// Takes one segment of a device, however it came: in a request or in a bundle.
///
/// # Errors
/// `segment_broken`, `signature`, `forbidden` for what was not taken; `segment_gap` when what comes before
/// is not here.
pub fn take(app: &App, device: &Device, bytes: &[u8], gzip: bool) -> Answer<PushAnswer> {
    let unpacked;
    let bytes = if gzip {
        unpacked = unzip(bytes, MAX_SEGMENT)?;
        &unpacked
    } else {
        bytes
    };
    let segment = read_segment(bytes).map_err(refused)?;
    verify(app, device, &segment)?;
    let written = write::segment(app, segment)?;
    redrive::after(app, &written.new)?;
    let receipt = write::receipt_for(app, &written)?;
    Ok(PushAnswer {
        verdicts: written.verdicts,
        receipt,
        branch: written.branch,
    })
}

/// The log must be the device's own, and its key must have signed exactly this head.
fn verify(app: &App, device: &Device, segment: &Segment) -> Answer<()> {
    let log = enrolment::log(&app.store, app.bureau, segment.header.log)?.ok_or(Code::Forbidden)?;
    match log.owner {
        Owner::Device { device: owner, .. } if owner == device.device => {}
        Owner::Device { .. } | Owner::Bureau => return Err(Code::Forbidden.into()),
    }
    segment.verify(&log.key).map_err(refused)
}

fn refused(error: SegmentError) -> Refusal {
    match error {
        SegmentError::HeadSignature => Code::Signature.into(),
        SegmentError::Frame(_)
        | SegmentError::Change(_)
        | SegmentError::Malformed(_)
        | SegmentError::Json(_) => Code::SegmentBroken.into(),
    }
}
