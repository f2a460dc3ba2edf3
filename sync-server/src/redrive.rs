//! Held changes are decided again when what they wait for is here, each in a transaction of its
//! own; the later verdict goes into the log's feed.

use crate::app::App;
use crate::decide::{self, Incoming, Reads};
use crate::problem::{Answer, internal};
use crate::storage::{self, Committed, changes};
use crate::write::context;
use std::collections::VecDeque;
use std::io::Read as _;
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;
use xunji_protocol::limits::MAX_BODY;
use xunji_protocol::verdict::Verdict;

/// Rounds of load and decide before giving up; what is still held then is tried at the next start.
const ROUNDS: usize = 64;

/// Looks whether changes that were just stored release others, or have themselves been overtaken
/// by the file they wait for.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn after(app: &App, new: &[Digest]) -> Answer<()> {
    let mut waiting = VecDeque::new();
    for hash in new {
        waiting.extend(released_by(app, *hash)?);
        if let Some(stored) = changes::by_hash(&app.store, app.bureau, *hash)?
            && stored.body.is_none()
            && let Some(body) = find_body(app, stored.change.envelope.body)?
        {
            changes::put_body(&app.store, app.bureau, stored.change.envelope.body, body)?;
            waiting.push_back(*hash);
        }
    }
    drive(app, waiting)
}

/// A body that travelled as a file is whole and verified: it is put beside its changes, and they
/// are decided again. Returns how many changes waited for it.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn body_arrived(app: &App, digest: Digest, bytes: Vec<u8>) -> Answer<usize> {
    if bytes.len() > MAX_BODY || Digest::of(&bytes) != digest {
        return Ok(0);
    }
    let count = changes::put_body(&app.store, app.bureau, digest, bytes)?;
    drive(
        app,
        changes::held(&app.store, app.bureau, Some(format!("body:{digest}")))?.into(),
    )?;
    Ok(count)
}

/// Tries everything that is held: after a start, when the process may have ended between a commit
/// and what it released, or was upgraded.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn everything(app: &App) -> Answer<()> {
    if !Guard::Redrive.stands() {
        return Ok(());
    }
    let held = changes::held(&app.store, app.bureau, None)?;
    after(app, &held)?;
    drive(app, held.into())
}

/// The bytes of a body that came as a file, when they are here.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn find_body(app: &App, digest: Digest) -> Answer<Option<Vec<u8>>> {
    if let Some(body) = changes::body(&app.store, app.bureau, digest)? {
        return Ok(Some(body));
    }
    let Some(file) = app.blobs.open(digest).map_err(|e| internal(&e))? else {
        return Ok(None);
    };
    let mut body = Vec::new();
    file.take(MAX_BODY as u64 + 1)
        .read_to_end(&mut body)
        .map_err(|e| internal(&e))?;
    Ok((Digest::of(&body) == digest && body.len() <= MAX_BODY).then_some(body))
}

fn drive(app: &App, mut waiting: VecDeque<Digest>) -> Answer<()> {
    while let Some(hash) = waiting.pop_front() {
        if again(app, hash)? {
            waiting.extend(released_by(app, hash)?);
        }
    }
    Ok(())
}

/// What waits for a record that a change is about.
fn released_by(app: &App, hash: Digest) -> Answer<Vec<Digest>> {
    let Some(stored) = changes::by_hash(&app.store, app.bureau, hash)? else {
        return Ok(Vec::new());
    };
    let mut released = Vec::new();
    for record in &stored.change.envelope.records {
        released.extend(changes::held(
            &app.store,
            app.bureau,
            Some(format!("record:{record}")),
        )?);
    }
    released.retain(|other| *other != hash);
    Ok(released)
}

/// Decides one held change again; whether it is applied now.
fn again(app: &App, hash: Digest) -> Answer<bool> {
    for round in 0..ROUNDS {
        let _turn = app.planning.turn(round);
        let Some(waited_for) = changes::waits_for(&app.store, app.bureau, hash)? else {
            return Ok(false);
        };
        let Some(stored) = changes::by_hash(&app.store, app.bureau, hash)? else {
            return Ok(false);
        };
        let log = stored.change.envelope.log;
        let incoming = Incoming::new(stored.change, stored.body, app.newest);
        let reads = Reads::of(std::slice::from_ref(&incoming));
        let Some(snapshot) = storage::load(&app.store, app.bureau, log, reads)? else {
            return Ok(false);
        };
        let branch = !stored.main;
        let Some(plan) =
            decide::decide_again(&incoming, branch, &waited_for, &snapshot, context(app))
        else {
            return Ok(false);
        };
        if let Committed::Done(rows) = storage::commit(&app.store, plan)? {
            return Ok(rows.iter().any(|row| row.verdict == Verdict::Applied));
        }
    }
    Ok(false)
}
