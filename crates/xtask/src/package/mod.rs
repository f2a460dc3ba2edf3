//! `package`: .deb files of the server and of the field app, what they are made of, and checksums.

mod bill;
mod deb;
mod field;
mod installed;
mod server;

pub use installed::Installed;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::{Purpose, demo, run, setup, ui};
use bill::Bill;
use deb::Deb;

/// What the Rust of a package is made of; for phones too, whose packages `./x android` and Xcode make.
const BILLS: [Bill; 4] = [
    Bill {
        name: "xunji-server",
        folder: "sync-server",
        target: None,
    },
    Bill {
        name: "xunji-field",
        folder: "src-tauri",
        target: None,
    },
    Bill {
        name: "xunji-field-android",
        folder: "src-tauri",
        target: Some("aarch64-linux-android"),
    },
    Bill {
        name: "xunji-field-ios",
        folder: "src-tauri",
        target: Some("aarch64-apple-ios"),
    },
];

/// What is packed.
#[derive(Args)]
pub struct PackageOptions {
    /// Pack the programs of the demo and the tests: built in a minute, ten times as large, not to be given away
    #[arg(long)]
    quick: bool,
    /// Make none: install those that were made before in a copy of this machine, start what they bring, purge them; needs root
    #[arg(long)]
    installed: bool,
}

/// Builds and packs into `target/package/`.
///
/// # Errors
/// When something cannot be built or written; packages made before stay as they are until the new ones are whole.
pub fn run(checkout: &Checkout, options: &PackageOptions) -> Result<(), Failure> {
    if options.installed {
        return match install(checkout, options.quick)? {
            Installed::Done => Ok(()),
            Installed::NotRoot => Err(Failure::Install(
                "only root can make the copy of this machine that the packages are installed in"
                    .into(),
            )),
        };
    }
    if options.quick {
        demo::build(checkout, Purpose::Demo)?;
    } else {
        setup::run(checkout, Purpose::Demo)?;
        ui::build(checkout)?;
        release(checkout)?;
    }
    pack(checkout, options.quick)
}

/// Installs what [`pack`] made, in a copy of this machine.
///
/// # Errors
/// What was wrong with them; `Install` where no copy can be made.
pub fn install(checkout: &Checkout, quick: bool) -> Result<Installed, Failure> {
    let version = version(checkout, quick)?;
    let folder = checkout.root().join("target/package");
    let architecture = deb::architecture()?;
    let debs = ["xunji-server", "xunji-field"]
        .map(|name| folder.join(format!("{name}_{version}_{architecture}.deb")));
    installed::check(checkout, &debs)
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
        for bill in &BILLS {
            let to = folder.join(format!("{}_{version}.cdx.json", bill.name));
            bill::write(checkout, bill, &to)?;
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
