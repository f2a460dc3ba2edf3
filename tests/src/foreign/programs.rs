//! Programs of others that speak tus, as `./x setup --for test` installs them.

use crate::market::{Step, Stopped};
use serde_json::Value;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// No job takes as long on any machine; a peer that hangs is a failure, not a wait.
const LONGEST: Duration = Duration::from_secs(120);

/// A client of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// tus-js-client in Node.
    TusJs,
    /// tuspy in Python.
    Tuspy,
}

impl Client {
    /// Gives it a job (`tests/foreign/client.*` say which there are) and takes what it says.
    ///
    /// # Errors
    /// When it is not installed, ends in any other way than with its line, or hangs.
    pub async fn run(self, job: &Value) -> Step<Value> {
        let (mut command, script) = match self {
            Self::TusJs => (node()?, "client.mjs"),
            Self::Tuspy => (python()?, "client.py"),
        };
        command
            .arg(folder()?.join(script))
            .arg(job.to_string())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let done = tokio::time::timeout(LONGEST, command.output())
            .await
            .map_err(|_| Stopped(format!("{script} did not end")))?
            .map_err(|e| Stopped::at(script, e))?;
        let said = String::from_utf8_lossy(&done.stdout);
        serde_json::from_str(said.trim()).map_err(|_| {
            Stopped(format!(
                "{script} said {said} {}",
                String::from_utf8_lossy(&done.stderr)
            ))
        })
    }
}

/// A running `@tus/server`; killed when dropped.
pub struct NodeServer {
    child: Child,
    /// Where it listens on this machine.
    pub port: u16,
}

impl NodeServer {
    /// Starts one that keeps its uploads in a folder, each under its id.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start(uploads: &Path) -> Step<Self> {
        let failed = |e: std::io::Error| Stopped::at("@tus/server", e);
        let mut child = node()?
            .arg(folder()?.join("server.mjs"))
            .arg(uploads)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let out = child
            .stdout
            .take()
            .ok_or_else(|| Stopped("@tus/server has no stdout".into()))?;
        let line = BufReader::new(out).lines().next_line().await;
        let line = line.map_err(failed)?.unwrap_or_default();
        let ready: Value =
            serde_json::from_str(&line).map_err(|e| Stopped::at("@tus/server", e))?;
        let port = ready["port"].as_u64().and_then(|port| port.try_into().ok());
        let port = port.ok_or_else(|| Stopped(format!("@tus/server said {line}")))?;
        Ok(Self { child, port })
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// It had ended before.
    pub async fn kill(&mut self) -> Step<()> {
        let killed = self.child.kill().await;
        killed.map_err(|e| Stopped::at("kill @tus/server", e))
    }
}

/// `tests/foreign` of the checkout, asked for while running: several checkouts may share what cargo built.
fn folder() -> Step<PathBuf> {
    let own = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let own = match own {
        Some(own) => own,
        None => env::current_dir().map_err(|e| Stopped::at("tests/foreign", e))?,
    };
    let mut folders = own.ancestors().map(|top| top.join("tests/foreign"));
    folders
        .find(|folder| folder.join("node_modules").is_dir())
        .ok_or_else(|| not_installed("tests/foreign/node_modules"))
}

/// The Node that the set-up fetched, else the system's.
fn node() -> Step<Command> {
    let fetched = tools()?.read_dir().ok().and_then(|entries| {
        let homes = entries.filter_map(Result::ok).map(|entry| entry.path());
        homes
            .filter(|home| {
                let name = home.file_name().and_then(|name| name.to_str());
                name.is_some_and(|name| name.starts_with("node-") && !name.contains("part"))
            })
            .map(|home| home.join("bin/node"))
            .find(|node| node.is_file())
    });
    Ok(Command::new(fetched.unwrap_or_else(|| "node".into())))
}

fn python() -> Step<Command> {
    let tuspy = tools()?.join("tuspy");
    if !tuspy.join("tusclient").is_dir() {
        return Err(not_installed("tuspy"));
    }
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", tuspy);
    Ok(command)
}

/// The folder of tools, as `crates/xtask/src/checkout.rs` chooses it.
fn tools() -> Step<PathBuf> {
    let set = |name| {
        env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    set("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("xunji/tools"))
        .ok_or_else(|| Stopped("neither HOME nor XDG_CACHE_HOME is set".into()))
}

fn not_installed(what: &str) -> Stopped {
    Stopped(format!(
        "{what} is not there; `./x setup --for test` installs it"
    ))
}
