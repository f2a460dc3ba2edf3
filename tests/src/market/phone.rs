//! One phone: a child process of `xunji-headless`, its data folder, and the end of a SIGKILL.

use super::{Step, Stopped};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// File in a phone's folder that says that it stands still where it was told to.
pub const STOPPED_AT: &str = "stopped-at";

/// A running phone.
pub struct Phone {
    /// For messages.
    pub name: String,
    /// Its data folder.
    pub data: PathBuf,
    program: PathBuf,
    running: Option<Running>,
    /// What the process is told from outside, at every start.
    pub env: Vec<(&'static str, PathBuf)>,
    /// Clock shift given at every start, so that a restarted phone knows the day.
    clock_offset: i64,
    next: u64,
}

struct Running {
    child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Phone {
    /// Starts a phone on an empty or existing folder.
    pub async fn start(name: &str, program: &Path, data: &Path) -> Step<Self> {
        let mut phone = Self::off(name, program, data);
        phone.open().await?;
        Ok(phone)
    }

    /// A phone that is not started yet.
    pub fn off(name: &str, program: &Path, data: &Path) -> Self {
        Self {
            name: name.to_owned(),
            data: data.to_owned(),
            program: program.to_owned(),
            running: None,
            env: Vec::new(),
            clock_offset: 0,
            next: 1,
        }
    }

    /// Starts the process again after a kill.
    pub async fn open(&mut self) -> Step<()> {
        self.open_with(&[]).await
    }

    /// Starts the process so that it stands still after a step of the photo pipeline.
    pub async fn open_to_stop_at(&mut self, step: &str) -> Step<()> {
        self.open_with(&["--stop-at", step]).await
    }

    /// Waits until the process stands still, and kills it there.
    pub async fn kill_where_it_stops(&mut self) -> Step<u32> {
        let mark = self.data.join(STOPPED_AT);
        for _ in 0..3_000 {
            if mark.is_file() {
                let pid = self.kill().await?;
                std::fs::remove_file(&mark).map_err(|e| Stopped::at(STOPPED_AT, e))?;
                return Ok(pid);
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        Err(Stopped(format!("{} did not come to its step", self.name)))
    }

    async fn open_with(&mut self, words: &[&str]) -> Step<()> {
        let failed = |e: std::io::Error| Stopped::at("start xunji-headless", e);
        std::fs::create_dir_all(&self.data).map_err(failed)?;
        let log = std::fs::File::create(self.data.with_extension("log")).map_err(failed)?;
        let mut child = Command::new(&self.program)
            .arg("--data")
            .arg(&self.data)
            .args(words)
            .envs(self.env.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Stopped("xunji-headless has no pipes".to_owned()));
        };
        let from = BufReader::new(from).lines();
        self.running = Some(Running { child, to, from });
        if self.clock_offset != 0 {
            let offset = self.clock_offset;
            self.call(json!({"cmd": "set_clock", "offset_ms": offset}))
                .await?;
        }
        Ok(())
    }

    /// Shifts the phone's clock so that it reads `wall` now and runs on.
    pub async fn set_clock(&mut self, wall: i64) -> Step<()> {
        self.clock_offset = wall - now_ms();
        let offset = self.clock_offset;
        self.call(json!({"cmd": "set_clock", "offset_ms": offset}))
            .await?;
        Ok(())
    }

    /// The process id, for the summary.
    pub fn pid(&self) -> Option<u32> {
        self.running.as_ref().and_then(|r| r.child.id())
    }

    /// Ends the process with SIGKILL and waits until it is gone.
    pub async fn kill(&mut self) -> Step<u32> {
        let mut running = self
            .running
            .take()
            .ok_or_else(|| Stopped("phone is not running".into()))?;
        let pid = running.child.id().unwrap_or(0);
        running
            .child
            .kill()
            .await
            .map_err(|e| Stopped::at("kill a phone", e))?;
        Ok(pid)
    }

    /// Sends a command without waiting for its answer: what a kill interrupts.
    pub async fn send(&mut self, mut command: Value) -> Step<u64> {
        let id = self.next;
        self.next += 1;
        if let Some(object) = command.as_object_mut() {
            // `id` belongs to the command: `draft`, `record` and others name a record by it.
            object.insert("req".to_owned(), id.into());
        }
        let name = self.name.clone();
        let lost = move |e: std::io::Error| Stopped::at(&name, e);
        let running = self
            .running
            .as_mut()
            .ok_or_else(|| Stopped("phone is not running".into()))?;
        running
            .to
            .write_all(format!("{command}\n").as_bytes())
            .await
            .map_err(&lost)?;
        running.to.flush().await.map_err(lost)?;
        Ok(id)
    }

    /// One command and its answer; an error answer stops the day with its sentence.
    pub async fn call(&mut self, command: Value) -> Step<Value> {
        let said = command.clone();
        let id = self.send(command).await?;
        let answer = self.answer(id).await?;
        if let Some(error) = answer.get("error") {
            return Err(Stopped(format!("{}: {said} answered {error}", self.name)));
        }
        Ok(answer.get("ok").cloned().unwrap_or(Value::Null))
    }

    /// One command that may be refused: its answer, or its error.
    pub async fn attempt(&mut self, command: Value) -> Step<Result<Value, Value>> {
        let id = self.send(command).await?;
        let answer = self.answer(id).await?;
        Ok(match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer.get("ok").cloned().unwrap_or(Value::Null)),
        })
    }

    /// One command that is expected to be refused; gives the error.
    pub async fn refused(&mut self, command: Value) -> Step<Value> {
        let said = command.clone();
        let id = self.send(command).await?;
        let answer = self.answer(id).await?;
        answer
            .get("error")
            .cloned()
            .ok_or_else(|| Stopped(format!("{}: {said} was not refused", self.name)))
    }

    async fn answer(&mut self, id: u64) -> Step<Value> {
        let name = self.name.clone();
        let running = self
            .running
            .as_mut()
            .ok_or_else(|| Stopped("phone is not running".into()))?;
        loop {
            let line = running
                .from
                .next_line()
                .await
                .map_err(|e| Stopped::at(&name, e))?;
            let Some(line) = line else {
                return Err(Stopped(format!(
                    "{name} ended without an answer; see its log"
                )));
            };
            let Ok(value) = serde_json::from_str::<Value>(&line) else {
                continue;
            };
            if value.get("id").and_then(Value::as_u64) == Some(id) {
                return Ok(value);
            }
        }
    }
}

/// The real clock of this machine.
pub fn now_ms() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()
        .and_then(|d| i64::try_from(d.as_millis()).ok())
        .unwrap_or(0)
}
