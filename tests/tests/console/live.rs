//! The live queue over a real socket: told after a push, gone with the client, never in the way.

use super::desk::{Desk, delivered};
use super::visits::NOON;
use reqwest::Response;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use xunji_tests::conformance::Backend;
use xunji_tests::conformance::backend::Server;

const SOON: Duration = Duration::from_secs(20);

/// A server on a socket of its own.
struct Served {
    runtime: Runtime,
    base: String,
}

impl Served {
    fn start(server: &Server) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let router = xunji_server::router(Arc::clone(&server.app));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { runtime, base }
    }

    /// Opens the stream of a signed-in desk.
    fn listen(&self, desk: &Desk) -> Stream {
        let request = reqwest::Client::new()
            .get(format!("{}/api/console/events", self.base))
            .header("cookie", desk.cookie.clone().unwrap_or_default());
        let response = self.runtime.block_on(request.send()).unwrap();
        Stream {
            response,
            text: String::new(),
        }
    }

    /// The next event: its name and what it says. `None` when the stream has ended.
    fn next(&self, stream: &mut Stream) -> Option<(String, Value)> {
        self.runtime.block_on(async {
            tokio::time::timeout(SOON, stream.next())
                .await
                .expect("an event within the time")
        })
    }
}

struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let found = (field("event:"), field("data:"));
                self.text = rest.to_owned();
                // A comment keeps the line open and says nothing.
                if !found.0.is_empty() {
                    return Some((found.0, serde_json::from_str(&found.1).unwrap()));
                }
            } else {
                let bytes = self.response.chunk().await.ok().flatten()?;
                self.text.push_str(std::str::from_utf8(&bytes).unwrap());
            }
        }
    }
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < SOON, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_push_is_told_and_signing_out_ends_the_stream() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    let served = Served::start(&server);
    let desk = Desk::of(&backend, &server, "所长甲");
    let mut stream = served.listen(&desk);
    assert_eq!(
        stream.response.headers()["content-type"],
        "text/event-stream"
    );
    let (name, first) = served.next(&mut stream).unwrap();
    assert_eq!(
        (name.as_str(), &first["pending"]),
        ("queue", &Value::from(0))
    );
    delivered(&backend, &server, &mut phone, 1, &[]);
    let (_, second) = served.next(&mut stream).unwrap();
    assert_eq!(second["pending"], 1);
    assert!(second["change"].as_u64() > first["change"].as_u64());
    desk.post("/api/console/logout", &serde_json::json!({}));
    let mut last = served.next(&mut stream);
    while matches!(&last, Some((name, _)) if name == "queue") {
        last = served.next(&mut stream);
    }
    assert_eq!(last.unwrap().0, "end");
    assert_eq!(served.next(&mut stream), None);
}

#[test]
fn a_stream_counts_only_what_its_reader_may_see() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    delivered(&backend, &server, &mut phone, 1, &[]);
    let served = Served::start(&server);
    for (person, pending) in [("所长乙", 0), ("县局科员甲", 1)] {
        let mut stream = served.listen(&Desk::of(&backend, &server, person));
        assert_eq!(
            served.next(&mut stream).unwrap().1["pending"],
            pending,
            "{person}"
        );
    }
    let stranger = served.listen(&Desk::new(&server));
    assert_eq!(stranger.response.status().as_u16(), 401);
}

#[test]
fn a_client_that_is_gone_leaves_nothing_behind() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let served = Served::start(&server);
    let desk = Desk::of(&backend, &server, "所长甲");
    let streams: Vec<Stream> = (0..5).map(|_| served.listen(&desk)).collect();
    until("five watch", || server.app.live.watchers() == 5);
    drop(streams);
    until("nobody watches", || server.app.live.watchers() == 0);
}

#[test]
fn a_client_that_does_not_read_holds_nobody_up_and_learns_the_last() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    let served = Served::start(&server);
    let desk = Desk::of(&backend, &server, "所长甲");
    let mut slow = served.listen(&desk);
    for n in 1..=12 {
        delivered(&backend, &server, &mut phone, n, &[]);
    }
    let mut told = 0;
    loop {
        let (_, event) = served.next(&mut slow).unwrap();
        told += 1;
        if event["pending"] == 12 {
            break;
        }
    }
    assert!(told <= 13, "a burst is told in few events, not in {told}");
    server.app.live.close();
    until("streams end with the server", || {
        server.app.live.watchers() == 0
    });
}
