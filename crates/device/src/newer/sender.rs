//! One attempt: greet, push every log from its last receipt on, then the bodies that travel as files.

use super::Newer;
use crate::runner::{Brought, greeting, read_sound, segment, told, understood};
use crate::store::local::changes::StoredChange;
use crate::store::local::device_row::DeviceRow;
use crate::store::verbatim::{Verbatim, VerbatimLog};
use crate::sync::errors::{self, Fault};
use crate::sync::plan::{UnsentChange, UploadAt};
use crate::sync::push::{Sent, judge, select};
use crate::sync::request::RequestSize;
use crate::sync::uploads::{Outcome, id_in_location, take_in};
use crate::transport::Transport;
use crate::transport::http::HttpTransport;
use ed25519_dalek::SigningKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::{PublicKey, public_key};
use xunji_protocol::limits::MAX_SEGMENT_CHANGES;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::files::{FileKind, FileMeta};
use xunji_protocol::steps::hello::{Shown, ShownLog};
use xunji_protocol::steps::push::PushAnswer;

/// Requests for one body after which the next attempt goes on.
const MOST_REQUESTS: usize = 4_000;

/// What this process has brought in.
#[derive(Default)]
pub(super) struct Done {
    /// Up to where each log was receipted when it was first looked at, and its last seq.
    found: BTreeMap<LogId, (u64, u64)>,
    /// Up to where each log is receipted now.
    receipted: BTreeMap<LogId, u64>,
    bodies: BTreeSet<Digest>,
}

impl Done {
    /// Changes without a receipt at first, and how many of them have one now.
    pub fn counts(&self) -> (u64, u64) {
        let found = self
            .found
            .values()
            .map(|(from, to)| to.saturating_sub(*from));
        let received = self.found.iter().map(|(log, (from, _))| {
            let now = self.receipted.get(log).copied().unwrap_or(*from);
            now.saturating_sub(*from)
        });
        (found.sum(), received.sum())
    }
}

/// A server that has greeted back.
struct Session<'a> {
    transport: &'a dyn Transport,
    token: String,
    keys: Vec<PublicKey>,
}

pub(super) fn send(newer: &Newer, local: &Verbatim, done: &mut Done) -> Result<(), Fault> {
    let row = local.device()?.filter(|row| row.enrolled.is_some());
    let row = row.ok_or_else(|| Fault::Local("not_enrolled".to_owned()))?;
    let logs = local.logs()?;
    for log in &logs {
        let stands = (log.receipted.seq, log.head.seq);
        done.found.entry(log.head.log).or_insert(stands);
    }
    let open = logs.last().map(|log| log.head.log);
    let bodies = local.bodies()?;
    if done.all_in(&logs)
        && bodies
            .iter()
            .all(|b| done.bodies.contains(&Digest::of(&b.body)))
    {
        return Ok(());
    }
    let transport: Arc<dyn Transport> = match &newer.transport {
        Some(given) => Arc::clone(given),
        None => Arc::new(HttpTransport::new(&row.server_url)?),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::Local(e.to_string()))?;
    runtime.block_on(async {
        let session = greet(newer, local, &row, &logs, transport.as_ref()).await?;
        let mut held_up = None;
        for log in &logs {
            match session.log(local, log, done).await {
                // A change that rotted holds up its own log alone; the newer program declares it.
                Err(fault @ Fault::Local(_)) => held_up = Some(fault),
                other => other?,
            }
        }
        for change in &bodies {
            session.body(change, open, done).await?;
        }
        match (held_up, done.all_in(&logs)) {
            (Some(fault), _) => Err(fault),
            (None, true) => Ok(()),
            (None, false) => Err(Fault::BadReceipt),
        }
    })
}

impl Done {
    fn all_in(&self, logs: &[VerbatimLog]) -> bool {
        logs.iter().all(|log| self.up_to(log) >= log.head.seq)
    }

    fn up_to(&self, log: &VerbatimLog) -> u64 {
        let now = self.receipted.get(&log.head.log).copied().unwrap_or(0);
        now.max(log.receipted.seq)
    }
}

async fn greet<'a>(
    newer: &Newer,
    local: &Verbatim,
    row: &DeviceRow,
    logs: &[VerbatimLog],
    transport: &'a dyn Transport,
) -> Result<Session<'a>, Fault> {
    let open = logs.last().ok_or(Fault::BadAnswer("no log"))?;
    let shown = Shown {
        certificate: row.enrolled.as_ref().map(|e| e.certificate.clone()),
        logs: logs.iter().map(shown).collect(),
        heads: None,
        receipt: local.newest_receipt()?,
    };
    let wall = Millis(newer.parts.clock.wall_ms());
    let brought = Brought {
        shown,
        escrow: None,
    };
    let greeting = greeting(row, newer.parts.entropy.as_ref(), wall, open.head, brought)?;
    let answer = transport.hello(greeting.body).await?;
    let (answer, keys) = understood(row, &greeting.nonce, answer)?;
    Ok(Session {
        transport,
        token: answer.token,
        keys,
    })
}

fn shown(log: &VerbatimLog) -> ShownLog {
    ShownLog {
        head: log.head,
        receipted: log.receipted,
        key: public_key(&SigningKey::from_bytes(&log.seed)),
        short_code: log.short_code.clone(),
    }
}

