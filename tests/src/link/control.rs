//! Commands to a link as JSON lines, and its answers.

use std::net::SocketAddr;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Direction, Line, Link, Profile, Stranger};

/// What a line of control may say.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Command {
    /// `{"up":{"rate_bps":128000,"delay_ms":600,"cut_ms":[3000,8000]}}`
    Up(Profile),
    /// `{"profile":"2g"}`
    Profile(String),
    /// `{"stall":true}`
    Stall(Yes),
    /// `{"strange":"portal"}`, or `redirect`, `too-large`, `bad-gateway`, `buffers`
    Strange(Stranger),
    /// `{"down":true}`
    Down(Yes),
    /// `{"upstream":"127.0.0.1:4711"}`
    Upstream(SocketAddr),
    /// `{"cut":true}`
    Cut(Yes),
    /// `{"cut_after":{"direction":"down","bytes":0}}`
    CutAfter { direction: Direction, bytes: u64 },
    /// `{"stats":true}`
    Stats(Yes),
}

/// `true`; `false` is refused rather than understood the wrong way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "bool")]
struct Yes;

impl TryFrom<bool> for Yes {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value {
            Ok(Self)
        } else {
            Err("only true is understood here")
        }
    }
}

/// Obeys one line and answers with one JSON value: `{"ok":true}`, `{"stats":{…},"waits":[…]}` or
/// `{"error":"…"}`. A line that is not understood changes nothing.
#[must_use]
pub fn obey(link: &Link, line: &str) -> Value {
    match serde_json::from_str(line) {
        Ok(command) => carry_out(link, command),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

fn carry_out(link: &Link, command: Command) -> Value {
    match command {
        Command::Up(profile) if profile.rate_bps == 0 => {
            return json!({ "error": "rate_bps must be at least 1" });
        }
        Command::Up(profile) => link.set(Line::Up(profile)),
        Command::Profile(name) => match Profile::named(&name) {
            Ok(profile) => link.set(Line::Up(profile)),
            Err(names) => return json!({ "error": names }),
        },
        Command::Stall(Yes) => link.set(Line::Stalled),
        Command::Strange(who) => link.set(Line::Strange(who)),
        Command::Down(Yes) => link.set(Line::Down),
        Command::Upstream(address) => link.set_upstream(address),
        Command::Cut(Yes) => return json!({ "ok": true, "hit": link.cut() }),
        Command::CutAfter { direction, bytes } => link.cut_after(direction, bytes),
        Command::Stats(Yes) => return json!({ "stats": link.stats(), "waits": link.waits() }),
    }
    json!({ "ok": true })
}
