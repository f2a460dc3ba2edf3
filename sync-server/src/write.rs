//! load → decide → commit: a pushed segment, and changes of the bureau's own.

use crate::app::App;
use crate::decide::{self, Context, Incoming, Misplaced, Reads, Snapshot};
use crate::problem::{Answer, Refusal, internal};
use crate::storage::changes::Line;
use crate::storage::{self, Committed, changes, enrolment};
use crate::{random, redrive};
use serde::Serialize;
use std::collections::VecDeque;
use uuid::Uuid;
use xunji_domain::ids::PersonId;
use xunji_domain::time::Millis;
use xunji_protocol::body::compose_body;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::{Change, Envelope};
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::kinds::newest_version;
use xunji_protocol::log::{HeadSignature, LogHead};
use xunji_protocol::problem::{Code, Problem};
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::segment::Segment;
use xunji_protocol::verdict::VerdictRow;

/// Rounds of load and decide before giving up: far more than [`Planning`](crate::planning::Planning)
/// lets others of this process disturb.
const ROUNDS: usize = 64;

/// What became of a segment.
#[derive(Clone, Debug)]
pub struct Written {
    /// One per change, in order.
    pub verdicts: Vec<VerdictRow>,
    /// Those that were new.
    pub new: Vec<Digest>,
    /// The last change of the segment, and whether it stands on the main line.
    pub last: Option<(LogHead, bool)>,
    /// Some of it stands on a branch.
    pub branch: bool,
}

/// Stores a verified segment and applies what can be applied.
///
/// # Errors
/// `segment_gap` when what comes before is not here; nothing was stored then.
pub fn segment(app: &App, segment: Segment) -> Answer<Written> {
    let log = segment.header.log;
    let incoming = segment
        .changes
        .into_iter()
        .map(|change| {
            let file = change
                .body
                .bytes()
                .is_none()
                .then(|| redrive::find_body(app, change.envelope.body));
            Ok(Incoming::new(
                change,
                file.transpose()?.flatten(),
                app.newest,
            ))
        })
        .collect::<Answer<Vec<_>>>()?;
    let reads = Reads::of(&incoming);
    for round in 0..ROUNDS {
        let turn = app.planning.turn(round);
        let snapshot =
            storage::load(&app.store, app.bureau, log, reads.clone())?.ok_or(Code::Forbidden)?;
        let context = context(app);
        let mut decision = decide::decide(&incoming, &snapshot, context).map_err(misplaced)?;
        if let Some(step) = decision.plan.log {
            decision.plan.head = Some(segment.head.clone());
            if step.to != step.from {
                decision.plan.receipt = Some((step.to, receipt(app, step.to, context.now)?));
            }
        }
        let new = decision.plan.changes.iter().map(|c| c.hash).collect();
        let positions = if decision.plan.changes.is_empty() {
            Committed::Done(Vec::new())
        } else {
            storage::commit(&app.store, decision.plan)?
        };
        drop(turn);
        if let Committed::Done(rows) = positions {
            let verdicts = in_order(decision.known, rows);
            return Ok(Written {
                verdicts,
                new,
                last: decision.last,
                branch: decision.branch,
            });
        }
    }
    Err(internal(&"a plan was stale in every round"))
}

/// A change of the bureau's before it has its place in the log.
#[derive(Clone, Debug)]
pub struct Draft {
    kind: &'static str,
    records: Vec<Uuid>,
    author: PersonId,
    body: Vec<u8>,
}

impl Draft {
    /// Makes the body's bytes, once.
    ///
    /// # Errors
    /// `internal` for a payload without canonical form, or without randomness.
    pub fn new<T: Serialize>(
        kind: &'static str,
        payload: &T,
        records: Vec<Uuid>,
        author: PersonId,
    ) -> Answer<Self> {
        let salt = random::bytes::<16>().map_err(|e| internal(&e))?;
        let body = compose_body(salt, payload).map_err(|e| internal(&e))?;
        Ok(Self {
            kind,
            records,
            author,
            body,
        })
    }
}

