//! Programs of others that speak tus, for the tests to hold ours against: two from npm beside their
//! scripts in `tests/foreign`, one from the Python package index in the tools folder. Versions and
//! digests are those of the lockfiles there.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::node::Node;
use super::npm;
use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::run;

/// Folder of tuspy among the tools; `tests/src/foreign/programs.rs` looks there.
const TUSPY: &str = "tuspy";

/// Installs what is missing or of another version.
///
/// # Errors
/// When npm or pip fails, or a file does not have its digest.
pub fn ensure(checkout: &Checkout, node: &Node) -> Result<(), Failure> {
    let folder = checkout.root().join("tests/foreign");
    npm::ensure(&folder, "tus programs of others", node)?;
    tuspy(&folder.join("requirements.txt"))
}

/// Into a folder of its own: the system's Python stays as it is, and nothing needs root.
fn tuspy(requirements: &Path) -> Result<(), Failure> {
    let wanted = fs::read_to_string(requirements)
        .map_err(|error| Failure::io("read", requirements, error))?;
    // Wheels are for one version of Python.
    let python = run::capture(Command::new("python3").arg("--version"))?;
    let stamp = format!("{python}{wanted}");
    let home = checkout::tools()?.join(TUSPY);
    let mark = home.join(".installed");
    if fs::read_to_string(&mark).is_ok_and(|found| found == stamp) {
        return Ok(());
    }
    println!("setup: installing tuspy (15 MB) into {}", home.display());
    if home.exists() {
        fs::remove_dir_all(&home).map_err(|error| Failure::io("remove the old", &home, error))?;
    }
    run::finish(
        Command::new("python3")
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-input", "--no-compile", "--require-hashes"])
            .arg("--requirement")
            .arg(requirements)
            .arg("--target")
            .arg(&home)
            // In a container this is root, and the folder is nobody else's.
            .env("PIP_ROOT_USER_ACTION", "ignore"),
    )?;
    fs::write(&mark, stamp).map_err(|error| Failure::io("write", &mark, error))
}
