#![allow(clippy::unwrap_used)]
use super::*;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Takes one request and writes these bytes; gives back the request's head and body.
fn server(answer: &'static [u8]) -> (String, JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(reader.read_line(&mut head).unwrap() > 0);
        }
        let length = head
            .lines()
            .find_map(|l| l.strip_prefix("content-length: "))
            .map_or(0, |v| v.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        stream.write_all(answer).unwrap();
        (head, body)
    });
    (base, served)
}

fn exchange(base: &str, body: &[u8]) -> Result<Answer, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let transport = HttpTransport::new(base).unwrap();
    runtime.block_on(transport.push("token", body.to_vec()))
}

#[test]
fn bytes_go_out_and_come_back() {
    let (base, served) =
        server(b"HTTP/1.1 200 OK\r\nxunji-protocol: 1\r\ncontent-length: 5\r\n\r\nhello");
    let answer = exchange(&base, b"segment\0\xff").unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, &b"hello"[..])
    );
    assert_eq!(answer.header("xunji-protocol"), Some("1"));
    let (head, body) = served.join().unwrap();
    assert!(
        head.starts_with("POST /api/v1/sync/push HTTP/1.1\r\n"),
        "{head}"
    );
    for header in [
        "authorization: Bearer token",
        "content-encoding: gzip",
        "xunji-protocol: 1",
        "content-length: 9",
    ] {
        assert!(head.contains(header), "{header} in {head}");
    }
    assert_eq!(body, b"segment\0\xff");
}

#[test]
fn a_cut_answer_is_a_cut_and_a_redirect_is_an_answer() {
    let (base, _) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf");
    assert_eq!(exchange(&base, b"x"), Err(Failure::Cut));
    let (base, _) = server(b"HTTP/1");
    assert_eq!(exchange(&base, b"x"), Err(Failure::Cut));
    let (base, _) = server(
        b"HTTP/1.1 302 Found\r\nlocation: http://portal.invalid/\r\ncontent-length: 0\r\n\r\n",
    );
    assert_eq!(exchange(&base, b"x").unwrap().status, 302);
}

#[test]
fn nobody_there_is_no_signal() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(
        exchange(&format!("http://{free}"), b"x"),
        Err(Failure::Unreachable)
    );
}
