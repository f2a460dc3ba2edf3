//! The server as a child: started, waited for until it listens.

use std::io::{BufRead, BufReader};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::children::Child;
use super::county::County;
use crate::checkout::Checkout;
use crate::failure::Failure;

/// A server that listens.
pub struct Server {
    /// Its process.
    pub child: Child,
    /// Where it listens.
    pub url: String,
}

/// Longer than any start measured; a server that is silent for so long hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts `xunji-server serve` on the county and waits for its ready line.
///
/// # Errors
/// When it ends or stays silent instead; with the end of its log.
pub fn start(checkout: &Checkout, county: &County, port: u16) -> Result<Server, Failure> {
    let mut command = Command::new(checkout.program("xunji-server")?);
    command
        .arg("serve")
        .arg("--data")
        .arg(county.server())
        .arg("--port")
        .arg(port.to_string());
    let mut child = Child::start("the server", &mut command, &county.log("server"))?;
    let (sender, receiver) = mpsc::channel();
    if let Some(output) = child.output() {
        // Reads to the end, so that the server never waits for a full pipe.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(url) = ready_url(&line) {
                    let _ = sender.send(url);
                }
            }
        });
    }
    match receiver.recv_timeout(PATIENCE) {
        Ok(url) => Ok(Server { child, url }),
        Err(_) => Err(Failure::Failed(format!(
            "the server did not become ready; {}",
            child.last_words()
        ))),
    }
}

/// The address in `{"ready":true,"url":"…"}`.
fn ready_url(line: &str) -> Option<String> {
    let value: Value = serde_json::from_str(line).ok()?;
    let ready = value.get("ready")?.as_bool()?;
    ready
        .then(|| value.get("url")?.as_str().map(str::to_owned))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ready_line_is_taken() {
        assert_eq!(
            ready_url(r#"{"ready":true,"url":"http://127.0.0.1:1"}"#).unwrap(),
            "http://127.0.0.1:1"
        );
        assert_eq!(ready_url(r#"{"ready":false,"url":"x"}"#), None);
        assert_eq!(ready_url("listening"), None);
    }
}
