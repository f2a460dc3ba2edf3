//! files: bytes at an offset; the receipt in.

use super::engine::Engine;
use super::rows;
use crate::device::Device;
use crate::photos::folder::FileFolder;
use crate::photos::sealed::{SealKey, SealedError, SealedReader};
use crate::store::StoreError;
use crate::store::local::files::FileRow;
use crate::store::local::{changes, files, log, receipts};
use crate::sync::errors::{self, Fault};
use crate::sync::plan::{QueuedFile, UploadAt};
use crate::sync::uploads::{Outcome, Told, id_in_location, take_in};
use crate::transport::Answer;
use std::io::ErrorKind;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::problem::Code;
use xunji_protocol::receipt::RECEIPT_HEADER;
use xunji_protocol::steps::files::{FileKind, FileMeta, OFFSET};

/// How long a file rests after the server refused it.
const REFUSED_MS: u64 = 20_000;
/// How long one rests that cannot be read on this phone.
const UNREADABLE_MS: u64 = 600_000;
/// How long one rests whose bytes are all there and whose receipt is not.
const UNVERIFIED_MS: u64 = 2_000;

pub(super) async fn act(
    device: &Device,
    engine: &mut Engine,
    file: QueuedFile,
    len: u64,
) -> Result<(), Fault> {
    let (row, meta) = load(device, file)?;
    let from = match file.at {
        UploadAt::Offset(from) => from,
        _ => 0,
    };
    let bytes = match read(device, &row, from, len) {
        Ok(bytes) => bytes,
        Err(unread) => return set_aside(device, engine, &row, unread.for_ms, &unread.problem),
    };
    note_twice(engine, file, from, bytes.len() as u64);
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let sent = bytes.len();
    let exchange = match file.at {
        UploadAt::New | UploadAt::MaybeCreated => {
            transport.create_file(&token, &meta, row.size, bytes)
        }
        UploadAt::Offset(at) if sent > 0 => transport.patch_file(&token, &row.upload, at, bytes),
        UploadAt::Unsure | UploadAt::Offset(_) => transport.ask_offset(&token, &row.upload),
    };
    let (answer, fault) = match engine.trip(sent, sent, exchange).await {
        Ok(answer) => match errors::ours(answer, None) {
            Ok(answer) => (Some(answer), None),
            Err(fault) => (None, Some(fault)),
        },
        Err(failure) => (None, Some(failure.into())),
    };
    let told = told(answer.as_ref(), fault.as_ref());
    if let Some(answer) = &answer {
        keep_id(device, &row, answer)?;
    }
    let (at, outcome) = take_in(file.at, &meta, row.size, told, &engine.receipt_keys);
    engine.uploads.insert(row.sha256, at);
    settle(device, engine, &row, at, outcome)?;
    // A refusal that concerns just this file was dealt with; anything else is the link's or the token's.
    match fault {
        Some(Fault::Told(problem)) if problem.code != Code::Unauthorized => Ok(()),
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}

/// Where an upload stands whose request was given up.
pub(super) fn unsure(at: UploadAt) -> UploadAt {
    match at {
        UploadAt::New | UploadAt::MaybeCreated => UploadAt::MaybeCreated,
        UploadAt::Unsure | UploadAt::Offset(_) => UploadAt::Unsure,
    }
}

fn load(device: &Device, file: QueuedFile) -> Result<(FileRow, FileMeta), Fault> {
    let (row, log) = device.local()?.read(|read| -> Result<_, StoreError> {
        let row = files::get(read, file.sha256)?.ok_or(StoreError::Value("file"))?;
        Ok((
            row,
            log::open(read)?.ok_or(StoreError::Value("log"))?.head.log,
        ))
    })?;
    rows::enrolled(device)?;
    let meta = FileMeta {
        sha256: row.sha256,
        kind: row.kind,
        log,
        original: row.original,
    };
    Ok((row, meta))
}

/// Why bytes could not be read, and how long their file rests for it.
pub(crate) struct Unread {
    /// For people.
    pub problem: String,
    /// Milliseconds.
    pub for_ms: u64,
}

impl From<std::io::Error> for Unread {
    /// A disk that fails once is asked again soon; a file that is not there does not come back by itself.
    fn from(error: std::io::Error) -> Self {
        let for_ms = match error.kind() {
            ErrorKind::NotFound | ErrorKind::UnexpectedEof => UNREADABLE_MS,
            _ => REFUSED_MS,
        };
        let problem = error.to_string();
        Self { problem, for_ms }
    }
}

impl From<SealedError> for Unread {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::Io(error) => error.into(),
            error => Self::for_long(error),
        }
    }
}

impl Unread {
    fn for_long(problem: impl std::fmt::Display) -> Self {
        Self {
            problem: problem.to_string(),
            for_ms: UNREADABLE_MS,
        }
    }
}

