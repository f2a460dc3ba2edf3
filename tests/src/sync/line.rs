//! A line to the server's router on the caller's own thread, and how it fails.

use axum::Router;
use axum::body::{Body, to_bytes};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;
use xunji_device::transport::{Answer, Exchange, Failure, Request, Transport};

/// What becomes of one request.
#[derive(Clone)]
pub enum Fate {
    /// Nobody is reached.
    Unreachable,
    /// The server gets only this many bytes of the body; no answer comes back.
    CutAfter(usize),
    /// The server does it all; the answer is lost.
    AnswerLost,
    /// Somebody else answers, the server never sees the request.
    Instead(Answer),
    /// The server's answer is altered on its way.
    Altered(fn(Answer) -> Answer),
}

/// A line.
pub struct Line {
    router: Router,
    fates: Mutex<VecDeque<(&'static str, Fate)>>,
    always: Mutex<Option<(&'static str, Fate)>>,
    down_after: Mutex<Option<(&'static str, usize)>>,
    rough: Mutex<Option<Rough>>,
    seen: Mutex<Vec<String>>,
}

/// A line that is cut now and then, reproducibly.
struct Rough {
    state: u64,
    one_in: u64,
}

impl Line {
    pub fn to(router: &Router) -> Arc<Self> {
        Arc::new(Self {
            router: router.clone(),
            fates: Mutex::default(),
            always: Mutex::default(),
            down_after: Mutex::default(),
            rough: Mutex::default(),
            seen: Mutex::default(),
        })
    }

    /// The next request whose path holds `part` meets this fate.
    pub fn next(&self, part: &'static str, fate: Fate) {
        self.fates.lock().unwrap().push_back((part, fate));
    }

    /// Every request whose path holds `part` meets this fate, until [`Self::mended`].
    pub fn always(&self, part: &'static str, fate: Fate) {
        *self.always.lock().unwrap() = Some((part, fate));
    }

    /// When so many requests with `part` in `METHOD path` have passed, nobody is reached any more.
    pub fn down_after(&self, part: &'static str, count: usize) {
        *self.down_after.lock().unwrap() = Some((part, count));
    }

    /// Nothing goes wrong any more.
    pub fn mended(&self) {
        *self.always.lock().unwrap() = None;
        *self.down_after.lock().unwrap() = None;
        *self.rough.lock().unwrap() = None;
    }

    /// One in so many requests is cut at a random byte or loses its answer.
    pub fn rough(&self, seed: u64, one_in: u64) {
        *self.rough.lock().unwrap() = Some(Rough {
            state: seed | 1,
            one_in,
        });
    }

    /// How many requests with this in `METHOD path` were made.
    pub fn count(&self, part: &str) -> usize {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|s| s.contains(part))
            .count()
    }

    /// Whether everything that was to go wrong has gone wrong.
    pub fn spent(&self) -> bool {
        self.fates.lock().unwrap().is_empty()
    }

    fn fate(&self, request: &Request) -> Option<Fate> {
        let down = *self.down_after.lock().unwrap();
        if down.is_some_and(|(part, count)| self.count(part) >= count) {
            return Some(Fate::Unreachable);
        }
        self.seen
            .lock()
            .unwrap()
            .push(format!("{} {}", request.method, request.path));
        if let Some((part, fate)) = self.always.lock().unwrap().as_ref()
            && request.path.contains(part)
        {
            return Some(fate.clone());
        }
        let mut fates = self.fates.lock().unwrap();
        if let Some(at) = fates
            .iter()
            .position(|(part, _)| request.path.contains(part))
        {
            return fates.remove(at).map(|(_, fate)| fate);
        }
        self.rough
            .lock()
            .unwrap()
            .as_mut()
            .and_then(|rough| rough.fate(request.body.len()))
    }

    async fn carry(&self, request: Request) -> Result<Answer, Failure> {
        match self.fate(&request) {
            None => Ok(self.ask(request, usize::MAX).await),
            Some(Fate::Unreachable) => Err(Failure::Unreachable),
            Some(Fate::CutAfter(bytes)) => {
                if bytes > 0 {
                    let _ = self.ask(request, bytes).await;
                }
                Err(Failure::Cut)
            }
            Some(Fate::AnswerLost) => {
                let _ = self.ask(request, usize::MAX).await;
                Err(Failure::Cut)
            }
            Some(Fate::Instead(answer)) => Ok(answer),
            Some(Fate::Altered(alter)) => Ok(alter(self.ask(request, usize::MAX).await)),
        }
    }

    async fn ask(&self, request: Request, bytes: usize) -> Answer {
        let mut builder = axum::http::Request::builder()
            .method(request.method)
            .uri(request.path);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let mut body = request.body;
        body.truncate(bytes);
        let response = self
            .router
            .clone()
            .oneshot(builder.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let (head, body) = response.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()))
            .collect();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer {
            status: head.status.as_u16(),
            headers,
            body,
        }
    }
}

impl Transport for Line {
    fn exchange(&self, request: Request) -> Exchange<'_> {
        Box::pin(self.carry(request))
    }
}

impl Rough {
    fn draw(&mut self, below: u64) -> u64 {
        // xorshift: any sequence will do, as long as a seed gives the same one.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % below.max(1)
    }

    fn fate(&mut self, body: usize) -> Option<Fate> {
        if self.draw(self.one_in) != 0 {
            return None;
        }
        match self.draw(4) {
            0 => Some(Fate::AnswerLost),
            _ => Some(Fate::CutAfter(self.draw(body as u64 + 1) as usize)),
        }
    }
}
