//! Says that something was committed: to whoever watches, without waiting for anybody. A watcher that
//! is slow misses steps in between, never the last one.

use std::sync::Arc;
use tokio::sync::watch::{Receiver, Sender};

/// What watchers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Grows with every commit; of two processes the later begins higher.
    pub change: u64,
    /// The server is going to stop: let go.
    pub closing: bool,
}

/// The one place where commits are announced. Clones announce to the same watchers.
#[derive(Clone, Debug)]
pub struct Live(Arc<Sender<Tick>>);

impl Live {
    /// Begins to count at a number that no earlier process has reached: the milliseconds of its clock.
    pub fn from(now_ms: i64) -> Self {
        let first = Tick {
            change: u64::try_from(now_ms).unwrap_or(0),
            closing: false,
        };
        Self(Arc::new(Sender::new(first)))
    }

    /// Something is durable that was not before.
    pub fn changed(&self) {
        self.0.send_modify(|tick| tick.change += 1);
    }

    /// Every watcher ends.
    pub fn close(&self) {
        self.0.send_modify(|tick| tick.closing = true);
    }

    /// Sees the present tick and every later one.
    pub fn watch(&self) -> Receiver<Tick> {
        self.0.subscribe()
    }

    /// How many watch.
    pub fn watchers(&self) -> usize {
        self.0.receiver_count()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_slow_watcher_sees_the_last_step_and_holds_nobody_up() {
        let live = Live::from(5);
        let mut slow = live.watch();
        for _ in 0..1000 {
            live.changed();
        }
        assert!(slow.has_changed().unwrap());
        assert_eq!(slow.borrow_and_update().change, 1005);
        assert!(!slow.has_changed().unwrap());
        assert_eq!(live.watchers(), 1);
        drop(slow);
        assert_eq!(live.watchers(), 0);
    }
}
