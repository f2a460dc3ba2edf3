//! What one process remembers between requests. All of it may be lost: it is asked for again.

use super::compare::Comparing;
use super::drafts::Copying;
use super::rows;
use super::stopwatch::Stopwatch;
use crate::device::Device;
use crate::store::StoreError;
use crate::sync::errors::Fault;
use crate::sync::plan::UploadAt;
use crate::sync::request::{RequestSize, Throughput};
use crate::transport::http::HttpTransport;
use crate::transport::{Answer, Exchange, Failure, Transport};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::PublicKey;

/// Bytes of this process, bodies only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Traffic {
    /// Requests made.
    #[ts(type = "number")]
    pub requests: u64,
    /// Requests that were not answered.
    #[ts(type = "number")]
    pub unanswered: u64,
    /// Bytes handed to the network.
    #[ts(type = "number")]
    pub sent: u64,
    /// Bytes handed to it again, because their first way was cut. What a cut request had still in the
    /// phone's buffers counts as sent: the figure errs on the high side.
    #[ts(type = "number")]
    pub sent_twice: u64,
    /// Bytes of answers.
    #[ts(type = "number")]
    pub received: u64,
    /// Records of the mirror that were not the server's, and were put right.
    #[ts(type = "number")]
    pub mended: u64,
}

/// The engine's memory.
pub(super) struct Engine {
    watch: Stopwatch,
    transport: Option<(String, Arc<dyn Transport>)>,
    /// From hello.
    pub token: Option<Token>,
    /// Keys whose receipts hold, from the list the root signed.
    pub receipt_keys: Vec<PublicKey>,
    /// How much the next request carries.
    pub size: RequestSize,
    /// What the last ones carried.
    pub link: Throughput,
    /// The server is to be asked for news.
    pub pull_due: bool,
    /// What may leave this phone is to be looked for, once nothing else is to be done.
    pub leave_due: bool,
    /// Whether the mirror holds what the server holds is to be asked.
    pub comparing: Comparing,
    /// Where the copies of drafts stand.
    pub copying: Copying,
    /// What a kill left between the two files has been made up for.
    pub caught_up: bool,
    /// Where uploads stand, as far as this process knows.
    pub uploads: BTreeMap<Digest, UploadAt>,
    /// Up to where each file's bytes were handed to the network.
    pub handed: BTreeMap<Digest, u64>,
    /// Up to which seq changes were handed to it.
    pub pushed_to: u64,
    /// Files that were refused, and until when they rest.
    pub resting: BTreeMap<Digest, u64>,
    /// The server lacks what follows this seq.
    pub resend_after: Option<(LogId, u64)>,
    /// Bytes.
    pub traffic: Traffic,
}

/// What a hello gave.
pub(super) struct Token {
    /// Bearer.
    pub text: String,
    /// On this engine's own clock.
    pub until_ms: u64,
}

impl Engine {
    /// An engine that has done nothing yet.
    pub fn new(watch: Stopwatch) -> Self {
        Self {
            watch,
            transport: None,
            token: None,
            receipt_keys: Vec::new(),
            size: RequestSize::default(),
            link: Throughput::default(),
            pull_due: true,
            leave_due: false,
            comparing: Comparing::Due(0),
            copying: Copying::default(),
            caught_up: false,
            uploads: BTreeMap::new(),
            handed: BTreeMap::new(),
            pushed_to: 0,
            resting: BTreeMap::new(),
            resend_after: None,
            traffic: Traffic::default(),
        }
    }

    /// Milliseconds on a clock of this process that no setting of the phone's moves: links are measured
    /// in real time, also on a played day.
    pub fn now_ms(&self) -> u64 {
        self.watch.ms()
    }

    /// The way to the server of this phone.
    pub fn transport(&mut self, device: &Device) -> Result<Arc<dyn Transport>, Fault> {
        if let Some(given) = device.sync.given_transport() {
            return Ok(given);
        }
        let url = rows::server_url(device)?;
        if let Some((known, transport)) = &self.transport
            && *known == url
        {
            return Ok(Arc::clone(transport));
        }
        let made: Arc<dyn Transport> = Arc::new(HttpTransport::new(&url)?);
        self.transport = Some((url, Arc::clone(&made)));
        Ok(made)
    }

    /// The bearer token.
    pub fn token(&self) -> Result<String, Fault> {
        let token = self.token.as_ref().ok_or(Fault::BadAnswer("no token"))?;
        Ok(token.text.clone())
    }

    /// Waits for an answer and learns from it how much the link carries. `sent` are the bytes of the
    /// body, `hoped` those of the larger direction.
    pub async fn trip(
        &mut self,
        sent: usize,
        hoped: usize,
        exchange: Exchange<'_>,
    ) -> Result<Answer, Failure> {
        self.traffic.requests += 1;
        self.traffic.sent += sent as u64;
        let began = self.now_ms();
        let answer = exchange.await;
        let now = self.now_ms();
        let took = now.saturating_sub(began);
        match &answer {
            Ok(answer) => {
                let carried = sent.max(answer.body.len());
                self.traffic.received += answer.body.len() as u64;
                self.size = self.size.passed(carried, took);
                self.link.note(now, took, carried as u64, carried as u64);
            }
            Err(failure) => {
                self.traffic.unanswered += 1;
                // A small request that was cut says nothing about a full one.
                if *failure != Failure::Unreachable && hoped.saturating_mul(2) >= self.size.bytes()
                {
                    self.size = self.size.unfinished();
                    self.link.note(now, took, hoped as u64, 0);
                }
            }
        }
        answer
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Local(error.to_string())
    }
}

impl From<crate::api::ApiError> for Fault {
    fn from(error: crate::api::ApiError) -> Self {
        Self::Local(error.code)
    }
}
