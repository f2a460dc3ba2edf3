//! The line carries every byte, loses only what a cut takes, and counts both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::schedule::SplitMix;
use super::*;

const FAST: Profile = Profile {
    rate_bps: 80_000_000,
    delay_ms: 4,
    cut_ms: None,
};

fn bytes(seed: u64, len: usize) -> Vec<u8> {
    let mut random = SplitMix::new(seed);
    std::iter::repeat_with(|| random.next_u64().to_le_bytes())
        .flatten()
        .take(len)
        .collect()
}

/// Sends back what it gets; ends when its peer ends or breaks.
async fn echo_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = peer.split();
                tokio::io::copy(&mut read, &mut write).await.ok();
                write.shutdown().await.ok();
            });
        }
    });
    address
}

/// What one connection brought to a server that only listens, and how it ended.
type Heard = (Vec<u8>, Result<(), ErrorKind>);

/// Reads one connection to its end, answering `answer` after `asked` bytes.
async fn hear_one(listener: TcpListener, asked: usize, answer: &'static [u8]) -> Heard {
    let (mut peer, _) = listener.accept().await.unwrap();
    let mut heard = Vec::new();
    let mut buffer = [0_u8; 4096];
    loop {
        match peer.read(&mut buffer).await {
            Ok(0) => return (heard, Ok(())),
            Ok(len) => heard.extend_from_slice(buffer.get(..len).unwrap()),
            Err(error) => return (heard, Err(error.kind())),
        }
        if heard.len() >= asked {
            peer.write_all(answer).await.ok();
        }
    }
}

