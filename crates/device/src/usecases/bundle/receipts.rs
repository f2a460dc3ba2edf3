//! Receipts that came back as a file. Each is verified as if it had come over the network, against this
//! phone's own changes and files; what does not hold is passed over and proves nothing.

use crate::Device;
use crate::api::ApiError;
use crate::runner;
use crate::store::StoreError;
use crate::store::local::{device_row, files, outbox, receipts};
use crate::sync::push::{Sent, judge};
use crate::sync::uploads::verify_receipt;
use serde::Serialize;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use xunji_domain::ids::LogId;
use xunji_protocol::bundle::{BundleAnswer, read_answer};
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::{PublicKey, SignatureError, SignedStatement};
use xunji_protocol::limits::MAX_BUNDLE_ANSWER;
use xunji_protocol::receipt::Receipt;
use xunji_protocol::steps::enrol::EnrolAnswer;
use xunji_protocol::steps::files::FileMeta;
use xunji_protocol::steps::push::PushAnswer;

/// What a file of receipts proved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ReceiptsTaken {
    /// Changes that a receipt covers now and did not before.
    #[ts(type = "number")]
    pub changes: u64,
    /// Files that have a receipt now and had none before.
    #[ts(type = "number")]
    pub files: u64,
    /// Files that the server has erased by a rule: they are settled.
    #[ts(type = "number")]
    pub erased: u64,
    /// Receipts in the file that do not hold here.
    #[ts(type = "number")]
    pub passed_over: u64,
    /// For people.
    pub sentence: String,
}

/// Reads a file of receipts. The same one again changes nothing.
///
/// # Errors
/// `not_enrolled`; `receipts_unreadable`, `receipts_not_ours`: nothing was marked as received.
pub fn import_receipts(device: &Device, path: &Path) -> Result<ReceiptsTaken, ApiError> {
    let bytes = bytes_of(path).map_err(|_| unreadable())?;
    take_receipts(device, &bytes)
}

/// The same from the file's content: what a page was given, or a code that was scanned.
///
/// # Errors
/// As [`import_receipts`].
pub fn take_receipts(device: &Device, bytes: &[u8]) -> Result<ReceiptsTaken, ApiError> {
    let (enrolled, logs) = device.local()?.read(|read| -> Result<_, StoreError> {
        let enrolled = device_row::get(read)?.and_then(|row| row.enrolled);
        Ok((enrolled, outbox::logs(read)?))
    })?;
    let enrolled = enrolled.ok_or_else(ApiError::not_enrolled)?;
    let (answer, keys) =
        read_answer(bytes, |list| receipt_keys(list, &enrolled)).map_err(|error| match error {
            SignatureError::Malformed => unreadable(),
            SignatureError::UnknownKey(_) | SignatureError::Invalid => not_ours(),
        })?;
    if answer.bureau != enrolled.bureau || !logs.contains(&answer.log) {
        return Err(not_ours());
    }
    let mut taken = ReceiptsTaken::default();
    changes(device, &answer, &keys, &mut taken)?;
    all_files(device, &answer, &keys, &mut taken)?;
    runner::confirm_passed(device)
        .map_err(|fault| ApiError::new(fault.code(), "收据已存好，内容都在；请再读取一次"))?;
    device.sync().nudge();
    taken.sentence = taken.words();
    Ok(taken)
}

fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_BUNDLE_ANSWER)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn receipt_keys(
    list: &SignedStatement,
    enrolled: &EnrolAnswer,
) -> Result<Vec<PublicKey>, SignatureError> {
    let list = runner::open_list(list, &enrolled.root);
    Ok(list.map_err(|_| SignatureError::Invalid)?.receipts)
}

fn changes(
    device: &Device,
    answer: &BundleAnswer,
    keys: &[PublicKey],
    taken: &mut ReceiptsTaken,
) -> Result<(), ApiError> {
    let local = device.local()?;
    let up_to = || local.read(|read| receipts::log_up_to(read, answer.log));
    let before: u64 = up_to()?;
    for pushed in &answer.pushed {
        if !one_answer(device, answer.log, pushed, keys)? {
            taken.passed_over += 1;
        }
    }
    let after: u64 = up_to()?;
    taken.changes = after.saturating_sub(before);
    Ok(())
}

