//! Answers that are not what the server said: portals, proxies, halves, strangers.

use super::wire;
use axum::Router;
use xunji_device::transport::{Answer, Failure, Request};

/// How an answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// A portal's page, with this status; the server never sees the request.
    Html(u16),
    /// Nothing but this status; the server never sees the request.
    Empty(u16),
    /// Some JSON of somebody else's; the server never sees the request.
    Foreign,
    /// Half of what the server said.
    Half,
    /// What the server said, and more.
    Extra,
    /// What the server said, under another media type.
    OtherType,
    /// What the server said, as another version of the protocol.
    OtherVersion,
    /// One byte in the middle is another.
    Flipped,
}

impl Spoilt {
    /// Every way.
    pub const ALL: [Self; 15] = [
        Self::Html(200),
        Self::Html(302),
        Self::Html(403),
        Self::Html(413),
        Self::Html(502),
        Self::Html(511),
        Self::Empty(200),
        Self::Empty(204),
        Self::Empty(500),
        Self::Foreign,
        Self::Half,
        Self::Extra,
        Self::OtherType,
        Self::OtherVersion,
        Self::Flipped,
    ];

    /// What comes back.
    ///
    /// # Errors
    /// As an unspoilt answer.
    pub async fn answer(self, router: &Router, request: Request) -> Result<Answer, Failure> {
        match self {
            Self::Html(status) => Ok(told(status, "text/html", b"<html>success</html>")),
            Self::Empty(status) => Ok(told(status, "text/plain", b"")),
            Self::Foreign => Ok(told(200, "application/json", br#"{"success":true}"#)),
            _ => Ok(self.spoil(wire::ask(router, request, None).await?)),
        }
    }

    fn spoil(self, mut answer: Answer) -> Answer {
        match self {
            Self::Half => answer.body.truncate(answer.body.len() / 2),
            Self::Extra => answer.body.extend_from_slice(b"<!-- -->"),
            Self::OtherType => set(&mut answer, "content-type", "text/html"),
            Self::OtherVersion => set(&mut answer, "xunji-protocol", "9"),
            _ => {
                let middle = answer.body.len() / 2;
                if let Some(byte) = answer.body.get_mut(middle) {
                    *byte ^= 1;
                }
            }
        }
        answer
    }
}

fn told(status: u16, media: &str, body: &[u8]) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), media.to_owned())],
        body: body.to_vec(),
    }
}

fn set(answer: &mut Answer, name: &str, value: &str) {
    answer.headers.retain(|(known, _)| known != name);
    answer.headers.push((name.to_owned(), value.to_owned()));
}