async fn open_link(upstream: SocketAddr, profile: Profile) -> Link {
    let link = Link::start(0, upstream, 1).await.unwrap();
    link.set(Line::Up(profile));
    link
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Reads to the end or to the break.
async fn read_out(stream: &mut TcpStream) -> (Vec<u8>, Result<usize, ErrorKind>) {
    let mut read = Vec::new();
    let end = stream
        .read_to_end(&mut read)
        .await
        .map_err(|error| error.kind());
    (read, end)
}

#[tokio::test]
async fn every_byte_of_every_connection_comes_back_in_order() {
    let link = open_link(echo_server().await, FAST).await;
    let address = link.address();
    let lengths = [0_usize, 1, 70_000, 400_000];
    let mut talks = tokio::task::JoinSet::new();
    for (seed, len) in lengths.into_iter().enumerate() {
        talks.spawn(async move {
            let sent = bytes(seed as u64, len);
            let mut phone = TcpStream::connect(address).await.unwrap();
            let (mut read, mut write) = phone.split();
            let mut back = Vec::new();
            let send = async {
                write.write_all(&sent).await.unwrap();
                write.shutdown().await.unwrap();
            };
            let (_, got) = tokio::join!(send, read.read_to_end(&mut back));
            got.unwrap();
            assert!(back == sent, "{len} bytes came back changed");
        });
    }
    while let Some(talk) = talks.join_next().await {
        talk.unwrap();
    }
    let stats = link.stats();
    let total = lengths.iter().sum::<usize>() as u64;
    assert_eq!([stats.bytes_up, stats.delivered_up], [total; 2]);
    assert_eq!([stats.bytes_down, stats.delivered_down], [total; 2]);
    assert_eq!((stats.connections, stats.cuts, stats.refused), (4, 0, 0));
}

#[tokio::test]
async fn a_line_that_is_down_turns_away_and_going_down_breaks_what_is_open() {
    let link = Link::start(0, echo_server().await, 1).await.unwrap();
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    assert_eq!(
        read_out(&mut phone).await,
        (vec![], Err(ErrorKind::ConnectionReset))
    );
    assert_eq!((link.stats().refused, link.stats().connections), (1, 0));

    link.set(Line::Up(FAST));
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    phone.write_all(b"x").await.unwrap();
    assert_eq!(phone.read_u8().await.unwrap(), b'x');
    link.set(Line::Down);
    assert_eq!(
        read_out(&mut phone).await.1,
        Err(ErrorKind::ConnectionReset)
    );
    assert_eq!(link.stats().cuts, 0, "going down is no cut");
}

#[tokio::test]
async fn a_cut_in_the_middle_of_a_body_lets_exactly_the_armed_bytes_through() {
    let (server, upstream) = listener().await;
    let heard = tokio::spawn(hear_one(server, usize::MAX, b""));
    let link = open_link(upstream, FAST).await;
    link.cut_after(Direction::Up, 100_001);
    let sent = bytes(7, 3_000_000);
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    phone
        .write_all(&sent)
        .await
        .expect_err("the phone sees the break");

    let (heard, end) = heard.await.unwrap();
    assert_eq!(end, Err(ErrorKind::ConnectionReset));
    assert!(
        heard == sent.get(..100_001).unwrap(),
        "{} bytes arrived",
        heard.len()
    );
    let stats = link.stats();
    assert_eq!((stats.cuts, stats.delivered_up), (1, 100_001));
    assert!(
        stats.bytes_up > stats.delivered_up,
        "what was in flight is counted as sent"
    );
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_server_has_read_everything() {
    let (server, upstream) = listener().await;
    let heard = tokio::spawn(hear_one(server, 5, b"done"));
    let link = open_link(upstream, FAST).await;
    link.cut_after(Direction::Down, 0);
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    phone.write_all(b"hello").await.unwrap();

    assert_eq!(
        read_out(&mut phone).await,
        (vec![], Err(ErrorKind::ConnectionReset))
    );
    assert_eq!(heard.await.unwrap().0, b"hello");
    assert_eq!(link.stats().delivered_down, 0);
    assert_eq!(link.stats().bytes_down, 4);
}

#[tokio::test]
async fn each_scheduled_cut_is_seen_as_one_reset() {
    let profile = Profile {
        cut_ms: Some((10, 30)),
        ..FAST
    };
    let link = open_link(echo_server().await, profile).await;
    let mut resets = 0;
    while resets < 6 {
        let mut phone = TcpStream::connect(link.address()).await.unwrap();
        let broken = loop {
            if let Err(error) = phone.write_all(&[1; 500]).await {
                break error;
            }
            if let Err(error) = phone.read_exact(&mut [0; 500]).await {
                break error;
            }
        };
        let kinds = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
        assert!(kinds.contains(&broken.kind()), "{broken:?}");
        resets += 1;
    }
    link.set(Line::Up(FAST));
    let stats = link.stats();
    assert_eq!(
        (stats.cuts, stats.connections, stats.open),
        (resets, resets, 0)
    );
}

#[tokio::test]
async fn the_schedule_comes_from_the_seed_alone() {
    let range = (1, 4);
    let profile = Profile {
        cut_ms: Some(range),
        ..FAST
    };
    let upstream = echo_server().await;
    for seed in [0, 1, u64::MAX] {
        let link = Link::start(0, upstream, seed).await.unwrap();
        link.set(Line::Up(profile));
        while link.waits().len() < 12 {
            tokio::task::yield_now().await;
        }
        let waits = link.waits();
        let expected: Vec<u64> = schedule::waits(seed, range).take(waits.len()).collect();
        assert_eq!(waits, expected);
        assert_eq!(link.stats().cuts, 0, "nothing was open, so nothing was hit");
    }
    let take = |seed| {
        schedule::waits(seed, (3_000, 8_000))
            .take(50)
            .collect::<Vec<_>>()
    };
    assert_ne!(take(1), take(2));
    assert!(take(1).iter().all(|wait| (3_000..=8_000).contains(wait)));
}

#[tokio::test]
async fn a_server_that_is_gone_is_a_reset_and_its_successor_is_found() {
    let (server, gone) = listener().await;
    drop(server);
    let link = open_link(gone, FAST).await;
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    assert_eq!(
        read_out(&mut phone).await.1,
        Err(ErrorKind::ConnectionReset)
    );

    link.set_upstream(echo_server().await);
    let mut phone = TcpStream::connect(link.address()).await.unwrap();
    phone.write_all(b"again").await.unwrap();
    let mut back = [0; 5];
    phone.read_exact(&mut back).await.unwrap();
    assert_eq!(&back, b"again");
}

#[tokio::test]
async fn an_early_answer_reaches_a_phone_whose_body_the_server_did_not_read() {
    let (server, upstream) = listener().await;
    tokio::spawn(async move {
        let (mut peer, _) = server.accept().await.unwrap();
        peer.read_exact(&mut [0; 100]).await.unwrap();
        peer.write_all(b"413").await.unwrap();
    });
    let link = open_link(
        upstream,
        Profile {
            delay_ms: 40,
            ..FAST
        },
    )
    .await;
    let phone = TcpStream::connect(link.address()).await.unwrap();
    let (mut read, mut write) = phone.into_split();
    let body = tokio::spawn(async move { write.write_all(&bytes(3, 2_000_000)).await });
    let mut answer = [0; 3];
    read.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"413");
    body.await.unwrap().expect_err("the body was not taken");
}

#[tokio::test]
async fn control_obeys_good_lines_and_refuses_bad_ones() {
    let link = Link::start(0, echo_server().await, 1).await.unwrap();
    let ok = [
        r#"{"up":{"rate_bps":128000,"delay_ms":600,"cut_ms":[3000,8000]}}"#,
        r#"{"cut_after":{"direction":"down","bytes":0}}"#,
        r#"{"upstream":"127.0.0.1:9"}"#,
        r#"{"down":true}"#,
    ];
    for line in ok {
        assert_eq!(
            control::obey(&link, line),
            serde_json::json!({ "ok": true }),
            "{line}"
        );
    }
    let bad = [
        "",
        "{",
        r#"{"down":false}"#,
        r#"{"up":{"rate_bps":0}}"#,
        r#"{"up":{"rate_bps":1,"delay":5}}"#,
        r#"{"sideways":true}"#,
    ];
    for line in bad {
        assert!(control::obey(&link, line).get("error").is_some(), "{line}");
    }
    let answer = control::obey(&link, r#"{"stats":true}"#);
    let stats: Stats = serde_json::from_value(answer.get("stats").unwrap().clone()).unwrap();
    assert_eq!(stats, Stats::default());
}
