//! A store that was put back: noticed by what phones show of what this server signed, and by the
//! administrator who did it. The number of the new epoch is above every one seen or shown.

use crate::app::App;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::epochs::{self, Because, Opening, Witness};
use crate::storage::{changes, pages};
use crate::write::{self, Draft};
use xunji_domain::ids::{DeviceId, LogId, PersonId};
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::FeedHeads;
use xunji_protocol::guard::Guard;
use xunji_protocol::keys::{PublicKey, SignedStatement, public_key};
use xunji_protocol::kinds::{LOG_OPENED, LogOpened, OpenedBecause};
use xunji_protocol::log::LogHead;
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::hello::Shown;

/// Looks whether the store holds what it signed. Where it does not it was put back, and a new epoch is
/// opened, unless that is known already; what was shown is kept beside what stands here. Something that this
/// server did not sign proves nothing.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn look_at(app: &App, device: DeviceId, shown: &Shown) -> Answer<()> {
    if !Guard::Witness.stands() {
        return Ok(());
    }
    let keys = [public_key(&app.keys.receipts)];
    let mut missing = Vec::new();
    if let Some(token) = &shown.receipt {
        missing.extend(missing_receipt(app, device, token, &keys)?);
    }
    if let Some(token) = &shown.heads {
        missing.extend(missing_heads(app, device, token, &keys)?);
    }
    let Some(in_epoch) = missing.iter().map(|w| w.epoch).max() else {
        return Ok(());
    };
    epochs::keep_witnesses(&app.store, app.bureau, missing)?;
    if in_epoch >= app.epoch() {
        open(app, Because::Shown { in_epoch })?;
    }
    Ok(())
}

/// Opens a new epoch, with a new log for the bureau that says what came before.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn open(app: &App, because: Because) -> Answer<()> {
    let before = app.bureau_log();
    let head = crate::storage::enrolment::log(&app.store, app.bureau, before)?
        .map_or_else(|| LogHead::empty(before), |row| row.head);
    let now = app.clock.now();
    let opening = Opening {
        because,
        at: now,
        log: LogId(random::id(now).map_err(|e| internal(&e))?),
        log_key: app.keys.bureau_log_key(),
    };
    let (life, new) = epochs::open(&app.store, app.bureau, app.keys.log, opening)?;
    app.live_in(life);
    if !new {
        return Ok(());
    }
    tracing::error!(
        epoch = life.epoch,
        ?because,
        "the store was put back to an earlier state: a new epoch begins, phones offer again what is missing"
    );
    let opened = LogOpened {
        before: head,
        reason: OpenedBecause::ServerRestored,
        lost: Vec::new(),
    };
    // Nobody acts: the author is the county itself.
    let author = PersonId(app.bureau.0);
    let draft = Draft::new(LOG_OPENED, &opened, vec![before.0], author)?;
    write::append_bureau_changes(app, &[draft], |_| Ok(()))?;
    Ok(())
}

fn missing_receipt(
    app: &App,
    device: DeviceId,
    token: &SignedStatement,
    keys: &[PublicKey],
) -> Answer<Option<Witness>> {
    let Ok(Receipt::Log {
        log,
        up_to_seq,
        hash,
        epoch,
        ..
    }) = token.open(keys, RECEIPT_CONTEXT)
    else {
        return Ok(None);
    };
    if epochs::has_change(&app.store, app.bureau, hash)? {
        return Ok(None);
    }
    let (own, _) = changes::line(&app.store, app.bureau, LogHead::empty(log))?;
    Ok(Some(Witness {
        subject: format!("log:{log}"),
        epoch,
        seq: up_to_seq,
        hash,
        device,
        at: app.clock.now(),
        shown: token.0.clone(),
        own: (own.seq, own.hash),
    }))
}

fn missing_heads(
    app: &App,
    device: DeviceId,
    token: &SignedStatement,
    keys: &[PublicKey],
) -> Answer<Vec<Witness>> {
    let mut missing = Vec::new();
    let Some(said) = FeedHeads::open(token, keys) else {
        return Ok(missing);
    };
    for head in said.feeds.into_iter().filter(|head| head.pos > 0) {
        let here = epochs::history_at(&app.store, app.bureau, head.clone())?;
        if here == Some(head.history_hash) {
            continue;
        }
        let own = pages::heads(&app.store, app.bureau, 0, vec![head.feed.clone()])?;
        let own = own
            .first()
            .map_or((0, Digest::ZERO), |own| (own.pos, own.history_hash));
        missing.push(Witness {
            subject: head.feed,
            epoch: said.epoch,
            seq: head.pos,
            hash: head.history_hash,
            device,
            at: app.clock.now(),
            shown: token.0.clone(),
            own,
        });
    }
    Ok(missing)
}
