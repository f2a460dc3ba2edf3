//! A virtual display that ends with its owner.

use crate::market::{Step, Stopped};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A running Xvfb.
pub struct Display {
    /// `:97`.
    pub name: String,
    _server: Child,
}

impl Display {
    /// Starts one on the first free number.
    pub async fn start() -> Step<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1000x3200x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| Stopped::at("Xvfb, which `./x setup --for test` installs", e))?;
        let out = server
            .stdout
            .take()
            .ok_or_else(|| Stopped("Xvfb has no stdout".into()))?;
        let line = BufReader::new(out)
            .lines()
            .next_line()
            .await
            .map_err(|e| Stopped::at("Xvfb", e))?;
        let number = line.ok_or_else(|| Stopped("Xvfb ended before it had a number".into()))?;
        Ok(Self {
            name: format!(":{}", number.trim()),
            _server: server,
        })
    }
}
