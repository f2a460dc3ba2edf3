//! What the loop and the commands share: the engine behind a lock that is held for one request, and a
//! status that can be read at any time.

use super::engine::Traffic;
use super::stopwatch::Stopwatch;
use super::turn::Machine;
use crate::sync::errors::Fault;
use crate::sync::plan::{Reason, Step};
use crate::transport::Transport;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use xunji_protocol::steps::drafts::Offers;

/// Lives in the open device.
#[derive(Default)]
pub struct Shared {
    machine: Mutex<Option<Machine>>,
    status: Mutex<Status>,
    nudged: Mutex<bool>,
    woken: Condvar,
    news_due: AtomicBool,
    originals_now: AtomicBool,
    offers: Mutex<Option<Offers>>,
    offers_due: AtomicBool,
    drafts_told: AtomicU64,
    metered: Mutex<Option<bool>>,
    transport: Mutex<Option<Arc<dyn Transport>>>,
    stopwatch: Mutex<Option<Stopwatch>>,
}

/// What the sync page shows besides rows.
#[derive(Clone, Debug)]
pub(super) struct Status {
    /// What was planned last.
    pub step: Step,
    /// What went wrong with the last request; `None` after a good one.
    pub fault: Option<Fault>,
    /// Bytes of this process.
    pub traffic: Traffic,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            step: Step::Wait(Reason::Done),
            fault: None,
            traffic: Traffic::default(),
        }
    }
}

impl Shared {
    /// There is something new to send, or a person asked: the background loop goes on at once.
    pub fn nudge(&self) {
        *lock(&self.nudged) = true;
        self.woken.notify_all();
    }

    /// 现在同步: asks the server for news too; `originals_now` is 用流量传, until everything is in.
    pub fn sync_now(&self, originals_now: bool) {
        self.news_due.store(true, Ordering::Relaxed);
        if originals_now {
            self.originals_now.store(true, Ordering::Relaxed);
        }
        self.nudge();
    }

    /// What the phone knows about the cost of its link; `None` where it does not tell.
    pub fn set_metered(&self, metered: Option<bool>) {
        *lock(&self.metered) = metered;
        self.nudge();
    }

    /// Goes to the server by another way than HTTP: a test's router on its own thread.
    pub fn use_transport(&self, transport: Arc<dyn Transport>) {
        *lock(&self.transport) = Some(transport);
    }

    /// Measures links with a clock of its own, in milliseconds that never go back: a simulation's. Said
    /// before the first request.
    pub fn use_stopwatch(&self, tell: impl Fn() -> u64 + Send + Sync + 'static) {
        *lock(&self.stopwatch) = Some(Stopwatch::Told(Arc::new(tell)));
    }

    pub(super) fn stopwatch(&self) -> Stopwatch {
        lock(&self.stopwatch).clone().unwrap_or_default()
    }

    pub(super) fn machine(&self) -> MutexGuard<'_, Option<Machine>> {
        lock(&self.machine)
    }

    pub(super) fn given_transport(&self) -> Option<Arc<dyn Transport>> {
        lock(&self.transport).clone()
    }

    /// What this process has sent and received so far.
    pub fn traffic(&self) -> Traffic {
        self.status().traffic
    }

    pub(super) fn status(&self) -> Status {
        lock(&self.status).clone()
    }

    pub(super) fn set_status(&self, change: impl FnOnce(&mut Status)) {
        change(&mut lock(&self.status));
    }

    pub(super) fn ask_news(&self) {
        self.news_due.store(true, Ordering::Relaxed);
    }

    pub(super) fn take_news_due(&self) -> bool {
        self.news_due.swap(false, Ordering::Relaxed)
    }

    /// Which drafts of other phones are on offer, as the server last said; `None` before it was asked.
    pub(crate) fn offers(&self) -> Option<Offers> {
        lock(&self.offers).clone()
    }

    pub(super) fn set_offers(&self, offers: Offers) {
        let before = lock(&self.offers).replace(offers.clone());
        if before.as_ref() != Some(&offers) {
            self.tell_drafts();
        }
    }

    /// Counts what the server said of drafts: what a page shows of them is old once this differs.
    pub fn drafts_told(&self) -> u64 {
        self.drafts_told.load(Ordering::Relaxed)
    }

    pub(super) fn tell_drafts(&self) {
        self.drafts_told.fetch_add(1, Ordering::Relaxed);
    }

    /// A person looks at what is on offer: it is asked for again.
    pub(crate) fn ask_offers(&self) {
        self.offers_due.store(true, Ordering::Relaxed);
        self.nudge();
    }

    pub(super) fn take_offers_due(&self) -> bool {
        self.offers_due.swap(false, Ordering::Relaxed)
    }

    pub(super) fn metered(&self) -> Option<bool> {
        *lock(&self.metered)
    }

    pub(super) fn originals_now(&self) -> bool {
        self.originals_now.load(Ordering::Relaxed)
    }

    pub(super) fn originals_done(&self) {
        self.originals_now.store(false, Ordering::Relaxed);
    }

    /// Sleeps until a nudge or for this long; `true` after a nudge.
    pub(super) fn sleep(&self, at_most: Duration) -> bool {
        let nudged = lock(&self.nudged);
        let waited = self
            .woken
            .wait_timeout_while(nudged, at_most, |nudged| !*nudged);
        let (mut nudged, _) = waited.unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *nudged)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
