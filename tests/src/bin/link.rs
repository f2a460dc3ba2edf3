//! `link`: a slow, late and torn loopback line as a process of its own.
//!
//! First line on stdout: `{"listening":PORT}`. With `--control-stdin` each JSON line on stdin is
//! obeyed and answered by one on stdout, and the end of stdin ends the process, so that it never
//! outlives the one who started it.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use serde_json::json;
use tokio::runtime::Runtime;
use xunji_tests::link::{Link, control};

/// A line between a phone and a server that can be slow, late and torn.
#[derive(Debug, Parser)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    listen: u16,
    /// The server, as in 127.0.0.1:8080.
    #[arg(long)]
    upstream: SocketAddr,
    /// Seed of the times between cuts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// First command, as in '{"up":{"rate_bps":128000,"delay_ms":600,"cut_ms":[3000,8000]}}'.
    /// Without one the line starts down.
    #[arg(long)]
    first: Option<String>,
    /// Obey JSON lines on stdin.
    #[arg(long)]
    control_stdin: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr(), "link: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

/// The link lives on the runtime's threads, so this one may wait for stdin.
fn run(arguments: &Arguments) -> std::io::Result<()> {
    let runtime = Runtime::new()?;
    let start = Link::start(arguments.listen, arguments.upstream, arguments.seed);
    let link = runtime.block_on(start)?;
    if let Some(first) = &arguments.first {
        let answer = control::obey(&link, first);
        if answer.get("error").is_some() {
            return Err(std::io::Error::other(answer.to_string()));
        }
    }
    say(&json!({ "listening": link.address().port() }))?;
    if !arguments.control_stdin {
        return runtime.block_on(tokio::signal::ctrl_c());
    }
    for line in std::io::stdin().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            say(&control::obey(&link, &line))?;
        }
    }
    Ok(())
}

fn say(answer: &serde_json::Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answer}")?;
    out.flush()
}
