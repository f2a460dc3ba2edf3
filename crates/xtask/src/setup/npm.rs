//! Libraries from npm: exactly those of a lockfile, installed again only when it changed.

use std::fs;
use std::path::Path;

use super::node::Node;
use crate::failure::Failure;
use crate::run;

/// Runs `npm ci` in a folder unless what lies in its `node_modules` came from this very lockfile. `what`
/// is what a person reads that is installed.
///
/// # Errors
/// When there is no lockfile, or npm fails.
pub fn ensure(folder: &Path, what: &str, node: &Node) -> Result<(), Failure> {
    let lock_path = folder.join("package-lock.json");
    let lock = fs::read(&lock_path).map_err(|error| Failure::io("read", &lock_path, error))?;
    let stamp = folder.join("node_modules/.lockfile-installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("setup: installing {what}");
    run::finish(
        node.npm()
            .arg("ci")
            .arg("--no-progress")
            .current_dir(folder),
    )?;
    fs::write(&stamp, lock).map_err(|error| Failure::io("write", &stamp, error))
}
