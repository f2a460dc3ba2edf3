//! The packages, really installed: in a copy of this machine that is forgotten afterwards, with a systemd of its own, by
//! dpkg and the maintainer scripts. The unit serves a county, the app opens its window, a purge leaves the county.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::run;

/// Makes the copy and starts systemd in it.
const COPY: &str = include_str!("in-a-copy.sh");
/// Installs, starts, purges; systemd runs it in the copy.
const STEPS: &str = include_str!("installed.sh");
/// What the steps say last.
const DONE: &str = "installed: DONE";

/// Whether the packages could be installed here.
pub enum Installed {
    /// They were, and everything was as it should be.
    Done,
    /// Only root may make the copy.
    NotRoot,
}

/// Installs the packages of these names in `folder`.
///
/// # Errors
/// `Failed` with what was wrong; `Install` when root may make no copy here either, as in a container without rights.
pub fn check(checkout: &Checkout, debs: &[PathBuf]) -> Result<Installed, Failure> {
    if run::capture(Command::new("id").arg("-u"))?.trim() != "0" {
        return Ok(Installed::NotRoot);
    }
    let given = checkout.root().join("target/package/installed");
    if given.exists() {
        fs::remove_dir_all(&given).map_err(|e| Failure::io("clear", &given, e))?;
    }
    fs::create_dir_all(&given).map_err(|e| Failure::io("make", &given, e))?;
    for deb in debs {
        let to = given.join(deb.file_name().unwrap_or_default());
        fs::copy(deb, &to).map_err(|e| Failure::io("copy", deb, e))?;
    }
    for (name, text) in [("in-a-copy.sh", COPY), ("installed.sh", STEPS)] {
        let to = given.join(name);
        fs::write(&to, text).map_err(|e| Failure::io("write", &to, e))?;
    }
    println!("package: installing in a copy of this machine, which is forgotten afterwards");
    let complaint = boot(&given)?;
    let log = given.join("log");
    let Ok(said) = fs::read_to_string(&log) else {
        return Err(Failure::Install(format!(
            "no copy of this machine could be made or started to install the packages in: {}",
            complaint.trim()
        )));
    };
    for line in said.lines().filter(|line| line.starts_with("installed: ")) {
        println!("{line}");
    }
    if said.lines().any(|line| line == DONE) {
        return Ok(Installed::Done);
    }
    Err(Failure::Failed(format!(
        "the packages do not work once installed; {} ends with:\n{}",
        log.display(),
        last(&said)
    )))
}

/// Runs the copy to its end and gives what was said on the way.
fn boot(given: &Path) -> Result<String, Failure> {
    let output = Command::new("timeout")
        .args([
            "--signal=KILL",
            "400",
            "unshare",
            "--kill-child=KILL",
            "--fork",
        ])
        .args(["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup"])
        .arg("sh")
        .arg(given.join("in-a-copy.sh"))
        .arg(given)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::Failed(format!("timeout could not start: {error}")))?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn last(said: &str) -> String {
    let lines: Vec<&str> = said.lines().rev().take(15).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
