//! One request at a time per upload, and the newest wins: a phone that comes back has no use for
//! its own old request, which may hang on a dead connection for minutes. This is courtesy inside one
//! process; what keeps bytes apart is the fence in the upload's row.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Gate, OwnedMutexGuard, watch};

use super::UploadId;

/// Who is at work on which upload.
#[derive(Debug, Default)]
pub struct Turns {
    slots: Mutex<HashMap<UploadId, Weak<Slot>>>,
}

#[derive(Debug)]
struct Slot {
    newest: watch::Sender<u64>,
    gate: Arc<Gate<()>>,
}

/// The right to touch one upload, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    mine: u64,
    newest: watch::Receiver<u64>,
    _slot: Arc<Slot>,
    _gate: OwnedMutexGuard<()>,
}

impl Turns {
    /// Asks the request at work to end and waits until it has.
    pub async fn take(&self, id: UploadId) -> Turn {
        let slot = self.slot(id);
        let newest = slot.newest.subscribe();
        let mut mine = 0;
        slot.newest.send_modify(|n| {
            *n += 1;
            mine = *n;
        });
        let gate = Arc::clone(&slot.gate).lock_owned().await;
        Turn {
            mine,
            newest,
            _slot: slot,
            _gate: gate,
        }
    }

    fn slot(&self, id: UploadId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(&id).and_then(Weak::upgrade) {
            return slot;
        }
        slots.retain(|_, slot| slot.strong_count() > 0);
        let slot = Arc::new(Slot {
            newest: watch::Sender::new(0),
            gate: Arc::default(),
        });
        slots.insert(id, Arc::downgrade(&slot));
        slot
    }
}

impl Turn {
    /// Whether a newer request has come.
    pub fn is_over(&self) -> bool {
        *self.newest.borrow() != self.mine
    }

    /// Returns when a newer request has come.
    pub async fn over(&mut self) {
        let mine = self.mine;
        // The sender lives in the slot that this turn holds.
        let _ = self.newest.wait_for(|n| *n != mine).await;
    }
}