/// Keeps an answer to a segment, when it speaks of this phone's own changes and proves that they are stored.
fn one_answer(
    device: &Device,
    log: LogId,
    pushed: &PushAnswer,
    keys: &[PublicKey],
) -> Result<bool, ApiError> {
    let local = device.local()?;
    let own = |seq| {
        local
            .read(|read| outbox::hash_at(read, log, seq))
            .ok()
            .flatten()
    };
    let named: Vec<_> = pushed
        .verdicts
        .iter()
        .map(|row| (row.seq, row.hash))
        .collect();
    if named.is_empty() || named.iter().any(|(seq, hash)| own(*seq) != Some(*hash)) {
        return Ok(false);
    }
    let sent = Sent {
        log,
        changes: named,
    };
    let Ok(facts) = judge(&sent, pushed.clone(), keys, own) else {
        return Ok(false);
    };
    let _ = runner::keep_facts(device, log, &facts)
        .map_err(|fault| ApiError::new(fault.code(), "收据没有存上，内容都在；请再读取一次"))?;
    Ok(true)
}

fn all_files(
    device: &Device,
    answer: &BundleAnswer,
    keys: &[PublicKey],
    taken: &mut ReceiptsTaken,
) -> Result<(), ApiError> {
    for token in &answer.files {
        match one_file(device, answer.log, token, keys)? {
            None => taken.passed_over += 1,
            Some(new) => taken.files += u64::from(new),
        }
    }
    for sha256 in &answer.erased {
        taken.erased += u64::from(erased(device, *sha256)?);
    }
    Ok(())
}

/// A file that the server has erased; whether this phone hears it for the first time. What it was promised
/// with a receipt is settled already.
fn erased(device: &Device, sha256: Digest) -> Result<bool, ApiError> {
    Ok(device.local()?.write(|write| -> Result<_, StoreError> {
        let known = files::is_erased(write, sha256)? || receipts::of_file(write, sha256)?.is_some();
        if known || files::get(write, sha256)?.is_none() {
            return Ok(false);
        }
        files::set_erased(write, sha256)?;
        Ok(true)
    })?)
}

/// Keeps the receipt of a file of this phone; whether it is the first. `None` when it does not hold.
fn one_file(
    device: &Device,
    log: LogId,
    token: &SignedStatement,
    keys: &[PublicKey],
) -> Result<Option<bool>, ApiError> {
    let Some(Receipt::File { sha256, .. }) = token.peek() else {
        return Ok(None);
    };
    Ok(device.local()?.write(|write| -> Result<_, StoreError> {
        let Some(row) = files::get(write, sha256)? else {
            return Ok(None);
        };
        let meta = FileMeta {
            sha256,
            kind: row.kind,
            log,
            original: row.original,
        };
        let Ok(at) = verify_receipt(token, keys, &meta, row.size) else {
            return Ok(None);
        };
        let new = receipts::of_file(write, sha256)?.is_none();
        receipts::put_file(write, sha256, token, at)?;
        if !row.problem.is_empty() {
            files::set_problem(write, sha256, "")?;
        }
        Ok(Some(new))
    })?)
}

fn unreadable() -> ApiError {
    ApiError::new(
        "receipts_unreadable",
        "收据文件读不出来或不完整，本机没有任何改动；请重新拷贝收据文件，或等联网自动核对",
    )
}

fn not_ours() -> ApiError {
    ApiError::new(
        "receipts_not_ours",
        "这不是给本机的收据，或签名核对不上，本机没有任何改动；请核对是否拿错了文件",
    )
}

impl ReceiptsTaken {
    fn words(&self) -> String {
        let mut words = if self.changes + self.files + self.erased == 0 {
            "收据里没有新的内容，以前都已收到收据".to_owned()
        } else {
            format!(
                "收据已核对：变更 {} 条、文件 {} 个确认收到",
                self.changes, self.files
            )
        };
        if self.erased > 0 {
            words.push_str(&format!(
                "；另有 {} 个文件已按规定删除，不用再传",
                self.erased
            ));
        }
        if self.passed_over > 0 {
            words.push_str(&format!(
                "；另有 {} 份收据与本机内容对不上，没有采用，内容都在",
                self.passed_over
            ));
        }
        words
    }
}
