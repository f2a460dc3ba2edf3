//! `POST /api/v1/sync/hello`: signed by the device key; answers where both stand and a token. A phone that
//! this store does not know, because it was put back to an earlier state, proves itself by its certificate.

use super::read_json;
use crate::app::{App, AppState};
use crate::auth_device::feeds_of;
use crate::epochs;
use crate::escrow;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::enrolment::{self, Device};
use crate::storage::readmit::{self, Admitted};
use crate::storage::{backups, changes, epochs as stored_epochs, pages};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;
use xunji_protocol::keys::public_key;
use xunji_protocol::limits::TOKEN_MS;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::steps::enrol::{CERTIFICATE_CONTEXT, Certificate};
use xunji_protocol::steps::hello::{HELLO_CONTEXT, Hello, HelloAnswer, HelloRequest, ToldLog};
use xunji_protocol::version;

/// Bytes of a hello: it shows every log of the phone.
const LIMIT: usize = 64 * 1024;

/// The handler.
pub async fn hello(State(app): State<AppState>, body: Body) -> Answer<Json<HelloAnswer>> {
    let request: HelloRequest = read_json(body, LIMIT).await?;
    app.blocking(move |app| run(app, &request)).await.map(Json)
}

fn run(app: &App, request: &HelloRequest) -> Answer<HelloAnswer> {
    let (hello, device) = verified(app, request)?;
    if !(version::OLDEST..=version::CURRENT).contains(&hello.protocol) {
        return Err(Problem::new(Code::Version)
            .with("current", version::CURRENT)
            .into());
    }
    epochs::look_at(app, device.device, &hello.shown)?;
    let told = admit(app, &device, &hello)?;
    let logs = enrolment::logs(&app.store, app.bureau, device.device)?;
    if !logs.contains(&hello.head.log) {
        // Nothing is said about logs of others.
        return Err(Code::Forbidden.into());
    }
    let (log_head, on_line) = changes::line(&app.store, app.bureau, hello.head)?;
    let heads = pages::heads(
        &app.store,
        app.bureau,
        app.epoch(),
        feeds_of(&device, &logs),
    )?;
    let wanted = wanted(app, hello.head.log, &told)?;
    let escrows = escrow::take(app, device.device, hello.escrow.as_ref())?;
    let now = app.clock.now();
    let token_until = Millis(now.0 + TOKEN_MS);
    let token = URL_SAFE_NO_PAD.encode(random::bytes::<32>().map_err(|e| internal(&e))?);
    let kept = Digest::of(token.as_bytes());
    enrolment::add_token(
        &app.store,
        app.bureau,
        kept,
        device.device,
        now,
        token_until,
    )?;
    Ok(HelloAnswer {
        nonce: hello.nonce,
        protocol: version::answered(Some(hello.protocol)),
        server_time: now,
        epoch: app.epoch(),
        log_head,
        on_line,
        logs: told,
        epochs: stored_epochs::said(&app.store, app.bureau)?,
        feeds: heads,
        keys: app.keys.key_list().map_err(|e| internal(&e))?,
        backed_up_through: backups::last(&app.store, app.bureau)?.map(|last| last.through),
        backup_waived: backups::waived(&app.store, app.bureau)?,
        escrows,
        wanted,
        token,
        token_until,
    })
}

/// Takes in the logs that are not known yet.
fn admit(app: &App, device: &Device, hello: &Hello) -> Answer<Vec<ToldLog>> {
    let shown = &hello.shown.logs;
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    if shown.iter().any(|log| !log.key.is_usable()) {
        return Err(Code::BadRequest.into());
    }
    let admitted = readmit::logs(
        &app.store,
        app.bureau,
        device.device,
        device.station,
        shown.clone(),
    )?;
    match admitted {
        Admitted::Logs(told) => Ok(told),
        Admitted::Foreign | Admitted::TooMany => Err(Code::Forbidden.into()),
    }
}

/// Files that are missing here and that a log of this phone names.
fn wanted(app: &App, open: LogId, told: &[ToldLog]) -> Answer<Vec<String>> {
    if !Guard::Wanted.stands() {
        return Ok(Vec::new());
    }
    let mut logs = vec![open];
    logs.extend(told.iter().map(|t| t.head.log).filter(|log| *log != open));
    let mut wanted = Vec::new();
    for log in logs {
        wanted.extend(changes::wanted(&app.store, app.bureau, log)?);
    }
    Ok(wanted)
}

/// The hello and the device that signed it.
fn verified(app: &App, request: &HelloRequest) -> Answer<(Hello, Device)> {
    let claimed: Hello = request.hello.peek().ok_or(Code::BadRequest)?;
    let known = enrolment::find_device(&app.store, app.bureau, claimed.device)?;
    let key = match &known {
        Some(device) => device.key.clone(),
        None => certified(app, &claimed)?.device_key,
    };
    let hello = request
        .hello
        .open::<Hello>(std::slice::from_ref(&key), HELLO_CONTEXT)
        .map_err(|_| Code::Signature)?;
    match known {
        Some(device) => Ok((hello, device)),
        None => Ok((hello.clone(), take_back(app, &hello)?)),
    }
}

/// What the certificate says, when this bureau's root signed it for just this phone.
fn certified(app: &App, hello: &Hello) -> Answer<Certificate> {
    let certificate: Certificate = hello
        .shown
        .certificate
        .as_ref()
        .and_then(|token| {
            token
                .open(&[public_key(&app.keys.root)], CERTIFICATE_CONTEXT)
                .ok()
        })
        .ok_or(Code::Signature)?;
    if certificate.device != hello.device || certificate.bureau != app.bureau {
        return Err(Code::Signature.into());
    }
    Ok(certificate)
}

/// A phone that was enrolled in a time this store does not know.
fn take_back(app: &App, hello: &Hello) -> Answer<Device> {
    let certificate = certified(app, hello)?;
    let verbatim = hello
        .shown
        .certificate
        .as_ref()
        .map(|token| token.0.clone())
        .unwrap_or_default();
    tracing::warn!(device = %hello.device, "a phone unknown to this store was taken back by its certificate");
    readmit::device(
        &app.store,
        app.bureau,
        certificate,
        verbatim,
        app.clock.now(),
    )?;
    Ok(enrolment::find_device(&app.store, app.bureau, hello.device)?.ok_or(Code::Internal)?)
}
