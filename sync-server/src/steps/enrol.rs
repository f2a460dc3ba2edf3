//! `POST /api/v1/enrol`: one-time code and keys in; certificate, short code and root keys out.

use super::read_json;
use crate::app::{App, AppState};
use crate::problem::{Answer, internal};
use crate::storage::StoreError;
use crate::storage::enrolment::{self, Enrolled, Given};
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::{PublicKey, SignedStatement, public_key};
use xunji_protocol::problem::Code;
use xunji_protocol::steps::enrol::{CERTIFICATE_CONTEXT, Certificate, EnrolAnswer, EnrolRequest};

/// Bytes of an enrolment.
const LIMIT: usize = 8 * 1024;

/// The handler.
pub async fn enrol(State(app): State<AppState>, body: Body) -> Answer<Response> {
    let request: EnrolRequest = read_json(body, LIMIT).await?;
    let answer = app.blocking(move |app| run(app, request)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

/// How a code is compared: as typed from a screen or read from a QR.
pub fn code_digest(code: &str) -> Digest {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Digest::of_parts(&[
        b"xunji/enrol-code/1\0",
        plain.to_ascii_uppercase().as_bytes(),
    ])
}

fn run(app: &App, request: EnrolRequest) -> Answer<Vec<u8>> {
    if !request.device_key.is_usable() || !request.log_key.is_usable() {
        return Err(Code::BadRequest.into());
    }
    let code = code_digest(&request.code);
    let now = app.clock.now();
    let keys = app.keys.key_list().map_err(|e| internal(&e))?;
    let maker = AnswerMaker {
        root: app.keys.root.clone(),
        keys,
        bureau: app.bureau,
        now,
        request: request.clone(),
    };
    let make = Box::new(move |given: &Given| maker.make(given));
    match enrolment::enrol(&app.store, app.bureau, code, request, now, make)? {
        Enrolled::Answer(bytes) => Ok(bytes),
        Enrolled::BadCode => Err(Code::EnrolCode.into()),
        Enrolled::Taken => Err(Code::Forbidden.into()),
    }
}

/// What certificate and answer are made from.
struct AnswerMaker {
    root: ed25519_dalek::SigningKey,
    keys: SignedStatement,
    bureau: xunji_domain::ids::BureauId,
    now: xunji_domain::time::Millis,
    request: EnrolRequest,
}

impl AnswerMaker {
    fn make(&self, given: &Given) -> Result<(String, Vec<u8>), StoreError> {
        let certificate = Certificate {
            bureau: self.bureau,
            station: given.station.id,
            device: self.request.device,
            device_key: self.request.device_key.clone(),
            issued_at: self.now,
        };
        let certificate = SignedStatement::make(&self.root, CERTIFICATE_CONTEXT, &certificate)
            .map_err(|_| StoreError::Corrupt("certificate"))?;
        let answer = EnrolAnswer {
            certificate: certificate.clone(),
            keys: self.keys.clone(),
            root: self.root_key(),
            short_code: given.short_code.clone(),
            station_code: given.station.code.clone(),
            bureau: self.bureau,
            station: given.station.id,
            server_time: self.now,
        };
        let bytes = serde_json::to_vec(&answer).map_err(|_| StoreError::Corrupt("answer"))?;
        Ok((certificate.0, bytes))
    }

    fn root_key(&self) -> PublicKey {
        public_key(&self.root)
    }
}
