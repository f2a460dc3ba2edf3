//! The played market day: two teams and a spare phone, one server, one line per phone. Every phone
//! is a process of its own with the real device core; only the clock is injected.

pub mod audited;
pub mod console;
pub mod crowd;
pub mod day;
pub mod evening;
pub mod json;
pub mod morning;
pub mod noon;
pub mod past;
pub mod phone;
pub mod place;
pub mod roll;
pub mod script;
pub mod server;
pub mod small;
pub mod summary;

/// What stops the day: a sentence and where it happened.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Stopped(pub String);

impl Stopped {
    /// From anything that prints, with what was being done.
    pub fn at(doing: &str, error: impl std::fmt::Display) -> Self {
        Self(format!("{doing}: {error}"))
    }
}

/// Shorthand of every step.
pub type Step<T> = Result<T, Stopped>;

/// Until somebody ends this program. Phones and server end with it, because what holds them is dropped.
pub async fn ended() {
    use tokio::signal::unix::{SignalKind, signal};
    if let Ok(mut terminate) = signal(SignalKind::terminate()) {
        terminate.recv().await;
    } else {
        std::future::pending().await
    }
}
