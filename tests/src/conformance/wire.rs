//! Requests to the router in this process: bytes in, status and bytes out.

use super::phone::Phone;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use xunji_protocol::envelope::Change;
use xunji_protocol::feed::FeedEntry;
use xunji_protocol::frame::{BODY, ENTRY, read_frame};
use xunji_protocol::steps::pull::{PageEnd, PullRequest};
use xunji_protocol::steps::push::PushAnswer;
use xunji_server::AppState;

/// The way to one server. Clones may be used from several threads.
#[derive(Clone)]
pub struct Wire {
    router: Router,
    runtime: Arc<Runtime>,
}

/// A page as a phone reads it.
pub struct Page {
    pub entries: Vec<(FeedEntry, Option<Vec<u8>>)>,
    pub end: PageEnd,
}

impl Wire {
    pub fn new(app: AppState) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        Self {
            router: xunji_server::router(app),
            runtime: Arc::new(runtime),
        }
    }

    /// Any request.
    pub fn send(&self, request: Request<Body>) -> (u16, Vec<u8>) {
        self.runtime.handle().block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            (
                status,
                to_bytes(response.into_body(), usize::MAX)
                    .await
                    .unwrap()
                    .to_vec(),
            )
        })
    }

    pub fn post(&self, path: &str, token: Option<&str>, body: Vec<u8>) -> (u16, Vec<u8>) {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("xunji-protocol", "1");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body)).unwrap())
    }

    pub fn json<T: Serialize>(&self, path: &str, token: Option<&str>, body: &T) -> (u16, Vec<u8>) {
        self.post(path, token, serde_json::to_vec(body).unwrap())
    }

    pub fn ok_json<T: Serialize>(&self, path: &str, token: Option<&str>, body: &T) -> Value {
        let (status, bytes) = self.json(path, token, body);
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap()
    }

    pub fn token(&self, phone: &Phone) -> String {
        let answer = self.ok_json("/api/v1/sync/hello", None, &phone.hello("00"));
        answer["token"].as_str().unwrap().to_owned()
    }

    /// Pushes changes and expects them to be taken.
    pub fn push(&self, phone: &Phone, token: &str, changes: &[Change]) -> PushAnswer {
        let (status, bytes) = self.push_bytes(phone, token, changes);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap()
    }

    pub fn push_bytes(&self, phone: &Phone, token: &str, changes: &[Change]) -> (u16, Vec<u8>) {
        self.post("/api/v1/sync/push", Some(token), phone.segment(changes))
    }

    pub fn page(&self, token: &str, cursor: &str, max_bytes: usize) -> Page {
        let request = PullRequest {
            cursor: cursor.to_owned(),
            max_bytes,
        };
        let (status, bytes) = self.json("/api/v1/sync/pull", Some(token), &request);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        let frame = read_frame::<PageEnd>(&bytes).unwrap();
        let mut entries: Vec<(FeedEntry, Option<Vec<u8>>)> = Vec::new();
        for (tag, line) in frame.lines {
            match tag {
                ENTRY => entries.push((serde_json::from_slice(line).unwrap(), None)),
                BODY => entries.last_mut().unwrap().1 = Some(line.to_vec()),
                _ => {}
            }
        }
        Page {
            entries,
            end: frame.trailer.end,
        }
    }

    /// Everything from the beginning.
    pub fn pull_all(&self, token: &str) -> Vec<(FeedEntry, Option<Vec<u8>>)> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.page(token, &cursor, 4096);
            all.extend(page.entries);
            cursor = page.end.cursor;
            if !page.end.more {
                return all;
            }
        }
    }

    /// The code of a problem document.
    pub fn problem(answer: (u16, Vec<u8>)) -> (u16, String) {
        let value: Value = serde_json::from_slice(&answer.1).unwrap();
        assert_eq!(value["status"], answer.0);
        (answer.0, value["code"].as_str().unwrap().to_owned())
    }
}
