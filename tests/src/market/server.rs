//! The server of the day: the real binary on a fresh county, killed and started again on the way.

use super::phone::now_ms;
use super::{Step, Stopped, json};
use chrono::NaiveDate;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What a county's register is like when it is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// The day as of which cards and licences are valid; without one, the day of the clock.
    pub on: Option<NaiveDate>,
    /// Generated operators beside the sixty.
    pub crowd: u32,
}

/// What `import-bundle` said.
#[derive(Debug)]
pub struct Imported {
    /// It ended well: everything that was given is here.
    pub well: bool,
    /// Its line.
    pub line: Value,
    /// What it told a person.
    pub said: String,
}

/// The running server.
pub struct Server {
    program: PathBuf,
    data: PathBuf,
    log: PathBuf,
    clock_offset: i64,
    child: Option<Child>,
    /// What the process is told from outside, at every start.
    pub env: Vec<(&'static str, PathBuf)>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Makes the county as it is on the day and writes the accounts.
    pub async fn county(program: &Path, data: &Path, accounts: &Path, wall: i64) -> Step<()> {
        Self::county_opening(program, data, accounts, wall, &Opening::default()).await
    }

    /// The same with another register: as it is on another day, or larger.
    pub async fn county_opening(
        program: &Path,
        data: &Path,
        accounts: &Path,
        wall: i64,
        opening: &Opening,
    ) -> Step<()> {
        let offset = (wall - now_ms()).to_string();
        let opens = opening
            .on
            .map(|day| ["--opens".to_owned(), day.to_string()]);
        let done = Command::new(program)
            .args(["admin", "init"])
            .arg(data)
            .arg("--demo")
            .arg("--accounts")
            .arg(accounts)
            .args(["--clock-offset-ms", &offset])
            .args(opens.iter().flatten())
            .args(["--operators", &opening.crowd.to_string()])
            .output()
            .await
            .map_err(|e| Stopped::at("xunji-server admin init", e))?;
        if !done.status.success() {
            return Err(Stopped(String::from_utf8_lossy(&done.stderr).into_owned()));
        }
        Ok(())
    }

    /// Starts it with the clock at `wall`.
    pub async fn start(program: &Path, data: &Path, wall: i64) -> Step<Self> {
        let mut server = Self::off(program, data, wall);
        server.open().await?;
        Ok(server)
    }

    /// A server that is not started yet.
    pub fn off(program: &Path, data: &Path, wall: i64) -> Self {
        Self {
            program: program.to_owned(),
            data: data.to_owned(),
            log: data.with_extension("log"),
            clock_offset: wall - now_ms(),
            child: None,
            env: Vec::new(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }

    /// A server that somebody else runs on this machine: it is never started or ended from here.
    pub fn running(program: &Path, data: &Path, address: SocketAddr) -> Self {
        Self {
            address,
            ..Self::off(program, data, now_ms())
        }
    }

    /// Its folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A one-time enrolment code of the station.
    pub async fn enrol_code(&self, station: &str) -> Step<String> {
        let done = Command::new(&self.program)
            .args(["admin", "enrol-code"])
            .arg(&self.data)
            .args(["--station", station])
            .args(["--clock-offset-ms", &self.clock_offset.to_string()])
            .output()
            .await
            .map_err(|e| Stopped::at("xunji-server admin enrol-code", e))?;
        let value: Value = serde_json::from_slice(&done.stdout)
            .map_err(|e| Stopped::at(&String::from_utf8_lossy(&done.stderr), e))?;
        json::text(&value, "/code").map(str::to_owned)
    }

    /// Allows 按部分确认 in this county.
    pub async fn allow_section_confirm(&self) -> Step<()> {
        let done = Command::new(&self.program)
            .args(["admin", "section-confirm"])
            .arg(&self.data)
            .args(["--set", "on"])
            .output()
            .await
            .map_err(|e| Stopped::at("xunji-server admin section-confirm", e))?;
        if !done.status.success() {
            return Err(Stopped(String::from_utf8_lossy(&done.stderr).into_owned()));
        }
        Ok(())
    }

    /// Has a lost phone's key opened; gives the code that is typed on it.
    pub async fn release_key(&self, phone: &str, by: &str, reason: &str) -> Step<String> {
        let done = Command::new(&self.program)
            .args(["admin", "release-key"])
            .arg(&self.data)
            .args(["--phone", phone, "--by", by, "--reason", reason])
            .output()
            .await
            .map_err(|e| Stopped::at("xunji-server admin release-key", e))?;
        let value: Value = serde_json::from_slice(&done.stdout)
            .map_err(|e| Stopped::at(&String::from_utf8_lossy(&done.stderr), e))?;
        json::text(&value, "/code").map(str::to_owned)
    }

    /// The command that imports bundles, beside the running server; receipts go into a folder.
    pub fn import_command(&self, files: &[PathBuf], receipts: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("import-bundle")
            .arg("--data")
            .arg(&self.data)
            .arg("--receipts")
            .arg(receipts)
            .args(files)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Imports bundles.
    pub async fn import_bundle(&self, files: &[PathBuf], receipts: &Path) -> Step<Imported> {
        let done = self
            .import_command(files, receipts)
            .output()
            .await
            .map_err(|e| Stopped::at("xunji-server import-bundle", e))?;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let line = serde_json::from_slice(&done.stdout).map_err(|e| Stopped::at(&said, e))?;
        Ok(Imported {
            well: done.status.success(),
            line,
            said,
        })
    }

    /// Moves the clock and restarts.
    pub async fn restart_at(&mut self, wall: i64) -> Step<()> {
        self.kill().await?;
        self.clock_offset = wall - now_ms();
        self.open().await
    }

    /// Starts the process on any free port.
    pub async fn open(&mut self) -> Step<()> {
        let failed = |e: std::io::Error| Stopped::at("start xunji-server", e);
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .map_err(failed)?;
        let mut child = Command::new(&self.program)
            .arg("serve")
            .arg("--data")
            .arg(&self.data)
            .args([
                "--port",
                "0",
                "--clock-offset-ms",
                &self.clock_offset.to_string(),
            ])
            .envs(self.env.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let out = child
            .stdout
            .take()
            .ok_or_else(|| Stopped("xunji-server has no stdout".into()))?;
        let line = BufReader::new(out)
            .lines()
            .next_line()
            .await
            .map_err(failed)?;
        let line =
            line.ok_or_else(|| Stopped(format!("xunji-server ended; see {}", self.log.display())))?;
        let ready: Value = serde_json::from_str(&line).map_err(|e| Stopped::at(&line, e))?;
        let url = json::text(&ready, "/url")?;
        let address = url.trim_start_matches("http://").trim_end_matches('/');
        self.address = address.parse().map_err(|e| Stopped::at(url, e))?;
        self.child = Some(child);
        Ok(())
    }

    /// SIGKILL; gives the pid.
    pub async fn kill(&mut self) -> Step<u32> {
        let mut child = self
            .child
            .take()
            .ok_or_else(|| Stopped("server is not running".into()))?;
        let pid = child.id().unwrap_or(0);
        child
            .kill()
            .await
            .map_err(|e| Stopped::at("kill the server", e))?;
        Ok(pid)
    }
}
