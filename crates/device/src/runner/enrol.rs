//! Enrolment: the phone makes its keys, the bureau's root signs a certificate. A lost answer costs
//! nothing: the same keys are shown again with the same code.

use super::hello::{contact_of, open_keys};
use crate::api::ApiError;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::device_row::{self, DeviceRow};
use crate::store::local::{contact, log};
use crate::sync::errors::{self, Fault};
use crate::transport::Transport;
use crate::transport::http::HttpTransport;
use ed25519_dalek::SigningKey;
use std::sync::Arc;
use xunji_domain::ids::{DeviceId, LogId};
use xunji_protocol::keys::{PublicKey, public_key};
use xunji_protocol::steps::enrol::{CERTIFICATE_CONTEXT, Certificate, EnrolAnswer, EnrolRequest};
use zeroize::Zeroizing;

/// Characters of the root key's hash that a code must show at least.
const ROOT_PREFIX: usize = 16;

/// Enrols this phone. `code` is what the server printed, or what the QR holds: the same with a dot
/// and the beginning of the root key's hash, which is then held against the root that answers.
///
/// # Errors
/// The network's and the server's word; the phone is as it was, except that its keys are made.
pub fn enrol(device: &Device, server_url: &str, code: &str) -> Result<(), ApiError> {
    let url = plain_url(server_url)?;
    let (code, root_hash) = match code.trim().split_once(['.', '#']) {
        Some((code, hash)) => (code, Some(hash)),
        None => (code.trim(), None),
    };
    let (row, first_log) = prepare(device, &url)?;
    if row.enrolled.is_some() {
        return Err(ApiError::new(
            "enrolled",
            "这台手机已经登记过，内容不受影响；要换监管所请联系管理员",
        ));
    }
    let request = EnrolRequest {
        code: code.to_owned(),
        device: row.device,
        device_key: public_key(&SigningKey::from_bytes(&row.seed)),
        log: first_log.0,
        log_key: public_key(&first_log.1),
    };
    let answer = ask(device, &url, &request).map_err(|fault| as_error(&fault))?;
    let answer = verified(&request, answer, root_hash).map_err(|fault| as_error(&fault))?;
    keep(device, row, answer, first_log.0)?;
    device.sync.sync_now(false);
    Ok(())
}

/// The row with this phone's keys, made and durable before anything is sent.
fn prepare(device: &Device, url: &str) -> Result<(DeviceRow, (LogId, SigningKey)), ApiError> {
    let (device_id, log_id) = (DeviceId(device.new_id()?), LogId(device.new_id()?));
    let (device_seed, log_seed) = (seed(device)?, seed(device)?);
    device.local()?.write(|write| {
        let row = match device_row::get(write)? {
            Some(row) if row.enrolled.is_some() => row,
            Some(row) => DeviceRow {
                server_url: url.to_owned(),
                ..row
            },
            None => DeviceRow {
                device: device_id,
                seed: device_seed,
                server_url: url.to_owned(),
                enrolled: None,
            },
        };
        device_row::put(write, &row)?;
        if log::open(write)?.is_none() {
            log::start(write, log_id, &log_seed)?;
        }
        let open = log::open(write)?.ok_or(StoreError::Value("log"))?;
        Ok((row, (open.head.log, SigningKey::from_bytes(&open.seed))))
    })
}

fn ask(device: &Device, url: &str, request: &EnrolRequest) -> Result<EnrolAnswer, Fault> {
    let transport: Arc<dyn Transport> = match device.sync.given_transport() {
        Some(given) => given,
        None => Arc::new(HttpTransport::new(url)?),
    };
    let body = serde_json::to_vec(request).map_err(|e| Fault::Local(e.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::Local(e.to_string()))?;
    errors::json(runtime.block_on(transport.enrol(body))?)
}

/// The answer, when the root it names signed a certificate for just this phone.
fn verified(
    request: &EnrolRequest,
    answer: EnrolAnswer,
    root_hash: Option<&str>,
) -> Result<EnrolAnswer, Fault> {
    if root_hash.is_some_and(|hash| !shows(&answer.root, hash)) {
        return Err(Fault::NotOurs);
    }
    let certificate: Certificate = answer
        .certificate
        .open(std::slice::from_ref(&answer.root), CERTIFICATE_CONTEXT)
        .map_err(|_| Fault::BadReceipt)?;
    let fits = certificate.device == request.device
        && certificate.device_key == request.device_key
        && certificate.station == answer.station
        && certificate.bureau == answer.bureau;
    if !fits {
        return Err(Fault::BadReceipt);
    }
    open_keys(&answer.keys, &answer.root)?;
    Ok(answer)
}

fn shows(root: &PublicKey, hash: &str) -> bool {
    let Ok(bytes) = hex::decode(&root.key) else {
        return false;
    };
    let whole = xunji_protocol::digest::Digest::of(&bytes).to_hex();
    hash.len() >= ROOT_PREFIX && whole.starts_with(&hash.to_ascii_lowercase())
}

fn keep(
    device: &Device,
    row: DeviceRow,
    answer: EnrolAnswer,
    first_log: LogId,
) -> Result<(), ApiError> {
    let heard = contact_of(device, answer.server_time);
    device.local()?.write(|write| {
        log::set_short_code(write, first_log, &answer.short_code)?;
        contact::put(write, &heard)?;
        device_row::put(
            write,
            &DeviceRow {
                enrolled: Some(answer),
                ..row
            },
        )?;
        Ok(())
    })
}

fn seed(device: &Device) -> Result<Zeroizing<[u8; 32]>, ApiError> {
    let mut seed = Zeroizing::new([0; 32]);
    device.entropy.fill(seed.as_mut_slice())?;
    Ok(seed)
}

fn plain_url(url: &str) -> Result<String, ApiError> {
    let url = url.trim().trim_end_matches('/');
    if url.starts_with("http://") || url.starts_with("https://") {
        Ok(url.to_owned())
    } else {
        Err(ApiError::new(
            "server_url",
            "服务器地址应以 http:// 或 https:// 开头，没有登记；请核对后再试",
        ))
    }
}

fn as_error(fault: &Fault) -> ApiError {
    match fault {
        Fault::Told(problem) => {
            let code = serde_json::to_value(problem.code).ok();
            let code = code
                .as_ref()
                .and_then(|c| c.as_str())
                .unwrap_or("told")
                .to_owned();
            ApiError::new(&code, problem.code.sentence())
        }
        other => ApiError::new(other.code(), other.sentence()),
    }
}
