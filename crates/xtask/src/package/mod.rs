//! `package`: .deb files of the server and of the field app, what they are made of, and checksums.

mod bill;
mod deb;
mod field;
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::{Purpose, demo, run};
use deb::Deb;

/// What is packed.
#[derive(Args)]
pub struct PackageOptions {
    /// Pack the programs of the demo and the tests: built in a minute, ten times as large, not to be given away
    #[arg(long)]
    quick: bool,
}

/// Builds and packs into `target/package/`.
///
/// # Errors
/// When something cannot be built or written; packages made before stay as they are until the new ones are whole.
pub fn run(checkout: &Checkout, options: &PackageOptions) -> Result<(), Failure> {
    demo::build(checkout, Purpose::Demo)?;
    if !options.quick {
        release(checkout)?;
    }
    pack(checkout, options.quick)
}

/// Packs what is built already.
///
/// # Errors
/// As [`run`].
pub fn pack(checkout: &Checkout, quick: bool) -> Result<(), Failure> {
    let programs = if quick {
        checkout.target()?.join("debug")
    } else {
        checkout.target()?.join("release")
    };
    let folder = checkout.root().join("target/package");
    fs::create_dir_all(&folder).map_err(|e| Failure::io("make", &folder, e))?;
    let version = version(checkout, quick)?;
    let mut made = Vec::new();
    for deb in [
        server::package(checkout, &programs),
        field::package(checkout, &programs),
    ] {
        made.push(deb.build(checkout, &folder, &version, quick)?);
    }
    if !quick {
        for (name, source) in [
            ("xunji-server", "sync-server"),
            ("xunji-field", "src-tauri"),
        ] {
            let to = folder.join(format!("{name}_{version}.cdx.json"));
            bill::write(checkout, source, &to)?;
            made.push(to);
        }
    }
    checksums(&folder, &made)?;
    for file in &made {
        println!("made {}", file.display());
    }
    Ok(())
}

/// Release programs of server and app: the whole workspace, as everything else is built.
fn release(checkout: &Checkout) -> Result<(), Failure> {
    run::finish(
        Command::new("cargo")
            .args(["build", "--workspace", "--bins", "--release", "--locked"])
            .current_dir(checkout.root()),
    )
}

/// The workspace's version; what is not to be given away sorts before it.
fn version(checkout: &Checkout, quick: bool) -> Result<String, Failure> {
    let said = run::capture(
        Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
            .current_dir(checkout.root()),
    )?;
    let metadata: serde_json::Value = serde_json::from_str(&said)
        .map_err(|e| Failure::Failed(format!("cargo metadata does not read: {e}")))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let version = packages
        .filter(|package| package["name"] == "xunji-server")
        .find_map(|package| package["version"].as_str())
        .ok_or_else(|| Failure::Failed("the workspace holds no xunji-server".into()))?;
    Ok(format!("{version}{}", if quick { "~quick" } else { "" }))
}

fn checksums(folder: &Path, made: &[PathBuf]) -> Result<(), Failure> {
    let names = made.iter().filter_map(|deb| deb.file_name());
    let sums = run::capture(Command::new("sha256sum").args(names).current_dir(folder))?;
    let list = folder.join("SHA256SUMS");
    fs::write(&list, sums).map_err(|e| Failure::io("write", &list, e))
}
