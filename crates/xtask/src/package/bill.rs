//! What a package is made of, for whoever must know whether a flaw found elsewhere is in it (CycloneDX).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::run;

/// OWASP's own tool.
const VERSION: &str = "0.5.9";

/// One bill.
pub struct Bill {
    /// What it is called.
    pub name: &'static str,
    /// The crate's folder in the checkout.
    pub folder: &'static str,
    /// For whose processor and system; none means this machine's.
    pub target: Option<&'static str>,
}

/// Writes `bill` to `to`. It names crates alone: what npm and Gradle bring stands in their own files.
///
/// # Errors
/// When the tool cannot be built or fails.
pub fn write(checkout: &Checkout, bill: &Bill, to: &Path) -> Result<(), Failure> {
    let crate_folder = checkout.root().join(bill.folder);
    let mut command = Command::new(tool()?);
    command
        .args(["cyclonedx", "--format", "json", "--quiet"])
        .arg("--manifest-path")
        .arg(crate_folder.join("Cargo.toml"));
    if let Some(target) = bill.target {
        command.args(["--target", target]);
    }
    run::finish(command.current_dir(checkout.root()))?;
    // The tool writes beside every manifest it passes.
    let mut found = false;
    for member in members(checkout)? {
        for file in bills(&member)? {
            if member == crate_folder {
                fs::copy(&file, to).map_err(|e| Failure::io("copy", &file, e))?;
                found = true;
            }
            fs::remove_file(&file).map_err(|e| Failure::io("clear", &file, e))?;
        }
    }
    found.then_some(()).ok_or_else(|| {
        Failure::Failed(format!("cargo cyclonedx wrote nothing for {}", bill.folder))
    })
}

/// The tool, built once into the tools folder.
fn tool() -> Result<PathBuf, Failure> {
    let root = checkout::tools()?.join(format!("cargo-cyclonedx-{VERSION}"));
    let tool = root.join("bin/cargo-cyclonedx");
    if !tool.is_file() {
        run::finish(
            Command::new("cargo")
                .args(["install", "cargo-cyclonedx", "--locked", "--quiet"])
                .args(["--version", VERSION, "--root"])
                .arg(&root)
                .env_remove("CARGO_TARGET_DIR"),
        )?;
    }
    Ok(tool)
}

fn members(checkout: &Checkout) -> Result<Vec<PathBuf>, Failure> {
    let said = run::capture(
        Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
            .current_dir(checkout.root()),
    )?;
    let metadata: serde_json::Value = serde_json::from_str(&said)
        .map_err(|e| Failure::Failed(format!("cargo metadata does not read: {e}")))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages
        .filter_map(|package| package["manifest_path"].as_str())
        .filter_map(|path| Path::new(path).parent().map(Path::to_owned))
        .collect())
}

fn bills(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|e| Failure::io("read", folder, e))?;
    Ok(entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".cdx.json"))
        .collect())
}
