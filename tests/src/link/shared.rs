//! What all connections of one link share: its state, its two buckets and its counters.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;

use super::fault::{Direction, Passage, Trip, pass};
use super::pace::Bucket;
use super::profile::{Line, Profile};
use super::stats::Stats;
use super::stranger::Stranger;

/// Nothing here is held across an await, so plain locks do.
#[derive(Debug)]
pub(super) struct Shared {
    line: watch::Sender<Line>,
    /// Counts up at every reset of all connections; each connection waits for the next count.
    resets: watch::Sender<u64>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    upstream: SocketAddr,
    up: Bucket,
    down: Bucket,
    trip: Option<Trip>,
    stats: Stats,
    waits: Vec<u64>,
}

impl Shared {
    pub(super) fn new(upstream: SocketAddr) -> Self {
        let inner = Inner {
            upstream,
            up: Bucket::new(),
            down: Bucket::new(),
            trip: None,
            stats: Stats::default(),
            waits: Vec::new(),
        };
        Self {
            line: watch::Sender::new(Line::Down),
            resets: watch::Sender::new(0),
            inner: Mutex::new(inner),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_line(&self, line: Line) {
        self.line.send_replace(line);
        let mut inner = self.inner();
        inner.up = Bucket::new();
        inner.down = Bucket::new();
        drop(inner);
        if matches!(line, Line::Down | Line::Strange(_)) {
            self.reset_all();
        }
    }

    pub(super) fn watch_line(&self) -> watch::Receiver<Line> {
        self.line.subscribe()
    }

    /// Who else is on the line.
    pub(super) fn stranger(&self) -> Option<Stranger> {
        match *self.line.borrow() {
            Line::Strange(who) => Some(who),
            _ => None,
        }
    }

    /// The profile once bytes move, or `None` when the line does not lead to the server.
    pub(super) async fn profile(&self) -> Option<Profile> {
        let mut line = self.watch_line();
        loop {
            match *line.borrow_and_update() {
                Line::Up(profile) => return Some(profile),
                Line::Down | Line::Strange(_) => return None,
                Line::Stalled => {}
            }
            line.changed().await.ok()?;
        }
    }

    pub(super) fn set_upstream(&self, upstream: SocketAddr) {
        self.inner().upstream = upstream;
    }

    pub(super) fn upstream(&self) -> SocketAddr {
        self.inner().upstream
    }

    pub(super) fn watch_resets(&self) -> watch::Receiver<u64> {
        self.resets.subscribe()
    }

    fn reset_all(&self) {
        self.resets.send_modify(|count| *count += 1);
    }

    pub(super) fn cut(&self) -> bool {
        let mut inner = self.inner();
        let hit = inner.stats.open > 0;
        inner.stats.cuts += u64::from(hit);
        drop(inner);
        self.reset_all();
        hit
    }

    pub(super) fn arm(&self, direction: Direction, after: u64) {
        self.inner().trip = Some(Trip {
            direction,
            left: after,
        });
    }

    pub(super) fn pass(&self, direction: Direction, len: usize) -> Passage {
        pass(&mut self.inner().trip, direction, len)
    }

    /// Takes the line for `len` bytes of a direction; they have left at the answered moment.
    pub(super) fn reserve(&self, direction: Direction, len: usize, rate_bps: u64) -> Instant {
        let mut inner = self.inner();
        let bucket = match direction {
            Direction::Up => &mut inner.up,
            Direction::Down => &mut inner.down,
        };
        bucket.reserve(Instant::now(), len, rate_bps)
    }

    pub(super) fn count(&self, tally: impl FnOnce(&mut Stats)) {
        tally(&mut self.inner().stats);
    }

    pub(super) fn stats(&self) -> Stats {
        self.inner().stats
    }

    pub(super) fn note_wait(&self, wait: u64) {
        self.inner().waits.push(wait);
    }

    pub(super) fn waits(&self) -> Vec<u64> {
        self.inner().waits.clone()
    }
}
