//! Somebody else on the line: a portal that wants a login, a proxy that finds a body too large or its
//! server gone, and one that lets nothing through before it has all of it.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::shared::Shared;
use super::socket;

/// Longest head of a request, in bytes.
const HEAD: usize = 64 * 1024;

/// Who answers in the server's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stranger {
    /// A Wi-Fi that wants a login: 200 and a page.
    Portal,
    /// The same, by a redirect.
    Redirect,
    /// A proxy with a small limit: 413.
    TooLarge,
    /// A proxy whose server is gone: 502.
    BadGateway,
    /// A proxy that passes a request on when it has all of it: what is cut before that never reaches
    /// the server.
    Buffers,
}

/// Carries one connection, which holds one request.
pub(super) async fn carry(mut phone: TcpStream, who: Stranger, shared: &Shared) {
    let Some(request) = whole_request(&mut phone).await else {
        return;
    };
    shared.count(|stats| stats.bytes_up += request.len() as u64);
    let answer = match who {
        Stranger::Buffers => match passed_on(shared.upstream(), &request).await {
            Some(answer) => {
                shared.count(|stats| stats.delivered_up += request.len() as u64);
                answer
            }
            None => page("502 Bad Gateway", "", "<h1>502 Bad Gateway</h1>"),
        },
        Stranger::Portal => page(
            "200 OK",
            "",
            "<html><body>欢迎使用免费 Wi-Fi，请登录后上网</body></html>",
        ),
        Stranger::Redirect => page("302 Found", "Location: http://wifi.example/login\r\n", ""),
        Stranger::TooLarge => page("413 Request Entity Too Large", "", "<h1>413</h1>"),
        Stranger::BadGateway => page("502 Bad Gateway", "", "<h1>502 Bad Gateway</h1>"),
    };
    if phone.write_all(&answer).await.is_ok() {
        shared.count(|stats| stats.delivered_down += answer.len() as u64);
        phone.shutdown().await.ok();
    }
}

fn page(status: &str, more: &str, html: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{more}Content-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{html}",
        html.len()
    )
    .into_bytes()
}

/// Head and body of one request; `None` when the phone broke off before its end.
async fn whole_request(phone: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    let mut end = None;
    loop {
        if end.is_none() {
            end = end_of(&bytes);
        }
        if end.is_some_and(|end| bytes.len() >= end) {
            return Some(bytes);
        }
        if end.is_none() && bytes.len() > HEAD {
            return None;
        }
        match phone.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(len) => bytes.extend_from_slice(buffer.get(..len).unwrap_or_default()),
        }
    }
}

/// Where the request ends, once its head is there. Our clients give every body its length.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(bytes.get(..head)?).to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse::<usize>().ok());
    Some(head + length.unwrap_or(0))
}

/// The server's whole answer. The connection is closed after it, so that it has an end.
async fn passed_on(upstream: SocketAddr, request: &[u8]) -> Option<Vec<u8>> {
    let mut server = socket::connect(upstream).await.ok()?;
    let head = request.windows(2).position(|two| two == b"\r\n")? + 2;
    let (line, rest) = request.split_at_checked(head)?;
    for part in [line, b"Connection: close\r\n", rest] {
        server.write_all(part).await.ok()?;
    }
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.ok()?;
    Some(answer)
}
