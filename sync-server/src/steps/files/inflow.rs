//! Bytes on their way from a request into a staging, piece by piece as they arrive.

use super::checksum::Checksum;
use super::refuse;
use crate::blobs::{BlobError, Staging, Turn};
use crate::problem::{Answer, Refusal, internal};
use axum::body::{Body, Bytes};
use http_body_util::BodyExt as _;
use std::sync::Arc;
use std::time::Duration;
use xunji_protocol::problem::Code;

/// A line that is silent for so long is dead.
const SILENCE: Duration = Duration::from_secs(30);

/// Why no more bytes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The request is over, was cut or fell silent: what is here counts.
    Over,
    /// A newer request has come.
    Superseded,
    /// More bytes than the file has.
    TooMany,
    /// The disk is full.
    Full,
}

impl End {
    /// What the phone is told, unless all is well.
    pub fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Over => None,
            Self::Superseded => Some(Code::OffsetMismatch.into()),
            Self::TooMany => Some(Code::BadRequest.into()),
            Self::Full => Some(Code::StorageFull.into()),
        }
    }
}

/// Says whether a request may still append.
pub type SharedFence = Arc<dyn Fn() -> bool + Send + Sync>;

/// Where bytes go and what bounds them.
pub struct Inflow {
    /// Takes them.
    pub staging: Box<dyn Staging>,
    /// Bytes that the staging may have at most.
    pub room: u64,
    /// Bytes of the request that are here already and are passed over.
    pub skip: u64,
    /// Asked before every piece.
    pub fence: SharedFence,
    /// Follows what is taken in.
    pub checksum: Option<Checksum>,
}

impl Inflow {
    /// Takes in a request to its end, whatever the end is.
    pub async fn drain(mut self, mut body: Body, turn: &mut Turn) -> Answer<(Self, End)> {
        loop {
            let Some(bytes) = (tokio::select! {
                biased;
                () = turn.over() => return Ok((self, End::Superseded)),
                bytes = next_bytes(&mut body) => bytes,
            }) else {
                return Ok((self, End::Over));
            };
            let taken;
            (self, taken) = aside(move || {
                let taken = self.take(bytes);
                (self, taken)
            })
            .await?;
            if let Some(end) = taken? {
                return Ok((self, end));
            }
        }
    }

    /// Takes in one piece; an end when no further one may come.
    pub fn take(&mut self, mut bytes: Bytes) -> Answer<Option<End>> {
        let known = usize::try_from(self.skip)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        self.skip -= known as u64;
        let bytes = bytes.split_off(known);
        if self.staging.len().saturating_add(bytes.len() as u64) > self.room {
            return Ok(Some(End::TooMany));
        }
        match self.staging.append(&bytes, &*self.fence) {
            Ok(()) => {}
            Err(BlobError::Fenced) => return Ok(Some(End::Superseded)),
            Err(BlobError::Full) => return Ok(Some(End::Full)),
            Err(e) => return Err(refuse(&e)),
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&bytes);
        }
        Ok(None)
    }
}

/// The next bytes; `None` at the end, at a cut, and after a long silence.
async fn next_bytes(body: &mut Body) -> Option<Bytes> {
    loop {
        let frame = tokio::time::timeout(SILENCE, body.frame())
            .await
            .ok()??
            .ok()?;
        if let Ok(bytes) = frame.into_data() {
            return Some(bytes);
        }
    }
}

/// Disk work off the async threads.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| internal(&e))
}