/// Clear bytes of a file from an offset; the error says why it cannot be read here.
pub(crate) fn read(device: &Device, row: &FileRow, from: u64, len: u64) -> Result<Vec<u8>, Unread> {
    if len == 0 {
        return Ok(Vec::new());
    }
    let len = usize::try_from(len).map_err(Unread::for_long)?;
    if row.kind == FileKind::Body {
        let local = device.local().map_err(|e| Unread::for_long(e.code))?;
        let body = local
            .read(|read| changes::body_file(read, row.sha256))
            .map_err(|e: StoreError| Unread::for_long(e))?;
        let from = usize::try_from(from).map_err(Unread::for_long)?;
        let body = body.ok_or_else(|| Unread::for_long("body is not here"))?;
        return Ok(body.into_iter().skip(from).take(len).collect());
    }
    let folder = FileFolder::open(device.folder())?;
    let sealed = std::fs::File::open(folder.path_of(row.sha256))?;
    let key = SealKey::derive(device.key());
    let bytes = SealedReader::open(sealed, &key)?.read_at(from, len)?;
    if bytes.is_empty() {
        Err(Unread::for_long("shorter than its row says"))
    } else {
        Ok(bytes)
    }
}

/// What an answer, or the lack of one, says of a file.
pub(crate) fn told(answer: Option<&Answer>, fault: Option<&Fault>) -> Told {
    match (answer, fault) {
        (_, Some(Fault::Told(problem))) => Told::Refused(problem.code),
        (_, Some(Fault::TooLarge)) => Told::Refused(Code::TooLarge),
        (Some(answer), None) => match answer.header(OFFSET).and_then(|v| v.parse().ok()) {
            Some(offset) => {
                let receipt = answer
                    .header(RECEIPT_HEADER)
                    .map(|v| SignedStatement(v.to_owned()));
                Told::Stands { offset, receipt }
            }
            None if is_made(answer) => Told::Created,
            None => Told::Nothing,
        },
        _ => Told::Nothing,
    }
}

fn is_made(answer: &Answer) -> bool {
    answer.status == 201 && answer.header("location").and_then(id_in_location).is_some()
}

fn keep_id(device: &Device, row: &FileRow, answer: &Answer) -> Result<(), Fault> {
    let Some(id) = answer.header("location").and_then(id_in_location) else {
        return Ok(());
    };
    if id != row.upload {
        device
            .local()?
            .write(|write| files::set_upload(write, row.sha256, &id, 0))?;
    }
    Ok(())
}

fn settle(
    device: &Device,
    engine: &mut Engine,
    row: &FileRow,
    at: UploadAt,
    outcome: Outcome,
) -> Result<(), Fault> {
    match outcome {
        Outcome::Continue => {
            if at == UploadAt::Offset(row.size) {
                rest(engine, row, UNVERIFIED_MS);
            }
            Ok(())
        }
        Outcome::Received { token, at } => {
            engine.uploads.remove(&row.sha256);
            engine.handed.remove(&row.sha256);
            device.local()?.write(|write| -> Result<(), StoreError> {
                receipts::put_file(write, row.sha256, &token, at)?;
                if row.problem.is_empty() {
                    Ok(())
                } else {
                    files::set_problem(write, row.sha256, "")
                }
            })?;
            Ok(())
        }
        Outcome::Erased => {
            engine.uploads.remove(&row.sha256);
            engine.handed.remove(&row.sha256);
            device
                .local()?
                .write(|write| files::set_erased(write, row.sha256))?;
            Ok(())
        }
        Outcome::Halve => Ok(()),
        Outcome::Wait(code) => set_aside(device, engine, row, REFUSED_MS, code.sentence()),
        Outcome::BadReceipt => {
            rest(engine, row, REFUSED_MS);
            Err(Fault::BadReceipt)
        }
    }
}

/// Lets other files go first and says why on this one.
fn set_aside(
    device: &Device,
    engine: &mut Engine,
    row: &FileRow,
    for_ms: u64,
    problem: &str,
) -> Result<(), Fault> {
    rest(engine, row, for_ms);
    if row.problem != problem {
        device
            .local()?
            .write(|write| files::set_problem(write, row.sha256, problem))?;
    }
    Ok(())
}

fn rest(engine: &mut Engine, row: &FileRow, for_ms: u64) {
    let until = engine.now_ms().saturating_add(for_ms);
    engine.resting.insert(row.sha256, until);
}

fn note_twice(engine: &mut Engine, file: QueuedFile, from: u64, len: u64) {
    let handed = engine.handed.entry(file.sha256).or_insert(0);
    let end = from.saturating_add(len);
    engine.traffic.sent_twice += end.min(*handed).saturating_sub(from);
    *handed = end.max(*handed);
}
