//! The faces' libraries: exactly those of the lockfile, installed again only when it changed.

use std::fs;

use super::node::Node;
use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::run;

/// Runs `npm ci` unless what lies in `node_modules` came from this very lockfile.
///
/// # Errors
/// When there is no lockfile, or npm fails.
pub fn ensure(checkout: &Checkout, node: &Node) -> Result<(), Failure> {
    let folder = checkout.ui();
    let lock_path = folder.join("package-lock.json");
    let lock = fs::read(&lock_path).map_err(|error| Failure::io("read", &lock_path, error))?;
    let stamp = folder.join("node_modules/.lockfile-installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("setup: installing the faces' libraries");
    run::finish(
        node.npm()
            .arg("ci")
            .arg("--no-progress")
            .current_dir(&folder),
    )?;
    fs::write(&stamp, lock).map_err(|error| Failure::io("write", &stamp, error))
}
