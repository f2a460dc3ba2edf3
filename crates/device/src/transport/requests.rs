//! The requests of every step, as values.

use super::Request;
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::{self, FileMeta};
use xunji_protocol::steps::{BLOBS, compare, drafts, enrol, hello, pull, push};
use xunji_protocol::version;

pub(super) fn enrol(body: Vec<u8>) -> Request {
    json("POST", enrol::PATH, None, body)
}

pub(super) fn hello(body: Vec<u8>) -> Request {
    json("POST", hello::PATH, None, body)
}

pub(super) fn push(token: &str, segment: Vec<u8>) -> Request {
    let mut request = bare("POST", push::PATH.to_owned(), Some(token), segment);
    request
        .headers
        .push(("content-type", push::CONTENT_TYPE.to_owned()));
    request
        .headers
        .push(("content-encoding", "gzip".to_owned()));
    request
}

pub(super) fn pull(token: &str, body: Vec<u8>) -> Request {
    let mut request = json("POST", pull::PATH, Some(token), body);
    request.headers.push(("accept-encoding", "gzip".to_owned()));
    request
}

pub(super) fn compare(token: &str, body: Vec<u8>) -> Request {
    json("POST", compare::PATH, Some(token), body)
}

pub(super) fn records(token: &str, body: Vec<u8>) -> Request {
    json("POST", compare::RECORDS_PATH, Some(token), body)
}

pub(super) fn copy_draft(token: &str, copy: Vec<u8>) -> Request {
    let mut request = bare("POST", drafts::PATH.to_owned(), Some(token), copy);
    request
        .headers
        .push(("content-type", drafts::CONTENT_TYPE.to_owned()));
    request
        .headers
        .push(("content-encoding", "gzip".to_owned()));
    request
}

pub(super) fn offered_drafts(token: &str, body: Vec<u8>) -> Request {
    json("POST", drafts::OFFERED_PATH, Some(token), body)
}

pub(super) fn fetch_draft(token: &str, body: Vec<u8>) -> Request {
    let mut request = json("POST", drafts::FETCH_PATH, Some(token), body);
    request.headers.push(("accept-encoding", "gzip".to_owned()));
    request
}

pub(super) fn create_file(token: &str, meta: &FileMeta, size: u64, first: Vec<u8>) -> Request {
    let with_bytes = !first.is_empty();
    let mut request = tus("POST", files::PATH.to_owned(), token, first);
    request.headers.push((files::LENGTH, size.to_string()));
    request.headers.push((files::METADATA, meta.to_header()));
    if with_bytes {
        request
            .headers
            .push(("content-type", files::OFFSET_TYPE.to_owned()));
    }
    request
}

pub(super) fn ask_offset(token: &str, upload: &str) -> Request {
    tus(
        "HEAD",
        format!("{}/{upload}", files::PATH),
        token,
        Vec::new(),
    )
}

pub(super) fn patch_file(token: &str, upload: &str, offset: u64, bytes: Vec<u8>) -> Request {
    let mut request = tus("PATCH", format!("{}/{upload}", files::PATH), token, bytes);
    request.headers.push((files::OFFSET, offset.to_string()));
    request
        .headers
        .push(("content-type", files::OFFSET_TYPE.to_owned()));
    request
}

pub(super) fn blob(token: &str, sha256: Digest) -> Request {
    bare("GET", format!("{BLOBS}/{sha256}"), Some(token), Vec::new())
}

fn json(method: &'static str, path: &str, token: Option<&str>, body: Vec<u8>) -> Request {
    let mut request = bare(method, path.to_owned(), token, body);
    request
        .headers
        .push(("content-type", "application/json".to_owned()));
    request
}

fn tus(method: &'static str, path: String, token: &str, body: Vec<u8>) -> Request {
    let mut request = bare(method, path, Some(token), body);
    request
        .headers
        .push((files::TUS.0, files::TUS.1.to_owned()));
    request
}

fn bare(method: &'static str, path: String, token: Option<&str>, body: Vec<u8>) -> Request {
    let mut headers = vec![(version::HEADER, version::CURRENT.to_string())];
    if let Some(token) = token {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    Request {
        method,
        path,
        headers,
        body,
    }
}
