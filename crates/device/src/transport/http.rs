//! HTTP with reqwest. What limits a request is silence, not its length: a phone at the edge of a cell
//! may need a minute for what passes in a second elsewhere.

use super::{Answer, Exchange, Failure, Request, Transport};
use std::time::Duration;
use tokio::time::timeout;

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Without any byte of the answer.
const IDLE: Duration = Duration::from_secs(15);
/// Bytes a second that a request's body is given, beside [`IDLE`]: the system takes a whole body into its
/// buffers at once, so that its way cannot be watched from here.
const SLOWEST: u64 = 4 * 1024;
/// No answer of ours is larger.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A server at an address.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    base: String,
}

impl HttpTransport {
    /// A transport to `base`, e.g. `http://127.0.0.1:8080`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure::Unreachable`] when TLS cannot be set up on this phone.
    pub fn new(base: &str) -> Result<Self, Failure> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            // A portal's redirect is not an answer, and a phone's proxy setting is not our way.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .tcp_nodelay(true)
            .pool_idle_timeout(Duration::from_secs(20))
            .build()
            .map_err(|_| Failure::Unreachable)?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    async fn send(&self, request: Request) -> Result<Answer, Failure> {
        let body_time = Duration::from_secs(request.body.len() as u64 / SLOWEST);
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Failure::Unreachable)?;
        let mut builder = self
            .client
            .request(method, format!("{}{}", self.base, request.path));
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let sent = timeout(IDLE + body_time, builder.body(request.body).send());
        let mut response = sent
            .await
            .map_err(|_| Failure::Silent)?
            .map_err(|e| failure(&e))?;
        let mut answer = Answer {
            status: response.status().as_u16(),
            ..Answer::default()
        };
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            answer.headers.push((name.as_str().to_owned(), value));
        }
        loop {
            let piece = timeout(IDLE, response.chunk())
                .await
                .map_err(|_| Failure::Silent)?;
            let Some(piece) = piece.map_err(|e| failure(&e))? else {
                return Ok(answer);
            };
            if answer.body.len() + piece.len() > LARGEST_ANSWER {
                return Err(Failure::Cut);
            }
            answer.body.extend_from_slice(&piece);
        }
    }
}

impl Transport for HttpTransport {
    fn exchange(&self, request: Request) -> Exchange<'_> {
        Box::pin(self.send(request))
    }
}

fn failure(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::Unreachable
    } else if error.is_timeout() {
        Failure::Silent
    } else {
        Failure::Cut
    }
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
