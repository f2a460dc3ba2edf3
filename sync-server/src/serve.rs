//! The serving process: lock, listen, say that it is ready, serve until told to stop.

use crate::app::{App, OpenError};
use crate::config::DataFolder;
use crate::{erase, http, missed, redrive, steps, storage};
use axum::serve::Listener;
use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections served at once; more wait in the operating system's queue.
const MAX_CONNECTIONS: usize = 512;

/// What `serve` was asked for.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// The county's folder.
    pub data: DataFolder,
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// How far the clock is shifted.
    pub clock_offset_ms: i64,
}

/// Why serving failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another process serves this folder.
    #[error("another server already runs on this folder")]
    Running,
    /// The folder.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address is taken, or something else of the operating system.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Serves until SIGTERM or Ctrl-C. Prints one line with the address once it listens.
///
/// # Errors
/// [`ServeError`] when it cannot start.
pub async fn serve(config: ServeConfig) -> Result<(), ServeError> {
    let _lock = lock(&config.data)?;
    let app = App::open(config.data, config.clock_offset_ms)?;
    storage::meta::set(
        &app.store,
        app.bureau,
        storage::meta::CLOCK_OFFSET,
        config.clock_offset_ms.to_string(),
    )
    .map_err(OpenError::from)?;
    let app = Arc::new(app);
    let listener = TcpListener::bind(config.address).await?;
    let address = listener.local_addr()?;
    // What waited for a body or a record may have lost its cause just before the last stop.
    let redriven = app.blocking(redrive::everything).await;
    if redriven.is_err() {
        tracing::error!("held changes could not be looked through");
    }
    // An erasing that ended between its rows and its files.
    if app.blocking(erase::sweep).await.is_err() {
        tracing::error!("what was erased could not be looked for in the folder of files");
    }
    // A folder of files that is older than its database.
    if app.blocking(missed::look).await.is_err() {
        tracing::error!("the folder of files could not be compared with its rows");
    }
    tokio::spawn(steps::files::keep_sweeping(Arc::clone(&app)));
    announce(address)?;
    let listener = Limited {
        inner: listener,
        free: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
    };
    let live = app.live.clone();
    let stopping = async move {
        stop().await;
        // A stream never ends by itself; the others finish what they began.
        live.close();
    };
    axum::serve(listener, http::router(app))
        .with_graceful_shutdown(stopping)
        .await?;
    Ok(())
}

/// Holds the folder for one process.
pub(crate) fn lock(data: &DataFolder) -> Result<File, ServeError> {
    if !data.path().is_dir() {
        return Err(OpenError::NoCounty.into());
    }
    let file = File::create(data.lock())?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ServeError::Running),
        Err(TryLockError::Error(e)) => Err(e.into()),
    }
}

fn announce(address: SocketAddr) -> std::io::Result<()> {
    let line = serde_json::json!({"ready": true, "url": format!("http://{address}")});
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// A listener that holds back once so many connections are open.
struct Limited {
    inner: TcpListener,
    free: Arc<Semaphore>,
}

impl Listener for Limited {
    type Io = Held;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Held, SocketAddr) {
        loop {
            let Ok(permit) = Arc::clone(&self.free).acquire_owned().await else {
                std::future::pending().await
            };
            match self.inner.accept().await {
                Ok((stream, peer)) => {
                    // Small answers must not wait for the next segment on a slow link.
                    let _ = stream.set_nodelay(true);
                    return (
                        Held {
                            stream,
                            _permit: permit,
                        },
                        peer,
                    );
                }
                // Out of file handles or the peer was gone: give the others a moment.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection with its place among the open ones.
struct Held {
    stream: TcpStream,
    _permit: OwnedSemaphorePermit,
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Held {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
