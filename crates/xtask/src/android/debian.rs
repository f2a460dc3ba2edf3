//! Debian's newest compiler, unpacked beside what it builds and never installed: for machines whose
//! packages come from a mirror and that rustup's servers do not answer.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::run;

/// The compiler that Debian keeps new for its browsers, and the source of its standard library.
const PACKAGES: [&str; 3] = ["rustc-web", "libstd-rust-web-dev", "rust-web-src"];
/// What those stand on, by how it begins: their names hold a version.
const BELOW: [&str; 2] = ["libstd-rust-web-", "libllvm"];

/// Starts the compiler of `folder`, fetched and unpacked at the first call (120 MB).
///
/// # Errors
/// What apt or dpkg say.
pub fn rustc(folder: &Path) -> Result<PathBuf, Failure> {
    let wrapper = folder.join("rustc");
    if wrapper.is_file() {
        return Ok(wrapper);
    }
    println!("check-android: fetching Debian's rustc-web (120 MB); nothing is installed");
    let part = folder.with_extension("part");
    if part.exists() {
        fs::remove_dir_all(&part).map_err(|error| Failure::io("remove", &part, error))?;
    }
    unpack(&part)?;
    let text = wrapper_text(folder);
    let written = part.join("rustc");
    fs::write(&written, text)
        .and_then(|()| fs::set_permissions(&written, fs::Permissions::from_mode(0o755)))
        .map_err(|error| Failure::io("write", &written, error))?;
    fs::rename(&part, folder).map_err(|error| Failure::io("move to", folder, error))?;
    Ok(wrapper)
}

/// Fetches and unpacks all packages into `part/usr`.
fn unpack(part: &Path) -> Result<(), Failure> {
    let packages = part.join("packages");
    fs::create_dir_all(&packages).map_err(|error| Failure::io("create", &packages, error))?;
    let mut download = Command::new("apt-get");
    download
        .args(["download", "-qq"])
        .args(PACKAGES)
        .args(below()?);
    run::capture(download.current_dir(&packages))?;
    let entries = fs::read_dir(&packages).map_err(|error| Failure::io("list", &packages, error))?;
    for entry in entries.flatten() {
        let mut dpkg = Command::new("dpkg-deb");
        run::capture(dpkg.arg("-x").arg(entry.path()).arg(part))?;
    }
    fs::remove_dir_all(&packages).map_err(|error| Failure::io("remove", &packages, error))
}

/// The packages that the compiler's own stand on.
fn below() -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut open: Vec<String> = PACKAGES.iter().map(|name| (*name).to_owned()).collect();
    while let Some(name) = open.pop() {
        let said = run::capture(
            Command::new("apt-cache")
                .args(["depends", "--important"])
                .arg(&name),
        )?;
        for next in depends(&said) {
            if !found.contains(&next) && !PACKAGES.contains(&next.as_str()) {
                found.push(next.clone());
                open.push(next);
            }
        }
    }
    Ok(found)
}

fn depends(listing: &str) -> Vec<String> {
    listing
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .filter(|name| BELOW.iter().any(|begin| name.starts_with(begin)))
        .map(str::to_owned)
        .collect()
}

/// The libraries lie where the system does not look.
fn wrapper_text(folder: &Path) -> String {
    let usr = folder.join("usr");
    let libraries = usr
        .join("lib")
        .join(format!("{}-linux-gnu", std::env::consts::ARCH));
    format!(
        "#!/bin/sh\nLD_LIBRARY_PATH='{}' exec '{}' \"$@\"\n",
        libraries.display(),
        usr.join("bin/rustc").display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_compilers_own_libraries_are_fetched() {
        let listing = "rustc-web\n  Depends: libc6\n  Depends: libstd-rust-web-dev\n  Depends: gcc\n  \
                       Depends: <libc-dev>\n    libc6-dev\n  Conflicts: <rustup>\n  Depends: libllvm22\n";
        assert_eq!(depends(listing), ["libstd-rust-web-dev", "libllvm22"]);
    }
}
