//! The wire as the engine sees it: one function per step, bytes in and bytes out. [`http`] speaks to a
//! server; a test implements [`Transport::exchange`] by calling the server's router on its own thread.

pub mod gzip;
pub mod http;
mod requests;

use std::future::Future;
use std::pin::Pin;
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::FileMeta;

/// An exchange under way; dropping it cancels it.
pub type Exchange<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;

/// One request, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `HEAD` or `PATCH`.
    pub method: &'static str,
    /// Path below the server's address.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// Whatever came back, whoever sent it; [`crate::sync::errors`] decides whether it is ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why no answer came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No connection came about: no signal, wrong address, nobody listens.
    #[error("no connection")]
    Unreachable,
    /// Connected, and then nothing moved for a while.
    #[error("no answer")]
    Silent,
    /// The connection broke while request or answer were under way.
    #[error("cut")]
    Cut,
}

/// How requests reach the server. Implementors write [`exchange`](Self::exchange); the steps are the
/// same for all of them.
pub trait Transport: Send + Sync {
    /// Sends one request and takes the whole answer.
    fn exchange(&self, request: Request) -> Exchange<'_>;

    /// enrol: JSON in and out.
    fn enrol(&self, body: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::enrol(body))
    }

    /// hello: JSON in and out.
    fn hello(&self, body: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::hello(body))
    }

    /// push: a gzipped segment in, JSON out.
    fn push(&self, token: &str, segment: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::push(token, segment))
    }

    /// pull: JSON in, a page out.
    fn pull(&self, token: &str, body: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::pull(token, body))
    }

    /// compare: JSON in and out.
    fn compare(&self, token: &str, body: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::compare(token, body))
    }

    /// records: JSON in, records out.
    fn records(&self, token: &str, body: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::records(token, body))
    }

    /// drafts: the gzipped copy of one in, JSON out.
    fn copy_draft(&self, token: &str, copy: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::copy_draft(token, copy))
    }

    /// drafts: what is on offer, JSON in and out.
    fn offered_drafts(&self, token: &str, body: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::offered_drafts(token, body))
    }

    /// drafts: JSON in, one copy out.
    fn fetch_draft(&self, token: &str, body: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::fetch_draft(token, body))
    }

    /// files: creates an upload and sends its first bytes along, which may be none.
    fn create_file(&self, token: &str, meta: &FileMeta, size: u64, first: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::create_file(token, meta, size, first))
    }

    /// files: asks for the offset.
    fn ask_offset(&self, token: &str, upload: &str) -> Exchange<'_> {
        self.exchange(requests::ask_offset(token, upload))
    }

    /// files: goes on at an offset.
    fn patch_file(&self, token: &str, upload: &str, offset: u64, bytes: Vec<u8>) -> Exchange<'_> {
        self.exchange(requests::patch_file(token, upload, offset, bytes))
    }

    /// blob: a file or body within the device's scope.
    fn blob(&self, token: &str, sha256: Digest) -> Exchange<'_> {
        self.exchange(requests::blob(token, sha256))
    }
}
