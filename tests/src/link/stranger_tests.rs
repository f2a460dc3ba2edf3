//! Somebody else on the line, and a line on which nothing moves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const REQUEST: &[u8] = b"PATCH /files/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";

/// Answers every connection once, and counts the bytes that came.
async fn server() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let came = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let len = peer.read(&mut buffer).await.unwrap_or(0);
            counted.fetch_add(len, Ordering::Relaxed);
            peer.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
                .await
                .ok();
            peer.shutdown().await.ok();
        }
    });
    (address, came)
}

async fn asked(link: &Link, request: &[u8]) -> String {
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    phone.write_all(request).await.unwrap();
    let mut answer = String::new();
    phone.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_stranger_answers_and_the_server_hears_nothing() {
    let (address, came) = server().await;
    let link = Link::start(0, address, 1).await.unwrap();
    let strangers = [
        (Stranger::Portal, "200 OK"),
        (Stranger::Redirect, "302 Found"),
        (Stranger::TooLarge, "413 "),
        (Stranger::BadGateway, "502 "),
    ];
    for (who, status) in strangers {
        link.set(Line::Strange(who));
        let answer = asked(&link, REQUEST).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
    assert_eq!(came.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_buffering_proxy_passes_on_what_is_whole_and_swallows_the_rest() {
    let (address, came) = server().await;
    let link = Link::start(0, address, 1).await.unwrap();
    link.set(Line::Strange(Stranger::Buffers));
    let mut cut = TcpStream::connect(link.address()).await.unwrap();
    cut.write_all(REQUEST.get(..REQUEST.len() - 2).unwrap())
        .await
        .unwrap();
    drop(cut);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(came.load(Ordering::Relaxed), 0);
    let answer = asked(&link, REQUEST).await;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(came.load(Ordering::Relaxed) > REQUEST.len());
}

#[tokio::test]
async fn on_a_stalled_line_nothing_moves_and_nothing_is_lost() {
    let (address, came) = server().await;
    let link = Link::start(0, address, 1).await.unwrap();
    link.set(Line::Up(Profile::CLEAR));
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    link.set(Line::Stalled);
    phone.write_all(REQUEST).await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(came.load(Ordering::Relaxed), 0);
    link.set(Line::Up(Profile::LAN));
    let mut answer = String::new();
    phone.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert_eq!(came.load(Ordering::Relaxed), REQUEST.len());
}

#[tokio::test]
async fn control_knows_profiles_and_strangers_by_name() {
    let (address, _) = server().await;
    let link = Link::start(0, address, 1).await.unwrap();
    for (name, _) in Profile::NAMED {
        let line = format!(r#"{{"profile":"{name}"}}"#);
        assert_eq!(
            control::obey(&link, &line),
            serde_json::json!({ "ok": true })
        );
    }
    for line in [
        r#"{"strange":"too-large"}"#,
        r#"{"strange":"buffers"}"#,
        r#"{"stall":true}"#,
    ] {
        assert_eq!(
            control::obey(&link, line),
            serde_json::json!({ "ok": true })
        );
    }
    let said = control::obey(&link, r#"{"profile":"5g"}"#);
    assert_eq!(
        said.get("error").unwrap(),
        "no profile 5g; there are 2g, edge-of-signal, village, flaky-wifi, lan"
    );
}
