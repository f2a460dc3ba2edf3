//! `POST /api/v1/sync/hello`: signed by the device key; answers where both stand and a token.

use super::read_json;
use crate::app::{App, AppState};
use crate::auth_device::feeds_of;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::enrolment::{self, Device};
use crate::storage::{backups, changes, pages};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::limits::TOKEN_MS;
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::steps::hello::{HELLO_CONTEXT, Hello, HelloAnswer, HelloRequest};
use xunji_protocol::version;

/// Bytes of a hello.
const LIMIT: usize = 8 * 1024;

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
    let logs = enrolment::logs(&app.store, app.bureau, device.device)?;
    if !logs.contains(&hello.head.log) {
        // Nothing is said about logs of others.
        return Err(Code::Forbidden.into());
    }
    let (log_head, on_line) = changes::line(&app.store, app.bureau, hello.head)?;
    let heads = pages::heads(&app.store, app.bureau, app.epoch, feeds_of(&device, &logs))?;
    let wanted = changes::wanted(&app.store, app.bureau, hello.head.log)?;
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
        protocol: version::CURRENT,
        server_time: now,
        epoch: app.epoch,
        log_head,
        on_line,
        feeds: heads,
        keys: app.keys.key_list().map_err(|e| internal(&e))?,
        backed_up_through: backups::last(&app.store, app.bureau)?.map(|last| last.through),
        wanted,
        token,
        token_until,
    })
}

/// The hello and the device that signed it.
fn verified(app: &App, request: &HelloRequest) -> Answer<(Hello, Device)> {
    let claimed: Hello = request.hello.peek().ok_or(Code::BadRequest)?;
    let device =
        enrolment::find_device(&app.store, app.bureau, claimed.device)?.ok_or(Code::Signature)?;
    let keys = std::slice::from_ref(&device.key);
    let hello = request
        .hello
        .open(keys, HELLO_CONTEXT)
        .map_err(|_| Code::Signature)?;
    Ok((hello, device))
}