impl Session<'_> {
    /// Pushes a log to its end.
    async fn log(&self, local: &Verbatim, log: &VerbatimLog, done: &mut Done) -> Result<(), Fault> {
        let id = log.head.log;
        let mut from = done.up_to(log);
        let mut asked_back = false;
        while from < log.head.seq {
            let stored = local.after(id, from, MAX_SEGMENT_CHANGES)?;
            let sizes: Vec<UnsentChange> = stored.iter().map(size_of).collect();
            let now = select(&sizes, RequestSize::default().bytes());
            let first: Vec<StoredChange> = stored.into_iter().take(now).collect();
            if first.is_empty() {
                return Err(Fault::Local("missing".to_owned()));
            }
            match self.push(local, log, &first).await {
                Ok(up_to) => {
                    from = up_to.max(from + first.len() as u64);
                    // A line beside the main one may be stored without a receipt of its own: sent, and not counted.
                    if up_to > done.up_to(log) {
                        done.receipted.insert(id, up_to);
                    }
                }
                // A server that was put back lacks what it had receipted.
                Err(Fault::Told(problem)) if problem.code == Code::SegmentGap && !asked_back => {
                    let next = problem.params.get("next_seq").and_then(|seq| seq.as_u64());
                    from = next.unwrap_or(1).saturating_sub(1);
                    asked_back = true;
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// Sends some changes; gives the seq up to which the server has signed that it holds the log.
    async fn push(
        &self,
        local: &Verbatim,
        log: &VerbatimLog,
        stored: &[StoredChange],
    ) -> Result<u64, Fault> {
        let id = log.head.log;
        let sound = read_sound(id, stored).map_err(|_| Fault::Local("damaged".to_owned()))?;
        let sent = Sent {
            log: id,
            changes: sound.iter().map(|c| (c.envelope.seq, c.hash)).collect(),
        };
        let segment = segment(&SigningKey::from_bytes(&log.seed), &sound)?;
        let answer = self.transport.push(&self.token, segment).await?;
        let answer: PushAnswer = errors::json(answer)?;
        let own = |seq: u64| {
            let one = local.after(id, seq.saturating_sub(1), 1).ok()?;
            one.first().filter(|c| c.seq == seq).map(|c| c.hash)
        };
        let facts = judge(&sent, answer, &self.keys, own).map_err(|_| Fault::BadReceipt)?;
        Ok(facts.receipt.map_or(0, |receipt| receipt.up_to_seq))
    }

    /// Brings a body that travels as a file to its receipt.
    async fn body(
        &self,
        change: &StoredChange,
        open: Option<LogId>,
        done: &mut Done,
    ) -> Result<(), Fault> {
        let sha256 = Digest::of(&change.body);
        let (Some(log), false) = (open, done.bodies.contains(&sha256)) else {
            return Ok(());
        };
        let meta = FileMeta {
            sha256,
            kind: FileKind::Body,
            log,
            original: None,
        };
        let (mut at, mut upload) = (UploadAt::New, String::new());
        for _ in 0..MOST_REQUESTS {
            let outcome = self
                .piece(&meta, &change.body, &mut at, &mut upload)
                .await?;
            match outcome {
                Outcome::Received { .. } | Outcome::Erased => {
                    done.bodies.insert(sha256);
                    return Ok(());
                }
                Outcome::Continue => {}
                Outcome::Halve => return Err(Fault::TooLarge),
                Outcome::Wait(_) => return Err(Fault::BadAnswer("file")),
                Outcome::BadReceipt => return Err(Fault::BadReceipt),
            }
        }
        Err(Fault::BadAnswer("file"))
    }

    async fn piece(
        &self,
        meta: &FileMeta,
        body: &[u8],
        at: &mut UploadAt,
        upload: &mut String,
    ) -> Result<Outcome, Fault> {
        let (size, step) = (body.len() as u64, RequestSize::default().bytes());
        let from = |offset: u64| {
            let skip = usize::try_from(offset).unwrap_or(usize::MAX);
            body.iter()
                .skip(skip)
                .take(step)
                .copied()
                .collect::<Vec<u8>>()
        };
        let exchange = match *at {
            UploadAt::New | UploadAt::MaybeCreated => {
                self.transport.create_file(&self.token, meta, size, from(0))
            }
            UploadAt::Offset(offset) if offset < size => {
                self.transport
                    .patch_file(&self.token, upload, offset, from(offset))
            }
            UploadAt::Unsure | UploadAt::Offset(_) => {
                self.transport.ask_offset(&self.token, upload)
            }
        };
        let answer = errors::ours(exchange.await?, None)?;
        if let Some(id) = answer.header("location").and_then(id_in_location) {
            *upload = id;
        }
        let (next, outcome) = take_in(*at, meta, size, told(Some(&answer), None), &self.keys);
        *at = next;
        Ok(outcome)
    }
}

fn size_of(change: &StoredChange) -> UnsentChange {
    let body = if change.as_file { 0 } else { change.body.len() };
    UnsentChange {
        seq: change.seq,
        size: change.envelope.len() + body,
    }
}
