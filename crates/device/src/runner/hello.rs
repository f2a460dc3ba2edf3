//! hello: a signed greeting in; time, keys and a token out.

use super::engine::{Engine, Token};
use super::{escrow, heal, rows};
use crate::clock::Entropy;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::contact::{self, Contact};
use crate::store::local::device_row::DeviceRow;
use crate::store::local::{device_row, log};
use crate::sync::errors::{self, Fault};
use crate::transport::Answer;
use ed25519_dalek::SigningKey;
use xunji_domain::time::Millis;
use xunji_protocol::escrow::Escrow;
use xunji_protocol::keys::{PublicKey, SignedStatement};
use xunji_protocol::log::LogHead;
use xunji_protocol::steps::enrol::{KEYS_CONTEXT, KeyList};
use xunji_protocol::steps::hello::{HELLO_CONTEXT, Hello, HelloAnswer, HelloRequest, Shown};
use xunji_protocol::version;

/// A token is not used in its last minute: a request may take that long.
const MARGIN_MS: i64 = 60_000;

pub(super) async fn act(device: &Device, engine: &mut Engine) -> Result<(), Fault> {
    let row = rows::enrolled(device)?;
    let (open, shown) = device.local()?.read(|read| -> Result<_, StoreError> {
        let open = log::open(read)?.ok_or(StoreError::Value("log"))?;
        let shown = Brought {
            shown: heal::shown(read)?,
            escrow: None,
        };
        Ok((open, shown))
    })?;
    let brought = Brought {
        escrow: escrow::to_bring(device, &row)?,
        ..shown
    };
    let greeting = greeting(
        &row,
        device.entropy.as_ref(),
        device.now(),
        open.head,
        brought,
    )?;
    let transport = engine.transport(device)?;
    let sent = greeting.body.len();
    let exchange = transport.hello(greeting.body);
    let answer = engine.trip(sent, sent, exchange).await?;
    let (answer, keys) = understood(&row, &greeting.nonce, answer)?;
    engine.receipt_keys = keys;
    let lives = (answer.token_until.0 - answer.server_time.0 - MARGIN_MS).max(0);
    engine.token = Some(Token {
        text: answer.token.clone(),
        until_ms: engine
            .now_ms()
            .saturating_add(u64::try_from(lives).unwrap_or(0)),
    });
    heal::act(device, engine, &answer)?;
    keep(device, &answer)?;
    escrow::told(device, &answer.escrows)?;
    engine.leave_due = true;
    Ok(())
}

/// A hello, ready to go.
pub(crate) struct Greeting {
    /// What the answer must repeat.
    pub nonce: String,
    /// The request.
    pub body: Vec<u8>,
}

/// What a greeting brings along.
pub(crate) struct Brought {
    /// What the phone was given and holds.
    pub shown: Shown,
    /// Its sealed key, where the server is not known to hold it.
    pub escrow: Option<Escrow>,
}

/// Greets the server as this phone.
pub(crate) fn greeting(
    row: &DeviceRow,
    entropy: &dyn Entropy,
    wall: Millis,
    head: LogHead,
    brought: Brought,
) -> Result<Greeting, Fault> {
    let said = Hello {
        device: row.device,
        protocol: version::CURRENT,
        app: env!("CARGO_PKG_VERSION").to_owned(),
        nonce: nonce(entropy)?,
        wall,
        head,
        shown: brought.shown,
        escrow: brought.escrow,
    };
    let body = signed(&SigningKey::from_bytes(&row.seed), &said)?;
    Ok(Greeting {
        nonce: said.nonce,
        body,
    })
}

/// The answer to a greeting, and the keys whose receipts hold.
pub(crate) fn understood(
    row: &DeviceRow,
    nonce: &str,
    answer: Answer,
) -> Result<(HelloAnswer, Vec<PublicKey>), Fault> {
    let answer: HelloAnswer = errors::json(answer)?;
    if answer.nonce != nonce {
        // An old answer, or one that a box on the way replays.
        return Err(Fault::NotOurs);
    }
    if answer.protocol != version::CURRENT {
        return Err(Fault::Version);
    }
    let enrolled = row.enrolled.as_ref().ok_or(Fault::BadReceipt)?;
    let keys = open_keys(&answer.keys, &enrolled.root)?;
    Ok((answer, keys))
}

/// The receipt keys in a list that the root signed.
pub(super) fn open_keys(list: &SignedStatement, root: &PublicKey) -> Result<Vec<PublicKey>, Fault> {
    Ok(open_list(list, root)?.receipts)
}

/// A list of keys that the root signed.
pub(crate) fn open_list(list: &SignedStatement, root: &PublicKey) -> Result<KeyList, Fault> {
    let list: KeyList = list
        .open(std::slice::from_ref(root), KEYS_CONTEXT)
        .map_err(|_| Fault::BadReceipt)?;
    if list.root != *root {
        return Err(Fault::BadReceipt);
    }
    Ok(list)
}

/// What the phone knows about the server's clock from now on.
pub(super) fn contact_of(device: &Device, server_time: Millis) -> Contact {
    let wall = device.now();
    Contact {
        wall,
        offset: server_time.0 - wall.0,
        boottime: device.clock.boottime_ms(),
        boot: device.clock.boot_id(),
    }
}

fn keep(device: &Device, answer: &HelloAnswer) -> Result<(), Fault> {
    let heard = contact_of(device, answer.server_time);
    device.local()?.write(|write| -> Result<(), StoreError> {
        contact::put(write, &heard)?;
        contact::put_backed_up_through(write, answer.backed_up_through)?;
        contact::put_backup_waived(write, answer.backup_waived)?;
        if let Some(mut row) = device_row::get(write)?
            && let Some(enrolled) = &mut row.enrolled
            && enrolled.keys != answer.keys
        {
            enrolled.keys = answer.keys.clone();
            device_row::put(write, &row)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn nonce(entropy: &dyn Entropy) -> Result<String, Fault> {
    let mut bytes = [0; 16];
    entropy
        .fill(&mut bytes)
        .map_err(|_| Fault::Local("no_randomness".to_owned()))?;
    Ok(hex::encode(bytes))
}

fn signed(key: &SigningKey, said: &Hello) -> Result<Vec<u8>, Fault> {
    let hello =
        SignedStatement::make(key, HELLO_CONTEXT, said).map_err(|e| Fault::Local(e.to_string()))?;
    serde_json::to_vec(&HelloRequest { hello }).map_err(|e| Fault::Local(e.to_string()))
}
