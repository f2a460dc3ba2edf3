//! A supervisor at the interface: requests with a session, over the router in this process.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use serde_json::{Value, json};
use std::path::Path;
use tower::ServiceExt as _;
use xunji_domain::inspection::{InspectionContent, SignedInspection};
use xunji_protocol::kinds::INSPECTION_SIGNED;
use xunji_server::console::accounts::create_demo;
use xunji_tests::conformance::backend::{Backend, Server};
use xunji_tests::conformance::phone::Phone;
use xunji_tests::conformance::sample;

/// An answer: status, cookie that was set, body.
pub struct Answer {
    pub status: u16,
    pub cookie: Option<String>,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The code of the problem document it has to be.
    pub fn problem(&self) -> (u16, String) {
        let value = self.json();
        assert_eq!(value["status"], self.status, "{value}");
        (self.status, value["code"].as_str().unwrap().to_owned())
    }
}

/// A console, signed in or not.
#[derive(Clone)]
pub struct Desk {
    pub router: axum::Router,
    pub cookie: Option<String>,
}

impl Desk {
    pub fn new(server: &Server) -> Self {
        Self {
            router: xunji_server::router(server.app.clone()),
            cookie: None,
        }
    }

    /// A signed-in console of a person of the demo county.
    pub fn of(backend: &Backend, server: &Server, person: &str) -> Self {
        let (account, password) = account(backend, server, person);
        let mut desk = Self::new(server);
        let answer = desk.sign_in(&account, &password);
        assert_eq!(answer.status, 200, "{}", answer.json());
        desk.cookie = answer.cookie;
        desk
    }

    pub fn sign_in(&self, account: &str, password: &str) -> Answer {
        self.post(
            "/api/console/login",
            &json!({"account": account, "password": password}),
        )
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap())
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("x-xunji-console", "1");
        self.send(request.body(Body::from(body.to_string())).unwrap())
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8080");
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let cookie = response
                .headers()
                .get("set-cookie")
                .and_then(|c| c.to_str().ok());
            let cookie = cookie.and_then(|c| c.split(';').next()).map(str::to_owned);
            let bytes = to_bytes(response.into_body(), usize::MAX)
                .await
                .unwrap()
                .to_vec();
            Answer {
                status,
                cookie,
                bytes,
            }
        })
    }

    /// A record's page.
    pub fn record(&self, content: &InspectionContent) -> Value {
        let answer = self.get(&format!("/api/console/records/{}", content.id));
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.json()
    }

    /// Approves the version that is shown.
    pub fn approve(&self, content: &InspectionContent) -> Answer {
        let seen = self.record(content)["summary"]["version"].clone();
        self.post(
            &format!("/api/console/records/{}/approve", content.id),
            &json!({"seen": seen}),
        )
    }

    /// Sends one item of the version that is shown back.
    pub fn send_back(&self, content: &InspectionContent, item: &str, reason: &str) -> Answer {
        let seen = self.record(content)["summary"]["version"].clone();
        let body = json!({"seen": seen, "items": [{"item": item, "reason": reason}]});
        self.post(
            &format!("/api/console/records/{}/return", content.id),
            &body,
        )
    }
}

/// Account and password of a person, from the file that `admin init` writes.
pub fn account(backend: &Backend, server: &Server, person: &str) -> (String, String) {
    let file = server.app.data.path().join("accounts.txt");
    make_accounts(backend, server, &file);
    let text = std::fs::read_to_string(file).unwrap();
    let line = text
        .lines()
        .find(|l| !l.starts_with('#') && l.contains(person))
        .unwrap();
    let mut words = line.split_whitespace();
    (
        words.next().unwrap().to_owned(),
        words.next().unwrap().to_owned(),
    )
}

fn make_accounts(backend: &Backend, server: &Server, file: &Path) {
    let county = &backend.county;
    let now = server.app.clock.now();
    create_demo(
        &server.app.store,
        server.app.bureau,
        &county.people,
        &county.stations,
        file,
        now,
    )
    .unwrap();
}

/// A record signed on site, delivered by a phone of 柳汀所.
pub fn delivered(
    backend: &Backend,
    server: &Server,
    phone: &mut (Phone, String),
    n: u128,
    failed: &[&str],
) -> InspectionContent {
    let operator = sample::stall(&backend.county, n + 500);
    deliver(
        server,
        phone,
        sample::sign(sample::visit(&backend.county, &operator, n, failed)),
    )
}

/// Pushes a signed record and expects it to be applied.
pub fn deliver(
    server: &Server,
    (phone, token): &mut (Phone, String),
    signed: SignedInspection,
) -> InspectionContent {
    let change = phone.append(INSPECTION_SIGNED, &[signed.content.id.0], &signed);
    let answer = server.wire.push(phone, token, &[change]);
    let verdict = serde_json::to_value(&answer).unwrap()["verdicts"][0]["verdict"].clone();
    assert_eq!(verdict, "applied", "{answer:?}");
    signed.content
}
