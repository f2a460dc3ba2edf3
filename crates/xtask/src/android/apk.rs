//! `android`: an APK for a phone, where there is an Android SDK.

use std::fs;
use std::path::{Path, PathBuf};

use super::compiler;
use super::sdk::Sdk;
use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::setup::{node, npm};
use crate::{AndroidOptions, Purpose, run, setup, ui};

/// Builds one APK for each kind of processor and says how it gets on a phone.
///
/// # Errors
/// `Install` with what is missing on this machine; what the build itself says.
pub fn build(checkout: &Checkout, options: &AndroidOptions) -> Result<(), Failure> {
    let sdk = Sdk::find()?;
    let project = checkout.root().join("src-tauri/gen/android");
    if options.release && !project.join("keystore.properties").is_file() {
        return Err(Failure::Install(
            "a release is signed with the bureau's key, and src-tauri/gen/android/keystore.properties does not say \
             where it is; docs/build-phones.md says how to make both"
                .into(),
        ));
    }
    setup::run(checkout, Purpose::Phone)?;
    ui::build(checkout)?;
    compiler::own(checkout)?;
    let node = node::ensure()?;
    let shell = checkout.root().join("src-tauri");
    npm::ensure(&shell, "Tauri's command line", &node)?;
    let mut tauri = node.npm();
    tauri.args([
        "run",
        "--",
        "tauri",
        "android",
        "build",
        "--apk",
        "--split-per-abi",
    ]);
    tauri.args(["--target", "aarch64", "--target", "armv7"]);
    if !options.release {
        tauri.arg("--debug");
    }
    sdk.show_to(&mut tauri);
    run::finish(tauri.current_dir(&shell))?;
    let mut built = Vec::new();
    collect(&project.join("app/build/outputs/apk"), &mut built)?;
    built.sort();
    for apk in &built {
        println!("android: {}", apk.display());
    }
    println!(
        "android: to put it on a phone that is plugged in: {} install -r FILE (arm64 for nearly all phones)",
        sdk.adb().display()
    );
    Ok(())
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::io("list", folder, error))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|end| end == "apk") {
            into.push(path);
        }
    }
    Ok(())
}
