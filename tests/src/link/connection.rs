//! One connection along the line, from accept to its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::fault::Direction;
use super::pump::{SourceBroken, pump};
use super::shared::Shared;
use super::{socket, stranger};

/// Accepts until the link is dropped; the connections live no longer than this task.
pub(super) async fn accept_all(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((phone, _)) => { connections.spawn(carry(phone, Arc::clone(&shared))); }
                // Out of file handles: give the open connections time to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Counts a connection as open for as long as it lives.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.count(|stats| {
            stats.connections += 1;
            stats.open += 1;
        });
        Self(Arc::clone(shared))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.count(|stats| stats.open -= 1);
    }
}

async fn carry(phone: TcpStream, shared: Arc<Shared>) {
    let mut resets = shared.watch_resets();
    if let Some(who) = shared.stranger() {
        let _open = Open::new(&shared);
        return stranger::carry(phone, who, &shared).await;
    }
    let Some(profile) = shared.profile().await else {
        return refuse(phone, &shared);
    };
    let open = Open::new(&shared);
    let handshake = Duration::from_millis(profile.delay_ms);
    let server = tokio::select! {
        server = connect_late(shared.upstream(), handshake) => server,
        _ = resets.changed() => None,
    };
    let Some(server) = server else {
        drop(open);
        return refuse(phone, &shared);
    };
    relay(phone, server, &shared, resets).await;
    drop(open);
}

fn refuse(phone: TcpStream, shared: &Shared) {
    shared.count(|stats| stats.refused += 1);
    socket::reset(phone);
}

/// The kernel has already answered the phone's SYN, so the round trip of the handshake is spent
/// here, before the first byte.
async fn connect_late(upstream: SocketAddr, handshake: Duration) -> Option<TcpStream> {
    let (server, ()) = tokio::join!(socket::connect(upstream), tokio::time::sleep(handshake));
    server.ok()
}

async fn relay(
    mut phone: TcpStream,
    mut server: TcpStream,
    shared: &Shared,
    mut resets: tokio::sync::watch::Receiver<u64>,
) {
    phone.set_nodelay(true).ok();
    let clean = {
        let (from_phone, to_phone) = phone.split();
        let (from_server, to_server) = server.split();
        let up = pump(from_phone, to_server, shared, Direction::Up);
        let down = pump(from_server, to_phone, shared, Direction::Down);
        tokio::select! {
            // The reset is looked at first: after it not one more byte may pass.
            biased;
            _ = resets.changed() => false,
            ended = both(up, down) => ended.is_ok(),
        }
    };
    if !clean {
        socket::reset(phone);
        socket::reset(server);
    }
}

async fn both(
    up: impl Future<Output = Result<(), SourceBroken>>,
    down: impl Future<Output = Result<(), SourceBroken>>,
) -> Result<(), SourceBroken> {
    tokio::try_join!(up, down).map(|_| ())
}
