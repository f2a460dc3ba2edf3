//! Changes that were held back are decided again when what they wait for is here, each in a transaction
//! of its own; the later verdict goes into the log's feed. One that cannot be decided (its bytes rotted, the
//! disk is full) holds none of the others up: it is named in the log of the server and tried again later.

use crate::app::App;
use crate::decide::{self, Incoming, Reads};
use crate::problem::{Answer, Refusal, internal};
use crate::storage::{self, Committed, changes, stopped};
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
        match awaited(app, *hash) {
            Ok(found) => waiting.extend(found),
            Err(refusal) => passed_over(*hash, &refusal),
        }
    }
    drive(app, waiting);
    Ok(())
}

/// What a change that was just stored, or is looked at again, sets going.
fn awaited(app: &App, hash: Digest) -> Answer<Vec<Digest>> {
    let mut waiting = released_by(app, hash)?;
    if let Some(stored) = changes::by_hash(&app.store, app.bureau, hash)?
        && stored.body.is_none()
        && let Some(body) = find_body(app, stored.change.envelope.body)?
    {
        changes::put_body(&app.store, app.bureau, stored.change.envelope.body, body)?;
        waiting.push(hash);
    }
    Ok(waiting)
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
    );
    Ok(count)
}

/// Tries everything that is held back: after a start, when the process may have ended between a commit
/// and what it released, or was upgraded, so that what did not read or broke a rule may be in order now; and
/// from time to time, because what failed once is told to nobody a second time. What a person has closed
/// is tried only when it is held.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn everything(app: &App) -> Answer<()> {
    if !Guard::Redrive.stands() {
        return Ok(());
    }
    let held = changes::held(&app.store, app.bureau, None)?;
    after(app, &held)?;
    drive(app, held.into());
    drive(app, stopped::quarantined(&app.store, app.bureau)?.into());
    Ok(())
}

/// Tries one change that is held back, because a person asked for it. Whether it is applied now.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn one(app: &App, hash: Digest) -> Answer<bool> {
    let waiting = awaited(app, hash)?;
    let applied = again(app, hash)?;
    drive(app, waiting.into());
    if applied {
        drive(app, released_by(app, hash)?.into());
    }
    Ok(applied)
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

fn drive(app: &App, mut waiting: VecDeque<Digest>) {
    while let Some(hash) = waiting.pop_front() {
        let applied = again(app, hash).and_then(|applied| match applied {
            true => released_by(app, hash),
            false => Ok(Vec::new()),
        });
        match applied {
            Ok(released) => waiting.extend(released),
            Err(refusal) => passed_over(hash, &refusal),
        }
    }
}

fn passed_over(hash: Digest, refusal: &Refusal) {
    tracing::error!(change = %hash, problem = %refusal.0.title, "cannot be decided again now");
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

/// Decides one change that is held back again; whether it is applied now.
fn again(app: &App, hash: Digest) -> Answer<bool> {
    for round in 0..ROUNDS {
        let _turn = app.planning.turn(round);
        let Some(stored) = changes::by_hash(&app.store, app.bureau, hash)? else {
            return Ok(false);
        };
        let log = stored.change.envelope.log;
        let mut incoming = Incoming::new(stored.change, stored.body, app.newest);
        incoming.accepted = stopped::is_accepted(&app.store, app.bureau, hash)?;
        let mut reads = Reads::of(std::slice::from_ref(&incoming));
        reads.stopped.insert(hash);
        let Some(snapshot) = storage::load(&app.store, app.bureau, log, reads)? else {
            return Ok(false);
        };
        let branch = !stored.main;
        let Some(plan) = decide::decide_again(&incoming, branch, &snapshot, context(app)) else {
            return Ok(false);
        };
        if let Committed::Done(rows) = storage::commit(&app.store, plan)? {
            return Ok(rows.iter().any(|row| row.verdict == Verdict::Applied));
        }
    }
    Ok(false)
}
