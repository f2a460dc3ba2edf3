//! A loopback TCP line between a phone and the server that can be slow, late and torn.
//!
//! A [`Link`] listens on a port of its own and carries every connection made to it to the
//! server behind it. What is real: the bytes, the sockets, the resets (`SO_LINGER` 0, so the
//! peer sees RST, also in the middle of a body) and the loss of whatever was on its way. What is
//! counted is payload: TCP and IP headers, slow start and retransmission are not played.
//!
//! A new fault belongs into [`Line`] when it is a state of the line, into `fault` when it
//! strikes once at a byte, into `stranger` when somebody else speaks.

mod connection;
pub mod control;
mod fault;
mod pace;
mod profile;
mod pump;
pub mod schedule;
mod shared;
mod socket;
mod stats;
mod stranger;
#[cfg(test)]
mod stranger_tests;
#[cfg(test)]
mod tests;

pub use fault::Direction;
pub use profile::{Line, Profile};
pub use stats::Stats;
pub use stranger::Stranger;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::task::JoinHandle;

use shared::Shared;

/// A running line. Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

impl Link {
    /// Listens on 127.0.0.1:`listen_port` (0 takes a free one) and carries to `upstream`. Starts
    /// [`Line::Down`]. The lengths between cuts come from `seed` alone.
    ///
    /// Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The port cannot be bound.
    pub async fn start(listen_port: u16, upstream: SocketAddr, seed: u64) -> io::Result<Self> {
        let listener = socket::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, listen_port)))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(upstream));
        let accept = tokio::spawn(connection::accept_all(listener, Arc::clone(&shared)));
        let cut = tokio::spawn(schedule::cut_by_schedule(Arc::clone(&shared), seed));
        Ok(Self {
            address,
            shared,
            tasks: [accept, cut],
        })
    }

    /// Where the phone connects.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the line. Going down resets what is open; a new profile applies to open
    /// connections from their next byte, and starts the wait for the next cut anew.
    pub fn set(&self, line: Line) {
        self.shared.set_line(line);
    }

    /// Where connections accepted from now on are carried to: a restarted server has a new port.
    pub fn set_upstream(&self, upstream: SocketAddr) {
        self.shared.set_upstream(upstream);
    }

    /// Resets every open connection now. Answers whether there was one.
    pub fn cut(&self) -> bool {
        self.shared.cut()
    }

    /// Arms one cut at an exact byte: `after` more bytes of `direction` reach the far end, and
    /// the arrival of the next one resets every connection. `(Direction::Down, 0)` loses the
    /// server's next answer after it has committed. A second call replaces the first.
    pub fn cut_after(&self, direction: Direction, after: u64) {
        self.shared.arm(direction, after);
    }

    /// What has passed so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.stats()
    }

    /// The waits between scheduled cuts used so far, in milliseconds: a prefix of
    /// [`schedule::waits`] as long as the profile stays the same.
    #[must_use]
    pub fn waits(&self) -> Vec<u64> {
        self.shared.waits()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
