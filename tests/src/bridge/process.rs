//! The bridge as a process of its own, so that core and page share nothing but the line.

use crate::market::{Step, Stopped};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A running `field-bridge`; killed with its owner.
pub struct BridgeProcess {
    /// Where its page is, with the token.
    pub url: String,
    child: Child,
}

impl BridgeProcess {
    /// Opens the phone of a folder. Its clock is `clock_offset_ms` ahead of this machine's.
    ///
    /// # Errors
    /// What keeps it from listening.
    pub async fn start(
        program: &Path,
        checkout: &Path,
        data: &Path,
        clock_offset_ms: i64,
    ) -> Step<Self> {
        let failed = |e: std::io::Error| Stopped::at("start field-bridge", e);
        let mut child = Command::new(program)
            .arg("--checkout")
            .arg(checkout)
            .arg("--data")
            .arg(data)
            .arg(format!("--clock-offset-ms={clock_offset_ms}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let out = child.stdout.take();
        let out = out.ok_or_else(|| Stopped("field-bridge has no stdout".into()))?;
        let said = BufReader::new(out).lines().next_line().await;
        match said.map_err(failed)? {
            Some(url) => Ok(Self { url, child }),
            None => Err(Stopped("field-bridge ended before it listened".into())),
        }
    }

    /// SIGKILL, as the system ends an app.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn kill(mut self) -> Step<()> {
        let killed = self.child.kill().await;
        killed.map_err(|e| Stopped::at("kill field-bridge", e))
    }
}