/// Appends changes to the bureau's own log and applies them in one transaction. `allowed` looks at
/// the rows of the very moment on which the decision stands: what it refuses leaves no trace.
///
/// # Errors
/// What `allowed` says; [`Refusal`] of the store.
pub fn append_bureau_changes(
    app: &App,
    drafts: &[Draft],
    allowed: impl Fn(&Snapshot) -> Answer<()>,
) -> Answer<Vec<VerdictRow>> {
    for round in 0..ROUNDS {
        let turn = app.planning.turn(round);
        let log = app.bureau_log();
        let head = enrolment::log(&app.store, app.bureau, log)?
            .ok_or(Code::Internal)?
            .head;
        let incoming = chain(app, head, drafts)?;
        let snapshot = storage::load(&app.store, app.bureau, log, Reads::of(&incoming))?
            .ok_or(Code::Internal)?;
        if snapshot.log.head != head {
            continue;
        }
        allowed(&snapshot)?;
        let mut plan = decide::decide(&incoming, &snapshot, context(app))
            .map_err(misplaced)?
            .plan;
        if let Some(step) = plan.log {
            plan.head =
                Some(HeadSignature::make(&app.keys.bureau_log, step.to).map_err(|e| internal(&e))?);
        }
        let new: Vec<Digest> = plan.changes.iter().map(|c| c.hash).collect();
        let committed = storage::commit(&app.store, plan)?;
        drop(turn);
        if let Committed::Done(rows) = committed {
            redrive::after(app, &new)?;
            return Ok(rows);
        }
    }
    Err(internal(&"a plan was stale in every round"))
}

/// One change of the bureau's: see [`append_bureau_changes`]. Returns its verdict.
///
/// # Errors
/// As [`append_bureau_changes`].
pub fn append_bureau_change<T: Serialize>(
    app: &App,
    kind: &'static str,
    payload: &T,
    records: Vec<Uuid>,
    author: PersonId,
    allowed: impl Fn(&Snapshot) -> Answer<()>,
) -> Answer<VerdictRow> {
    let draft = Draft::new(kind, payload, records, author)?;
    let rows = append_bureau_changes(app, &[draft], allowed)?;
    rows.into_iter()
        .next()
        .ok_or_else(|| internal(&"no verdict"))
}

/// What decisions know beside the rows.
pub fn context(app: &App) -> Context {
    Context {
        bureau: app.bureau,
        epoch: app.epoch(),
        now: app.clock.now(),
    }
}

fn chain(app: &App, from: LogHead, drafts: &[Draft]) -> Answer<Vec<Incoming>> {
    let mut head = from;
    let mut incoming = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let envelope = Envelope {
            log: head.log,
            seq: head.seq + 1,
            prev: head.hash,
            captured_at: app.clock.reading(),
            author: draft.author,
            kind: draft.kind.to_owned(),
            schema_version: newest_version(draft.kind).unwrap_or(1),
            records: draft.records.clone(),
            body: Digest::of(&draft.body),
            extra: serde_json::Map::new(),
        };
        let change = Change::seal(envelope, draft.body.clone()).map_err(|e| internal(&e))?;
        head = LogHead {
            log: head.log,
            seq: head.seq + 1,
            hash: change.hash,
        };
        incoming.push(Incoming::new(change, None, app.newest));
    }
    Ok(incoming)
}

/// The receipt of a head, of the same moment as everything else in its plan.
fn receipt(app: &App, head: LogHead, now: Millis) -> Answer<SignedStatement> {
    let receipt = Receipt::Log {
        log: head.log,
        up_to_seq: head.seq,
        hash: head.hash,
        epoch: app.epoch(),
        server_time: now,
    };
    SignedStatement::make(&app.keys.receipts, RECEIPT_CONTEXT, &receipt).map_err(|e| internal(&e))
}

/// Stored verdicts and new ones, in the order of the segment.
fn in_order(known: Vec<Option<VerdictRow>>, new: Vec<VerdictRow>) -> Vec<VerdictRow> {
    let mut new = VecDeque::from(new);
    known
        .into_iter()
        .filter_map(|row| row.or_else(|| new.pop_front()))
        .collect()
}

fn misplaced(misplaced: Misplaced) -> Refusal {
    match misplaced {
        Misplaced::Gap { next_seq } => Problem::new(Code::SegmentGap)
            .with("next_seq", next_seq)
            .into(),
        Misplaced::Broken => Code::SegmentBroken.into(),
    }
}

/// The receipt of just the head a segment reached, on the main line or on its branch: made once, the stored
/// one from then on. All that comes before it on its line is stored, or it would not have been placed there.
/// A receipt of a later head would say nothing to a phone that was put back and has not come that far.
///
/// # Errors
/// [`Refusal`] of the store.
pub fn receipt_for(app: &App, written: &Written) -> Answer<Option<SignedStatement>> {
    let Some((head, main)) = written.last else {
        return Ok(None);
    };
    let line = if main { Line::Main } else { Line::Branch };
    if let Some(kept) = changes::receipt(&app.store, app.bureau, line, head)? {
        return Ok(Some(kept));
    }
    let now = app.clock.now();
    let made = receipt(app, head, now)?;
    Ok(Some(changes::keep_receipt(
        &app.store, app.bureau, line, head, made, now,
    )?))
}
