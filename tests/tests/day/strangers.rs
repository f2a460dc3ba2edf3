//! Somebody else on the line between a real phone and the real server: nothing counts as sent because of an answer that
//! is not the server's, nothing is stuck behind it, and through a proxy that hands on whole requests alone everything
//! arrives, cut again and again.

use serde_json::{Value, json};
use xunji_tests::link::{Direction, Line, Profile, Stranger};
use xunji_tests::market::audited::audit_of;
use xunji_tests::market::noon::sync;
use xunji_tests::market::phone::Phone;
use xunji_tests::market::small::SmallDay;

/// How long a phone tries against somebody who is not the server, in milliseconds.
const TRIES_MS: u64 = 1_500;
/// Bytes after which the link breaks behind the proxy; a request begins at 16 KiB.
const CUTS: [u64; 3] = [9_000, 21_000, 40_000];

async fn tried(phone: &mut Phone) -> Value {
    let ask = json!({"cmd": "sync_run", "until": "all", "max_ms": TRIES_MS, "originals_now": true});
    phone.call(ask).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_elses_answer_counts_and_everything_arrives_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = SmallDay::begin(folder.path(), 23, 4).await.unwrap();
    let inspectors = ["检查员甲", "检查员乙"];
    let mut line = day.phone("team1", &inspectors).await.unwrap();
    line.link.set(Line::Down);
    day.visit(&mut line.phone, 0).await.unwrap();
    day.visit(&mut line.phone, 1).await.unwrap();
    for who in [
        Line::Strange(Stranger::Portal),
        Line::Strange(Stranger::Redirect),
        Line::Strange(Stranger::TooLarge),
        Line::Strange(Stranger::BadGateway),
        Line::Stalled,
    ] {
        line.link.set(who);
        let state = tried(&mut line.phone).await;
        assert_eq!(state["reached"], false, "{who:?}: {state}");
        assert_eq!(state["records"]["received"], 0, "{who:?}: {state}");
        line.phone.kill().await.unwrap();
        line.phone.open().await.unwrap();
    }
    line.link.set(Line::Strange(Stranger::Buffers));
    for bytes in CUTS {
        line.link.cut_after(Direction::Up, bytes);
        tried(&mut line.phone).await;
    }
    sync(&mut line.phone, "all").await.unwrap();
    line.link.set(Line::Up(Profile::CLEAR));
    let state = sync(&mut line.phone, "all").await.unwrap();
    assert_eq!(state["records"]["received"], state["records"]["total"]);
    line.phone.kill().await.unwrap();
    day.server.kill().await.unwrap();
    day.write_taken().unwrap();
    let found = audit_of(&day.programs, &day.out).await.unwrap();
    assert_eq!(found["wrong"], json!([]), "{found}");
    assert_eq!((&found["lost"], &found["doubled"]), (&json!(0), &json!(0)));
}
