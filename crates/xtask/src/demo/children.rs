//! Programs that live as long as the demo and no longer.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{self, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use crate::failure::Failure;

/// A started program and its guard.
pub struct Child {
    name: &'static str,
    process: process::Child,
    log: PathBuf,
    guard: process::Child,
    /// Held open: the guard waits for its end, which comes however this process dies.
    guard_line: Option<ChildStdin>,
}

impl Child {
    /// Starts a program; what it says on standard error goes to `log`, and what it prints is for
    /// [`Child::output`] to read.
    ///
    /// # Errors
    /// When the log cannot be written or the program cannot be started.
    pub fn start(name: &'static str, command: &mut Command, log: &Path) -> Result<Self, Failure> {
        let errors = File::create(log).map_err(|error| Failure::io("write", log, error))?;
        command.stdout(Stdio::piped()).stderr(errors);
        Self::guarded(name, command, log)
    }

    /// Starts a program that speaks to the terminal itself.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_on_terminal(name: &'static str, command: &mut Command) -> Result<Self, Failure> {
        Self::guarded(name, command, Path::new("/dev/null"))
    }

    fn guarded(name: &'static str, command: &mut Command, log: &Path) -> Result<Self, Failure> {
        let mut process = command
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| Failure::Failed(format!("{name} could not start: {error}")))?;
        match guard(process.id()) {
            Ok(mut guard) => {
                let line = guard.stdin.take();
                Ok(Self {
                    name,
                    process,
                    log: log.to_path_buf(),
                    guard,
                    guard_line: line,
                })
            }
            Err(error) => {
                let _ = process.kill();
                Err(Failure::Failed(format!(
                    "no guard for {name} could start: {error}"
                )))
            }
        }
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn wait(&mut self) -> Result<ExitStatus, Failure> {
        self.process.wait().map_err(|error| {
            Failure::Failed(format!("{} cannot be waited for: {error}", self.name))
        })
    }

    /// What the program prints; may be taken once.
    pub fn output(&mut self) -> Option<ChildStdout> {
        self.process.stdout.take()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, Failure> {
        self.process
            .try_wait()
            .map_err(|error| Failure::Failed(format!("{} cannot be watched: {error}", self.name)))
    }

    /// The end of its log, for a sentence about why it ended.
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text
            .lines()
            .rev()
            .filter(|line| !line.trim().is_empty())
            .take(5)
            .collect();
        let tail = lines.into_iter().rev().collect::<Vec<_>>().join("\n");
        format!("the end of {}:\n{tail}", self.log.display())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.guard_line.take());
        // The guard asks the program to end; it gets five seconds to close its database.
        for _ in 0..50 {
            if matches!(self.process.try_wait(), Ok(Some(_)) | Err(_)) {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = self.guard.wait();
    }
}

/// A shell that ends `pid` when the other end of its standard input closes. std can catch no signals,
/// and a pipe closes even after SIGKILL of this process, which no handler would see.
fn guard(pid: u32) -> std::io::Result<process::Child> {
    Command::new("sh")
        .args([
            "-c",
            "trap '' INT HUP TERM; read -r _; kill -TERM \"$1\" 2>/dev/null",
            "guard",
        ])
        .arg(pid.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_child_is_gone() {
        let log = std::env::temp_dir().join(format!("xtask-child-{}", process::id()));
        let child = Child::start("sleep", Command::new("sleep").arg("600"), &log).unwrap();
        let proc = PathBuf::from(format!("/proc/{}", child.process.id()));
        assert!(proc.exists());
        drop(child);
        assert!(!proc.exists());
        std::fs::remove_file(log).unwrap();
    }

    #[test]
    fn last_words_are_the_end_of_the_log() {
        let log = std::env::temp_dir().join(format!("xtask-words-{}", process::id()));
        let mut child = Child::start(
            "sh",
            Command::new("sh").args(["-c", "echo no disk >&2; exit 3"]),
            &log,
        )
        .unwrap();
        assert_eq!(child.process.wait().unwrap().code(), Some(3));
        assert!(child.last_words().ends_with("no disk"));
        std::fs::remove_file(log).unwrap();
    }
}
